// May 2019, review: mm.hmm is read with READ_ONCE where a range is registered, and written under a lock.
using System.Threading;

namespace Locking.Samples.Protocols.NF17;

public sealed class Hmm
{
    private readonly Mutex _pageTableLock = new();

    [GuardedBy(nameof(_pageTableLock))]
    private Mirror? _mirror;

    public void Publish(Mirror mirror)
    {
        _pageTableLock.Lock();
        _mirror = mirror;
        _pageTableLock.Unlock();
    }

    public bool RegisterRange() => Volatile.Read(ref _mirror) is not null; // LOCK1002
}
