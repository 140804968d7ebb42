// A callback waits for the readers of its own list, of which it is one.
namespace Locking.Samples.Protocols.NF19;

public sealed class Owner
{
    private readonly Srcu _srcu = new();

    public void InvalidateStart()
    {
        _srcu.ReadLock();
        _srcu.Synchronize(); // LOCK5007
        _srcu.ReadUnlock();
    }
}
