// The threads that wait for a lock, first come first served.
namespace Locking;

/// <summary>The threads that wait for a lock, in order of arrival. Guarded by locking the queue itself; its users do.</summary>
internal sealed class WaitQueue
{
    private Waiter? _last;

    public Waiter? First { get; private set; }

    public void Add(Waiter waiter)
    {
        if (_last is null)
        {
            First = waiter;
        }
        else
        {
            _last.Next = waiter;
        }

        _last = waiter;
    }

    public void Remove(Waiter waiter)
    {
        Waiter? before = null;
        for (Waiter? at = First; at != waiter; at = at.Next)
        {
            if (at is null)
            {
                return;
            }

            before = at;
        }

        if (before is null)
        {
            First = waiter.Next;
        }
        else
        {
            before.Next = waiter.Next;
        }

        if (_last == waiter)
        {
            _last = before;
        }

        waiter.Next = null;
    }
}
