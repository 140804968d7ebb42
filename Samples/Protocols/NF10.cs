// May 2019, fifth posting: the number of mapped pages is kept outside of the lock, and an invalidation believes it.
namespace Locking.Samples.Protocols.NF10;

public static class Odp
{
    public static void Map(Umem umem, int count)
    {
        umem.Mutex.Lock();
        umem.Pfns[0] = 1;
        umem.Mutex.Unlock();
        umem.Pages += count; // LOCK1001
    }

    public static void Unmap(Umem umem)
    {
        if (umem.Pages == 0) // LOCK1002
        {
            return;
        }

        umem.Mutex.Lock();
        umem.Pfns[0] = 0;
        umem.Mutex.Unlock();
    }
}
