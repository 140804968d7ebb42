// May 2019, fifth posting: a flag and the semaphore stand in for a user of the address space.
namespace Locking.Samples.Protocols.NF02;

public sealed class Hmm
{
    public bool IsDead { get; set; }

    public int Walk(Mm mm, ulong address)
    {
        mm.MmapSem.DownRead();
        int found = IsDead ? -14 : mm.FindVma(address); // LOCK5004
        mm.MmapSem.UpRead();
        return found;
    }
}
