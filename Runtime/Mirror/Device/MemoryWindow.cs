// A memory window: a key that shows a part of what another key shows.
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// A memory window: a key of its own that shows, while it is bound, a part of what another key shows, with no more rights. What is behind it is
/// looked up again by each access, so a region that ends takes its windows' access with it. Linux: <c>struct ib_mw</c>. Safe for any thread.
/// </summary>
public sealed class MemoryWindow
{
    private readonly RdmaDevice _device;
    private WindowBinding? _binding;
    private int _isClosed;

    internal MemoryWindow(RdmaDevice device, uint key) => (_device, Key) = (device, key);

    /// <summary>What others name it by.</summary>
    public uint Key { get; }

    internal WindowBinding? Binding => Volatile.Read(ref _binding);

    /// <summary>Shows a part of what another key shows, instead of what it showed before. Linux: <c>IB_WR_BIND_MW</c>.</summary>
    /// <param name="key">The key of a region or of a window.</param>
    /// <param name="addresses">The part.</param>
    /// <param name="access">What may be done with it; reading may always.</param>
    /// <returns>Ok; Invalid for an empty part, or one that wraps. What the other key does not allow is found by the access.</returns>
    /// <exception cref="System.InvalidOperationException">It is closed.</exception>
    public OdpResult Bind(uint key, AddressRange addresses, OdpAccess access)
    {
        if (Volatile.Read(ref _isClosed) != 0)
        {
            throw MirrorProtocol.Misuse("R29: a memory window is bound that is closed");
        }

        if (!addresses.IsValid)
        {
            return OdpResult.Invalid;
        }

        Volatile.Write(ref _binding, new WindowBinding(key, addresses, access | OdpAccess.Read));
        return OdpResult.Ok;
    }

    /// <summary>Shows nothing, until it is bound again. Linux: <c>IB_WR_LOCAL_INV</c>.</summary>
    public void Unbind() => Volatile.Write(ref _binding, null);

    /// <summary>Ends the window: its key is unknown. Linux: <c>ib_dealloc_mw</c>.</summary>
    /// <exception cref="System.InvalidOperationException">It was ended before.</exception>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            throw MirrorProtocol.Misuse("R28: a memory window is closed twice");
        }

        Unbind();
        _device.Unpublish(this);
    }
}

/// <summary>What a memory window shows.</summary>
internal sealed record WindowBinding(uint Key, AddressRange Addresses, OdpAccess Access);
