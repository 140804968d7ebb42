// Linux 5.2: a window that is refused stays counted, and its range is never valid again.
namespace Locking.Samples.Protocols.NF06;

[DeclaresCapability("Window", CapabilityKind.Reference)]
public abstract class Hmm
{
    [Acquires("Window")]
    public abstract void CountIn();

    [Releases("Window")]
    public abstract void CountOut();

    [MustNotBlock]
    public abstract bool TryNotify();

    [TryAcquires(0, "Window")]
    public int Start()
    {
        CountIn(); // LOCK5002
        return TryNotify() ? 0 : -11;
    }
}
