// lib/test_hmm.c of 6.12: the drain of a device's pages is waited for under the lock that whoever owns a page takes for more.
namespace Locking.Samples.Protocols.NF23;

public sealed class Device(Locking.Mirror.DeviceMemory memory)
{
    private readonly MutexLock _chunks = new();

    public Locking.Mirror.Page? Allocate()
    {
        using (_chunks.Enter())
        {
            return memory.AllocateLocked();
        }
    }

    public void Remove()
    {
        using (_chunks.Enter())
        {
            memory.KillAndDrain(); // LOCK4002
        }
    }
}
