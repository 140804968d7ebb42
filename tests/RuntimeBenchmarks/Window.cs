// A window over pages that stay where they are.
using Locking.Mirror;

namespace Locking.Benchmarks;

internal static class Window
{
    /// <summary>Takes away what is mapped, so that there is something to map again.</summary>
    public static void Over(AddressSpace mm, AddressRange addresses)
    {
        var window = new InvalidateRange(mm, addresses, InvalidateEvent.ProtectionPage);
        mm.Notifiers.Start(window);
        mm.Notifiers.End(window);
    }
}
