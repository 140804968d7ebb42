// What is done to an object before anybody else has it, in helpers of its constructor or by whoever makes it.
using System;
using System.Collections.Generic;
using System.Threading;
using Locking;

namespace Locking.Samples.Valid.SetUp;

/// <summary>The lock is made by a helper that several constructors share.</summary>
public sealed class Server
{
    private object _gate = null!;
    private int _port;

    public Server() => Initialize(80);

    public Server(int port) => Initialize(port);

    public void Move(int port)
    {
        lock (_gate)
        {
            _port = port;
        }
    }

    public int Port()
    {
        lock (_gate)
        {
            return _port;
        }
    }

    private void Initialize(int port)
    {
        _port = port;
        Reset();
    }

    private void Reset() => _gate = new object();
}

/// <summary>What only the constructor calls, and what only those call who make the object, is part of making it.</summary>
public sealed class Lobby
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))]
    private int _seats;

    public Lobby() => Furnish(4);

    public static List<Lobby> Build(int floors)
    {
        var lobbies = new List<Lobby>();
        for (int floor = 0; floor < floors; floor++)
        {
            var lobby = new Lobby();
            lobbies.Add(lobby);
            lobby.Extend(floor);
            lobby._seats++;
        }

        return lobbies;
    }

    public void Leave()
    {
        lock (_gate)
        {
            _seats++;
        }
    }

    private void Furnish(int seats)
    {
        _seats = seats;
        Extend(1);
    }

    private void Extend(int seats) => _seats += seats;
}

/// <summary>The lock is made by a helper that the constructors of heirs share.</summary>
public abstract class Zone
{
    private List<string> _failed = null!;

    protected void Initialize() => _failed = new List<string>();

    public void Fail(string name)
    {
        lock (_failed)
        {
            _failed.Add(name);
        }
    }
}

public sealed class PrimaryZone : Zone
{
    public PrimaryZone() => Initialize();
}

/// <summary>Whoever makes it fills it, too, before it is stored where others can find it.</summary>
public sealed class Registry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _entries = new();

    public bool Has(string name)
    {
        lock (_gate)
        {
            return _entries.ContainsKey(name);
        }
    }

    public void Add(string name)
    {
        lock (_gate)
        {
            _entries.Add(name, _entries.Count);
        }
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            _entries.Remove(name);
        }
    }

    internal void Fill(object owner) => _entries.Add(owner.ToString() ?? "", 0);
}

public sealed class Host
{
    public Host()
    {
        Registry = new Registry();
        Registry.Fill(this);
    }

    public Registry Registry { get; }
}

/// <summary>Helpers that call each other in a circle: whoever entered it holds the lock.</summary>
public sealed class Connection
{
    private readonly Lock _gate = new();
    private int _state;
    private Exception? _failure;

    public void Open()
    {
        lock (_gate)
        {
            Enter(1);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            Enter(2);
        }
    }

    public bool IsOpen()
    {
        lock (_gate)
        {
            return _state == 1 && _failure is null;
        }
    }

    private void Enter(int state)
    {
        _state = state;
        if (state == 2)
        {
            ShutDown();
        }
    }

    private void ShutDown()
    {
        try
        {
            Thread.Yield();
        }
        catch (InvalidOperationException failure)
        {
            _failure = failure;
            Enter(3);
        }
    }
}

/// <summary>A table of tables, changed by one at a time and looked up by anybody: an element is there or not.</summary>
public sealed class PageTable
{
    private readonly ulong[]?[] _pages = new ulong[]?[512];

    public void Map(int page, int offset, ulong value)
    {
        lock (_pages)
        {
            Set(page, offset, value);
        }
    }

    public void Unmap(int page, int offset)
    {
        lock (_pages)
        {
            Set(page, offset, 0);
        }
    }

    public ulong Translate(int page, int offset) => _pages[page]?[offset] ?? 0;

    public bool IsMapped(int page) => _pages[page] is not null;

    public bool AreMapped(int page) => _pages[page] is not null && _pages[page + 1] is not null;

    private void Set(int page, int offset, ulong value)
    {
        if (_pages[page] is null)
        {
            _pages[page] = new ulong[512];
        }

        _pages[page]![offset] = value;
    }
}

/// <summary>A flag is set before the thread starts that looks at it: until then there is nobody to lock out.</summary>
public sealed class Worker
{
    private readonly Lock _gate = new();
    private bool _isRunning;
    private int _turns;

    public void Start()
    {
        _isRunning = true;
        new Thread(Run).Start();
    }

    public void Stop()
    {
        lock (_gate)
        {
            _isRunning = false;
        }
    }

    public int Turns()
    {
        lock (_gate)
        {
            return _isRunning ? _turns : -_turns;
        }
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_isRunning)
                {
                    return;
                }

                _turns++;
            }
        }
    }
}

/// <summary>A helper that gets the object while nobody else has it, and lets nobody have it.</summary>
public sealed class Table
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))]
    private int _seats;

    public static Table ForTwo()
    {
        var table = new Table();
        Lay(table, 2);
        table._seats++;
        return table;
    }

    public void Join()
    {
        lock (_gate)
        {
            _seats--;
        }
    }

    private static void Lay(Table table, int seats) => table._seats = seats;
}

/// <summary>Read by a helper for those who have locked the shelf, and for who makes it.</summary>
internal sealed class Shelf
{
    public readonly Dictionary<string, string> Books = new();

    public void Put(string title, string book)
    {
        lock (this)
        {
            Books.Remove(title);
            Books.Add(title, book);
        }
    }
}

internal sealed class Archive
{
    private readonly Dictionary<int, Shelf> _shelves = new();

    public string? Find(int room, string title)
    {
        Shelf? shelf;
        lock (_shelves)
        {
            _shelves.TryGetValue(room, out shelf);
        }

        if (shelf is null)
        {
            return null;
        }

        lock (shelf)
        {
            return Read(shelf, title);
        }
    }

    public string? Open(int room, string title)
    {
        var shelf = new Shelf();
        string? book = Read(shelf, title);
        lock (_shelves)
        {
            _shelves[room] = shelf;
        }

        return book;
    }

    private static string? Read(Shelf shelf, string title) => shelf.Books.TryGetValue(title, out string? book) ? book : null;
}
