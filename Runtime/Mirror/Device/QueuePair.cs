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

    /// <summary>How much of a message is mapped at once behind a packet that had to be faulted. Linux: <c>MAX_PREFETCH_LEN</c>.</summary>
    private static readonly Bytes s_ahead = new(4UL << 20);

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
    /// <param name="cancellation">Ends it between two pages.</param>
    /// <returns>Ok; NoEntry (nothing was offered); Invalid (an end before the start, too small an offer or one that ends before it starts, or not connected); failures of the faults.</returns>
    /// <exception cref="ArgumentNullException">The region is null.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled: a part has arrived, and the state is an error.</exception>
    [MayBlock]
    public OdpResult Send(MemoryRegion region, AddressRange addresses, CancellationToken cancellation = default)
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
        return !fits ? OdpResult.Invalid : Write(region, addresses, offered.Region.Key, offered.Addresses.Start, cancellation);
    }

    /// <summary>Writes own memory into that of the other end. Linux: <c>IB_WR_RDMA_WRITE</c>.</summary>
    /// <param name="region">The own region.</param>
    /// <param name="addresses">Where in it.</param>
    /// <param name="key">The key of the other region.</param>
    /// <param name="target">Where in that.</param>
    /// <param name="cancellation">Ends it between two pages.</param>
    /// <returns>Ok, Invalid, NoEntry, or why a page could not be had; then the state is an error.</returns>
    /// <exception cref="ArgumentNullException">The region is null.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled: a part has arrived, and the state is an error.</exception>
    [MayBlock]
    public OdpResult Write(MemoryRegion region, AddressRange addresses, uint key, Address target, CancellationToken cancellation = default) =>
        Move(region, addresses, key, target, isWrite: true, cancellation);

    /// <summary>Reads memory of the other end into the own. Linux: <c>IB_WR_RDMA_READ</c>.</summary>
    /// <param name="region">The own region.</param>
    /// <param name="addresses">Where in it.</param>
    /// <param name="key">The key of the other region.</param>
    /// <param name="source">Where in that.</param>
    /// <param name="cancellation">Ends it between two pages.</param>
    /// <returns>Ok, Invalid, NoEntry, or why a page could not be had; then the state is an error.</returns>
    /// <exception cref="ArgumentNullException">The region is null.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled: a part has arrived, and the state is an error.</exception>
    [MayBlock]
    public OdpResult Read(MemoryRegion region, AddressRange addresses, uint key, Address source, CancellationToken cancellation = default) =>
        Move(region, addresses, key, source, isWrite: false, cancellation);

    private OdpResult Move(MemoryRegion region, AddressRange addresses, uint key, Address remote, bool isWrite, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(region);
        if (State != QueuePairState.Ready || Peer is null || addresses.Start > addresses.End)
        {
            return OdpResult.Invalid;
        }

        var near = new Side(Context.Device, region.Key, addresses.Start);
        var far = new Side(Peer.Context.Device, key, remote);
        byte[] bounce = ArrayPool<byte>.Shared.Rent((int)Context.Mm.Machine.BaseShift.Size.Value);
        OdpResult result = OdpResult.Fault;
        try
        {
            result = isWrite ? Copy(near, far, addresses.Length, bounce, cancellation) : Copy(far, near, addresses.Length, bounce, cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bounce);
            State = result == OdpResult.Ok ? State : QueuePairState.Error;
        }

        return result;
    }

    /// <summary>Copies a page at a time, as packets are.</summary>
    private OdpResult Copy(Side from, Side to, Bytes length, byte[] bounce, CancellationToken cancellation)
    {
        OdpResult result = OdpResult.Ok;
        ulong size = Context.Mm.Machine.BaseShift.Size.Value;
        for (ulong at = 0; at < length.Value && result == OdpResult.Ok; at += size)
        {
            var rest = new Bytes(length.Value - at);
            Span<byte> packet = bounce.AsSpan(0, (int)Math.Min(size, rest.Value));
            result = Access(from.Behind(at), packet, rest, isWrite: false, cancellation);
            result = result == OdpResult.Ok ? Access(to.Behind(at), packet, rest, isWrite: true, cancellation) : result;
        }

        return result;
    }

    /// <summary>One access of a device, page by page; faults and tries again, with a bound.</summary>
    private OdpResult Access(Side side, Span<byte> data, Bytes rest, bool isWrite, CancellationToken cancellation)
    {
        int patience = Patience;
        bool isFaulted = false, isCollided = false;
        AddressRange message = AddressRange.Of(side.At, rest);
        while (!data.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            OdpResult result = TryAccess(side, data, isWrite, out int done);
            if (result is not (OdpResult.Ok or OdpResult.Again) || (done == 0 && --patience == 0))
            {
                return result == OdpResult.Ok ? OdpResult.Again : result;
            }

            if (result == OdpResult.Again)
            {
                Thread.Yield();
            }

            isFaulted |= done == 0;
            isCollided |= result == OdpResult.Again;
            side = side.Behind((ulong)done);
            data = data[done..];
        }

        if (isFaulted && !isCollided)
        {
            Prefetch(side, message, isWrite);
        }

        return OdpResult.Ok;
    }

    /// <summary>Accesses one page, or faults it: then nothing is done yet. In a read section, so that neither region nor leaf go meanwhile.</summary>
    private OdpResult TryAccess(Side side, Span<byte> data, bool isWrite, out int done)
    {
        done = 0;
        RdmaDevice device = side.Device;
        using (device.RegionSrcu.EnterRead())
        {
            var wanted = AddressRange.Of(side.At, new Bytes((ulong)data.Length));
            OdpResult found = device.Resolve(side.Key, wanted, AccessOf(isWrite), out MemoryRegion? region);
            if (found != OdpResult.Ok || region is null)
            {
                return found;
            }

            if (region.MemoryAt(side.At) is not { } memory)
            {
                return region.Context.Mm.Users.Count == 0 ? OdpResult.Fault : OdpResult.Again;
            }

            PageShift shift = device.Machine.BaseShift;
            int length = (int)Math.Min((ulong)data.Length, shift.Size.Value - shift.OffsetOf(side.At).Value);
            if (device.TryAccess(memory, side.At, isWrite ? default : data[..length], isWrite ? data[..length] : default))
            {
                done = length;
                return OdpResult.Ok;
            }

            PageFaults++;
            return region.PageFault(wanted, AccessOf(isWrite), faults: true, out _);
        }
    }

    /// <summary>
    /// Maps what of a message follows a packet that had to be faulted, up to a bound. Whatever comes of it: the packets that follow fault what is
    /// missing. Not after a fault that collided, since there are windows about. Linux: <c>mlx5_ib_mr_rdma_pfault_handler</c>.
    /// </summary>
    private static void Prefetch(Side next, AddressRange message, bool isWrite)
    {
        AddressRange ahead = AddressRange.Of(next.At, s_ahead).Clip(message);
        using (next.Device.RegionSrcu.EnterRead())
        {
            if (!ahead.IsEmpty && next.Device.Resolve(next.Key, ahead, AccessOf(isWrite), out MemoryRegion? region) == OdpResult.Ok)
            {
                region!.PageFault(ahead, AccessOf(isWrite), faults: true, out _);
            }
        }
    }

    private static OdpAccess AccessOf(bool isWrite) => isWrite ? OdpAccess.Read | OdpAccess.Write : OdpAccess.Read;

    /// <summary>Where one side of a message is.</summary>
    private readonly record struct Side(RdmaDevice Device, uint Key, Address At)
    {
        public Side Behind(ulong bytes) => this with { At = At + new Bytes(bytes) };
    }
}
