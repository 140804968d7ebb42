// A range is unregistered under the driver lock, and was the last user: the exit calls back into the driver.
namespace Locking.Samples.Protocols.NF15;

public static class Driver
{
    [Releases("mm.Users")]
    public static void Unregister(Mm mm, Umem umem)
    {
        umem.Mutex.Lock();
        umem.Pages = 0;
        mm.Put(); // LOCK4002
        umem.Mutex.Unlock();
    }
}
