// Linux 5.2 and 5.3: a flag says that a range is valid; two windows in a row make it say so again.
namespace Locking.Samples.Protocols.NF09;

public static class Driver
{
    public static void Install(Umem umem)
    {
        umem.Mutex.Lock();
        if (!umem.Invalid)
        {
            umem.UpdateDevice(); // LOCK6001
        }

        umem.Mutex.Unlock();
    }
}
