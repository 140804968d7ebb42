// On-demand paging before 5.5: a refused window leaves the semaphore of the tree held.
namespace Locking.Samples.Protocols.NF07;

public abstract class PerMm
{
    private readonly Rwsem _umemRwsem = new();

    public abstract bool TryInvalidateAll(bool blockable);

    [TryAcquiresShared(0, nameof(_umemRwsem))]
    public int Start(bool blockable)
    {
        if (!_umemRwsem.TryDownRead()) // LOCK2001
        {
            return -11;
        }

        return TryInvalidateAll(blockable) ? 0 : -11;
    }

    [ReleasesShared(nameof(_umemRwsem))]
    public void End() => _umemRwsem.UpRead();
}
