// What is used without its lock in a phase in which it is one body's own, or by whoever does not mind.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.Serialization;
using System.Threading;

namespace Locking.Samples.Valid.Phases;

/// <summary>While a flag says that the list is being run, nobody else touches it.</summary>
public sealed class Worker
{
    private readonly Lock _gate = new();
    private List<Action> _work = new();
    private List<Action> _waiting = new();
    private bool _busy;

    public void Add(Action action)
    {
        lock (_gate)
        {
            (_busy ? _waiting : _work).Add(action);
        }
    }

    public void Run()
    {
        lock (_gate)
        {
            if (_busy || _work.Count == 0)
            {
                return;
            }

            _busy = true;
        }

        foreach (Action action in _work)
        {
            action();
        }

        _work.Clear();
        lock (_gate)
        {
            _busy = false;
            (_work, _waiting) = (_waiting, _work);
        }
    }
}

/// <summary>Whoever closes it first has what is left in it.</summary>
public sealed class Registry
{
    private readonly Lock _gate = new();
    private readonly List<string> _names = new();
    private bool _closed;

    public void Add(string name)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _names.Add(name);
        }
    }

    public bool Remove(string name)
    {
        lock (_gate)
        {
            return !_closed && _names.Remove(name);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
        }

        foreach (string name in _names)
        {
            Trace.WriteLine(name);
        }

        _names.Clear();
    }
}

/// <summary>Only who runs takes the flag back that says so.</summary>
public sealed class Pump
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _queue = new();
    private bool _running;

    public void Post(Action action)
    {
        lock (_gate)
        {
            _queue.Enqueue(action);
            if (_running)
            {
                return;
            }

            _running = true;
        }

        Run();
    }

    private void Run()
    {
        do
        {
            Action action;
            lock (_gate)
            {
                if (_queue.Count == 0)
                {
                    _running = false;
                    break;
                }

                action = _queue.Dequeue();
            }

            action();
        }
        while (_running);
    }
}

/// <summary>A queue has one lock while it is open, and another one closes it.</summary>
public sealed class Listener
{
    private readonly Lock _gate = new();
    private readonly Lock _queueGate = new();
    private readonly Queue<string> _queue = new();
    private bool _open = true;

    public bool Offer(string request)
    {
        lock (_queueGate)
        {
            if (_open)
            {
                _queue.Enqueue(request);
            }

            return _open;
        }
    }

    public string? Take()
    {
        lock (_queueGate)
        {
            return _open && _queue.Count > 0 ? _queue.Dequeue() : null;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            Shut();
            Drain();
        }
    }

    public void Abort()
    {
        lock (_gate)
        {
            Shut();
            Drain();
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            Shut();
            Drain();
        }
    }

    private void Shut()
    {
        lock (_queueGate)
        {
            _open = false;
        }
    }

    private void Drain()
    {
        foreach (string request in _queue)
        {
            Trace.WriteLine(request);
        }

        _queue.Clear();
    }
}

/// <summary>A deserialiser calls what a constructor would have done.</summary>
public sealed class Stamp
{
    private readonly Lock _gate = new();
    private long _count;

    public void Add()
    {
        lock (_gate)
        {
            _count++;
        }
    }

    public long Count()
    {
        lock (_gate)
        {
            return _count;
        }
    }

    [OnDeserialized]
    internal void Start(StreamingContext context) => _count = 1;
}

/// <summary>A part of Dispose is as late as Dispose; an assertion and a fence are meant without a lock.</summary>
public sealed class Gauge : IDisposable
{
    private readonly Lock _gate = new();
    private long _value;
    private Timer? _timer;

    public long Latest
    {
        get
        {
            long value = _value;
            Thread.MemoryBarrier();
            return value;
        }
    }

    private bool IsSound => _value >= 0;

    public void Add(long value)
    {
        lock (_gate)
        {
            _value += value;
            _timer ??= new Timer(static _ => { });
        }
    }

    public void Reset()
    {
        Debug.Assert(IsSound);
        lock (_gate)
        {
            _value = 0;
            _timer = null;
        }
    }

    public long Take()
    {
        lock (_gate)
        {
            long value = _value;
            _value = 0;
            _timer = null;
            return value;
        }
    }

    public void Dispose() => Stop();

    private void Stop()
    {
        _timer?.Dispose();
        _timer = null;
    }
}

/// <summary>An object that is used again is set up again, by whoever takes it out of its pool.</summary>
public sealed class Request
{
    private readonly Lock _gate = new();
    private bool _replied;
    private bool _aborted;
    private int _attempts;
    private string? _message;

    public void Open(string message)
    {
        _replied = false;
        _aborted = false;
        _attempts = 0;
        _message = message;
    }

    public bool Reply()
    {
        lock (_gate)
        {
            _attempts++;
            _replied = !_aborted;
            return _replied;
        }
    }

    public void Abort()
    {
        lock (_gate)
        {
            _aborted = !_replied;
            _message = null;
            _attempts = 0;
        }
    }

    public string? Message()
    {
        lock (_gate)
        {
            return _attempts > 0 ? _message : null;
        }
    }
}

public interface IRunner
{
    void Run(Action action);
}

/// <summary>What somebody else may run before it returns is perhaps run under the lock.</summary>
public sealed class Ledger(IRunner runner)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, int> _entries = new();

    public void Add(int entry)
    {
        lock (_gate)
        {
            _entries.Add(entry, _entries.Count);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            runner.Run(() => _entries.Clear());
        }
    }

    public bool Has(int entry)
    {
        lock (_gate)
        {
            return _entries.ContainsKey(entry);
        }
    }
}
