// A second unregister that is meant to do no harm: between the two the object may be somebody else's.
namespace Locking.Samples.Protocols.NF18;

public static class Driver
{
    public static void Close(Mirror mirror)
    {
        mirror.Register();
        mirror.Unregister();
        mirror.Unregister(); // LOCK2003
    }
}
