// The base of the tests of on-demand paging: two processes, two devices, connected.
using System.Collections.Generic;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

public abstract class OdpTest : MirrorTest
{
    private readonly List<MemoryRegion> _regions = [];
    private readonly List<RdmaDevice> _devices = [];

    /// <summary>Keeps which windows were opened.</summary>
    private protected sealed class WindowListener : MmuNotifier
    {
        public List<(InvalidateEvent Event, AddressRange Range)> Windows { get; } = [];

        protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
        {
            Windows.Add((range.Event, range.Range));
            return NotifierResult.Ok;
        }
    }

    private protected sealed record End(AddressSpace Mm, RdmaDevice Device, UserContext Context, QueuePair Queue);

    private protected End NewEnd()
    {
        AddressSpace mm = NewMm();
        var device = new RdmaDevice(Machine);
        _devices.Add(device);
        UserContext context = device.Open(mm);
        return new End(mm, device, context, new QueuePair(context));
    }

    private protected (End Near, End Far) Connected()
    {
        (End near, End far) = (NewEnd(), NewEnd());
        near.Queue.Connect(far.Queue);
        return (near, far);
    }

    private protected MemoryRegion Register(End end, AddressRange range, OdpAccess access = OdpAccess.Read | OdpAccess.Write, PageShift? shift = null)
    {
        Assert.Equal(OdpResult.Ok, end.Context.Register(range, access, out MemoryRegion? region, shift));
        _regions.Add(region!);
        return region!;
    }

    private protected MemoryRegion RegisterAll(End end)
    {
        Assert.Equal(OdpResult.Ok, end.Context.RegisterImplicit(OdpAccess.Read | OdpAccess.Write, out MemoryRegion? region));
        _regions.Add(region!);
        return region!;
    }

    private protected void Deregister(MemoryRegion region)
    {
        _regions.Remove(region);
        region.Deregister();
    }

    /// <summary>INV-08: what is counted is what is mapped.</summary>
    private protected static long Mapped(MemoryRegion region)
    {
        UmemOdp umem = region.Memory!.Umem;
        using (umem.DriverLock.Enter())
        {
            Assert.Equal(umem.Audit(), umem.MappedPages);
            return umem.MappedPages.Value;
        }
    }

    protected override void CheckEnd()
    {
        _regions.ForEach(region => region.Deregister());
        Assert.All(_devices, device => Assert.Equal(0, device.Dma.Count));
        base.CheckEnd();
    }
}
