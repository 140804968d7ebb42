// A queue pair: moves messages between memory regions, and faults what is missing.
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Mirror;

/// <summary>The state of a queue pair.</summary>
public enum QueuePairState
{
    /// <summary>It works.</summary>
    Ready,

    /// <summary>An access failed: everything is refused until it is reset.</summary>
    Error,
}

/// <summary>
/// A queue pair, connected to one of another device: sends, RDMA reads and RDMA writes, which fault on both sides on demand. Used by one thread at a
/// time, as a send queue is. Linux: <c>struct ib_qp</c>, reliable connected.
/// </summary>
public sealed class QueuePair(UserContext context)
{
    /// <summary>How often an access is repeated that only windows collide with.</summary>
    private const int Patience = 1000;

    private readonly Queue<(MemoryRegion Region, AddressRange Addresses)> _receives = [];

    /// <summary>The context it belongs to.</summary>
    public UserContext Context { get; } = context ?? throw new ArgumentNullException(nameof(context));

    /// <summary>The other end; null before connecting.</summary>
    public QueuePair? Peer { get; private set; }

    /// <summary>Its state.</summary>
    public QueuePairState State { get; private set; }

    /// <summary>How many page faults there were.</summary>
    public long PageFaults { get; private set; }

    /// <summary>Connects two.</summary>
    /// <param name="other">The other end.</param>
    /// <exception cref="ArgumentNullException">The other is null.</exception>
    public void Connect(QueuePair other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (Peer, other.Peer) = (other, this);
    }

    /// <summary>Makes it work again after an error.</summary>
    public void Reset()
    {
        State = QueuePairState.Ready;
        lock (_receives)
        {
            _receives.Clear();
        }
    }

    /// <summary>Offers memory for one message.</summary>
    /// <param name="region">The region.</param>
    /// <param name="addresses">Where in it.</param>
    /// <exception cref="ArgumentNullException">The region is null.</exception>
    public void PostReceive(MemoryRegion region, AddressRange addresses)
    {
        ArgumentNullException.ThrowIfNull(region);
        lock (_receives)
        {
            _receives.Enqueue((region, addresses));
        }
    }

    /// <summary>Sends a message into the memory that the other end offered first.</summary>
    /// <param name="region">The region.</param>
    /// <param name="addresses">Where in it.</param>
    /// <returns>Ok; NoEntry (nothing was offered); Invalid (an end before the start, too small an offer or one that ends before it starts, or not connected); failures of the faults.</returns>
    [MayBlock]
    public OdpResult Send(MemoryRegion region, AddressRange addresses)
    {
        if (Peer is null || addresses.Start > addresses.End)
        {
            return OdpResult.Invalid;
        }

        (MemoryRegion Region, AddressRange Addresses) offered;
        lock (Peer._receives)
        {
            if (!Peer._receives.TryDequeue(out offered))
            {
                return OdpResult.NoEntry;
            }
        }

        bool fits = offered.Addresses.Start <= offered.Addresses.End && offered.Addresses.Length >= addresses.Length;
        return !fits ? OdpResult.Invalid : Write(region, addresses, offered.Region.Key, offered.Addresses.Start);
    }

    /// <summary>Writes own memory into that of the other end. Linux: <c>IB_WR_RDMA_WRITE</c>.</summary>
    /// <param name="region">The own region.</param>
    /// <param name="addresses">Where in it.</param>
    /// <param name="key">The key of the other region.</param>
    /// <param name="target">Where in that.</param>
    /// <returns>Ok, Invalid, NoEntry, or why a page could not be had; then the state is an error.</returns>
    /// <exception cref="ArgumentNullException">The region is null.</exception>
    [MayBlock]
    public OdpResult Write(MemoryRegion region, AddressRange addresses, uint key, Address target) => Move(region, addresses, key, target, isWrite: true);

