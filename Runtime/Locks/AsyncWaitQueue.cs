// The flows that wait for an async mutex, first come first served.
namespace Locking;

/// <summary>A list with both ends, so that a cancelled waiter leaves at once. Guarded by locking the queue itself; its users do.</summary>
internal sealed class AsyncWaitQueue
{
    private AsyncWaiter? _first;
    private AsyncWaiter? _last;

    public bool IsEmpty => _first is null;

    public AsyncWaiter Add(AsyncMutex mutex)
    {
        var waiter = new AsyncWaiter(mutex) { Previous = _last };
        if (_last is null)
        {
            _first = waiter;
        }
        else
        {
            _last.Next = waiter;
        }

        return _last = waiter;
    }

    /// <summary>The first; null where nobody waits.</summary>
    public AsyncWaiter? Take()
    {
        AsyncWaiter? first = _first;
        if (first is not null)
        {
            Remove(first);
        }

        return first;
    }

    /// <summary>False where it is not in the queue any more.</summary>
    public bool Remove(AsyncWaiter waiter)
    {
        if (waiter.Previous is null && _first != waiter)
        {
            return false;
        }

        if (waiter.Previous is null)
        {
            _first = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }

        if (waiter.Next is null)
        {
            _last = waiter.Previous;
        }
        else
        {
            waiter.Next.Previous = waiter.Previous;
        }

        waiter.Next = waiter.Previous = null;
        return true;
    }
}
