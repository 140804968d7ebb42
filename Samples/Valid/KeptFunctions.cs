// Functions that an object keeps, run where no lock of theirs can be waited for the other way round.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.Valid.KeptFunctions;

/// <summary>Those who are to be told are copied under the lock, and told without it; what is gone through later is made without it.</summary>
public sealed class Feed
{
    private readonly Lock _gate = new();
    private readonly List<Action> _readers = [];
    private int _last;

    public event Action? Moved;

    public void Read(Action reader)
    {
        lock (_gate)
        {
            _readers.Add(reader);
        }
    }

    public int Last()
    {
        lock (_gate)
        {
            return _last;
        }
    }

    public void Publish(int value)
    {
        Action[] readers;
        lock (_gate)
        {
            _last = value;
            readers = [.. _readers];
        }

        foreach (Action reader in readers)
        {
            reader();
        }

        Moved?.Invoke();
    }
}

/// <summary>Takes the lock of the feed under its own: the feed never comes back under its own, not even for the text of a screen.</summary>
public sealed class Screen
{
    private readonly Lock _gate = new();
    private readonly Feed _feed;
    private int _shown;

    public Screen(Feed feed)
    {
        _feed = feed;
        feed.Read(Clear);
        feed.Moved += Refresh;
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return $"showing {_shown}";
        }
    }

    private void Refresh()
    {
        lock (_gate)
        {
            _shown = _feed.Last();
        }
    }

    private void Clear()
    {
        lock (_gate)
        {
            _shown = 0;
        }
    }
}

/// <summary>The handler only sends the work on, so that whoever raises the event under a lock waits for nobody.</summary>
public sealed class Bell
{
    private readonly Lock _gate = new();
    private int _rings;

    public event Action? Rung;

    public int Rings()
    {
        lock (_gate)
        {
            return _rings;
        }
    }

    public void Ring()
    {
        lock (_gate)
        {
            _rings++;
            Rung?.Invoke();
        }
    }
}

public sealed class Door
{
    private readonly Lock _gate = new();
    private readonly Bell _bell;
    private int _opened;

    public Door(Bell bell)
    {
        _bell = bell;
        bell.Rung += () => Task.Run(Open);
    }

    public bool IsQuiet()
    {
        lock (_gate)
        {
            return _opened == _bell.Rings();
        }
    }

    private void Open()
    {
        lock (_gate)
        {
            _opened++;
        }
    }
}

/// <summary>A method of another type does nothing with a function but invoke it: it runs with what is held where it is passed.</summary>
public sealed class Processes
{
    private readonly object _gate = new();
    private readonly List<Process> _all = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all.Count;
            }
        }
    }

    public void Start(Process process)
    {
        lock (_gate)
        {
            _all.Add(process);
        }
    }

    public void Stop(Process process)
    {
        lock (_gate)
        {
            process.IfIdle(() => _all.Remove(process));
        }
    }
}

public sealed class Process
{
    private readonly object _gate = new();
    private int _threads;

    public void Run()
    {
        lock (_gate)
        {
            _threads++;
        }
    }

    internal bool IfIdle(Func<bool> then)
    {
        lock (_gate)
        {
            return _threads == 0 && then();
        }
    }
}
