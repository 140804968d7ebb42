// Fields that are used outside their lock, and may be: snapshots, first values, looks that are made sure of.
using System;
using System.Collections.Generic;
using System.IO;

namespace Locking.Samples.Valid.Snapshot;

/// <summary>The list that readers get is never changed, only replaced.</summary>
public sealed class Handlers
{
    private readonly object _gate = new();
    private readonly List<Action> _handlers = [];
    private List<Action> _invoked = [];

    public void Add(Action handler)
    {
        lock (_gate)
        {
            _handlers.Add(handler);
            _invoked = new List<Action>(_handlers);
        }
    }

    public void Remove(Action handler)
    {
        lock (_gate)
        {
            _handlers.Remove(handler);
            _invoked = new List<Action>(_handlers);
        }
    }

    public void Invoke()
    {
        foreach (Action handler in _invoked)
        {
            handler();
        }
    }
}

/// <summary>What is set before the object is subscribed is set before anybody can come.</summary>
public sealed class Window : IObserver<int>
{
    private readonly object _gate = new();
    private int _count;

    public void Run(IObservable<int> source)
    {
        _count = 0;
        source.Subscribe(this);
    }

    public void OnNext(int value)
    {
        lock (_gate)
        {
            _count++;
        }
    }

    public void OnCompleted()
    {
        lock (_gate)
        {
            _count = -1;
        }
    }

    public void OnError(Exception error)
    {
        lock (_gate)
        {
            _count = -1;
        }
    }
}

/// <summary>Nothing is published by taking something away: who sees it too late looks again under the lock.</summary>
public sealed class Pipe(Stream stream) : IDisposable
{
    private readonly object _gate = new();
    private Stream? _stream = stream;

    public void Write(byte value)
    {
        lock (_gate)
        {
            _stream?.WriteByte(value);
        }
    }

    public void Dispose()
    {
        if (_stream is null)
        {
            return;
        }

        lock (_gate)
        {
            if (_stream is not null)
            {
                _stream.Dispose();
                _stream = null;
            }
        }
    }
}
