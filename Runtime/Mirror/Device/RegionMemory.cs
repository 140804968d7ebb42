// One stretch of memory behind a region.
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// One stretch of memory behind a region: a umem, and what the device knows of it. An explicit region has one; an implicit region has one for
/// each gibibyte in use. Linux: <c>struct mlx5_ib_mr</c> of a leaf.
/// </summary>
internal sealed class RegionMemory
{
    private static int s_ids;

    public RegionMemory(RdmaDevice device, UmemOdp umem)
    {
        Umem = umem;
        Table = new UmemEntries(umem.Addresses, umem.Shift);
        umem.Zap = (first, end) =>
        {
            Umem.DriverLock.AssertHeld();
            device.Zap(this, first, end);
        };
    }

    public int Id { get; } = Interlocked.Increment(ref s_ids);

    public UmemOdp Umem { get; }

    /// <summary>Written with the umem's mutex held and the device stopped.</summary>
    public UmemEntries Table { get; }
}