    /// <summary>Reads memory of the other end into the own. Linux: <c>IB_WR_RDMA_READ</c>.</summary>
    /// <param name="region">The own region.</param>
    /// <param name="addresses">Where in it.</param>
    /// <param name="key">The key of the other region.</param>
    /// <param name="source">Where in that.</param>
    /// <returns>Ok, Invalid, NoEntry, or why a page could not be had; then the state is an error.</returns>
    /// <exception cref="ArgumentNullException">The region is null.</exception>
    [MayBlock]
    public OdpResult Read(MemoryRegion region, AddressRange addresses, uint key, Address source) => Move(region, addresses, key, source, isWrite: false);

    private OdpResult Move(MemoryRegion region, AddressRange addresses, uint key, Address remote, bool isWrite)
    {
        ArgumentNullException.ThrowIfNull(region);
        if (State != QueuePairState.Ready || Peer is null || addresses.Start > addresses.End)
        {
            return OdpResult.Invalid;
        }

        int size = (int)Context.Mm.Machine.BaseShift.Size.Value;
        byte[] bounce = ArrayPool<byte>.Shared.Rent(size);
        OdpResult result = OdpResult.Ok;
        for (Address at = addresses.Start; at < addresses.End && result == OdpResult.Ok;)
        {
            var length = new Bytes(Math.Min((ulong)size, (addresses.End - at).Value));
            Span<byte> packet = bounce.AsSpan(0, (int)length.Value);
            Address there = remote + (at - addresses.Start);
            result = isWrite
                ? Copy((Context.Device, region.Key, at), (Peer.Context.Device, key, there), packet)
                : Copy((Peer.Context.Device, key, there), (Context.Device, region.Key, at), packet);
            at += length;
        }

        ArrayPool<byte>.Shared.Return(bounce);
        State = result == OdpResult.Ok ? State : QueuePairState.Error;
        return result;
    }

    private OdpResult Copy((RdmaDevice Device, uint Key, Address At) from, (RdmaDevice Device, uint Key, Address At) to, Span<byte> packet)
    {
        OdpResult result = Access(from.Device, from.Key, from.At, packet, isWrite: false);
        return result == OdpResult.Ok ? Access(to.Device, to.Key, to.At, packet, isWrite: true) : result;
    }

    /// <summary>One access of a device, page by page; faults and tries again, with a bound.</summary>
    private OdpResult Access(RdmaDevice device, uint key, Address address, Span<byte> data, bool isWrite)
    {
        int patience = Patience;
        while (!data.IsEmpty)
        {
            OdpResult result = TryAccess(device, key, address, data, isWrite, out int done);
            if (result == OdpResult.Again && --patience > 0)
            {
                Thread.Yield();
                continue;
            }

            if (result != OdpResult.Ok)
            {
                return result;
            }

            address += new Bytes((ulong)done);
            data = data[done..];
        }

        return OdpResult.Ok;
    }

    /// <summary>Accesses one page, or faults it. In a read section, so that neither region nor leaf go meanwhile.</summary>
    private OdpResult TryAccess(RdmaDevice device, uint key, Address address, Span<byte> data, bool isWrite, out int done)
    {
        done = 0;
        using (device.RegionSrcu.EnterRead())
        {
            var wanted = AddressRange.Of(address, new Bytes((ulong)data.Length));
            OdpAccess access = isWrite ? OdpAccess.Read | OdpAccess.Write : OdpAccess.Read;
            OdpResult found = device.Resolve(key, wanted, access, out MemoryRegion? region);
            if (found != OdpResult.Ok || region is null)
            {
                return found;
            }

            if (region.MemoryAt(address) is not { } memory)
            {
                return region.Context.Mm.Users.Count == 0 ? OdpResult.Fault : OdpResult.Again;
            }

            PageShift shift = device.Machine.BaseShift;
            int length = (int)Math.Min((ulong)data.Length, shift.Size.Value - shift.OffsetOf(address).Value);
            if (device.TryAccess(memory, address, isWrite ? default : data[..length], isWrite ? data[..length] : default))
            {
                done = length;
                return OdpResult.Ok;
            }

            PageFaults++;
            return region.PageFault(wanted, access, faults: true, out _) is var fault && fault == OdpResult.Ok ? OdpResult.Again : fault;
        }
    }
}
