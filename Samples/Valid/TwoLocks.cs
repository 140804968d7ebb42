// A queue that has one lock while it is open and another when it is closed: no use is without a lock, and neither lock is the wrong one.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.Valid.TwoLocks;

public sealed class Listener
{
    private readonly Lock _gate = new();
    private readonly Lock _registry = new();
    private readonly Queue<int> _waiting = new();
    private bool _isOpen = true;

    public void Close()
    {
        lock (_gate)
        {
            lock (_registry)
            {
                _isOpen = false;
            }

            Clear();
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            lock (_registry)
            {
                _isOpen = false;
            }

            Clear();
        }
    }

    public void Add(int request)
    {
        lock (_registry)
        {
            if (_isOpen)
            {
                _waiting.Enqueue(request);
            }
        }
    }

    public int Take()
    {
        lock (_registry)
        {
            return _isOpen && _waiting.Count > 0 ? _waiting.Dequeue() : 0;
        }
    }

    /// <summary>By now nobody adds any more.</summary>
    private void Clear()
    {
        if (_waiting.Count > 0)
        {
            int[] left = _waiting.ToArray();
            _waiting.Clear();
            _waiting.TrimExcess(left.Length);
        }
    }
}
