// A condition is tested in a loop, under its lock.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.LOCK2009;

public sealed class Mailbox
{
    private readonly object _gate = new();

    [GuardedBy(nameof(_gate)), ContentsGuardedBy(nameof(_gate))]
    private readonly Queue<string> _letters = new();

    public string Take()
    {
        lock (_gate)
        {
            if (_letters.Count == 0)
            {
                Monitor.Wait(_gate); // LOCK2009
            }

            return _letters.Dequeue();
        }
    }

    public void Wake() => Monitor.PulseAll(_gate); // LOCK2009

    public string TakeSafely()
    {
        lock (_gate)
        {
            while (_letters.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            return _letters.Dequeue();
        }
    }

    public void Put(string letter)
    {
        lock (_gate)
        {
            _letters.Enqueue(letter);
            Monitor.Pulse(_gate);
        }
    }
}
