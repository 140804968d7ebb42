// May 2019, fifth posting: pages are faulted under the mutex that the callback of the fault takes.
namespace Locking.Samples.Protocols.NF11;

public static class Odp
{
    public static void MapPages(Mm mm, Umem umem)
    {
        umem.Mutex.Lock();
        mm.Fault(); // LOCK1006
        umem.Pages++;
        umem.Mutex.Unlock();
    }
}
