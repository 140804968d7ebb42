// A flag that is tested before the lock and not again under it.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.LOCK6004;

public sealed class Channel
{
    private readonly Lock _gate = new();
    private readonly Queue<string> _messages = [];
    private bool _closed;

    public void Send(string message)
    {
        if (!_closed) // LOCK6004
        {
            lock (_gate)
            {
                _messages.Enqueue(message);
            }
        }
    }

    /// <summary>Right: tested under the lock.</summary>
    public bool TrySend(string message)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _messages.Enqueue(message);
            return true;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _messages.Clear();
        }
    }
}

public sealed class Registry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _numbers = [];

    public void Register(string name)
    {
        if (!Contains(name)) // LOCK6004
        {
            Insert(name, name.Length);
        }
    }

    /// <summary>Right: looked for and added under one hold.</summary>
    public bool TryRegister(string name)
    {
        lock (_gate)
        {
            return _numbers.TryAdd(name, name.Length);
        }
    }

    public bool Contains(string name)
    {
        lock (_gate)
        {
            return _numbers.ContainsKey(name);
        }
    }

    private void Insert(string name, int number)
    {
        lock (_gate)
        {
            _numbers.Add(name, number);
        }
    }
}
