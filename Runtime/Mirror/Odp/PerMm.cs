// What the umems of one user and one address space share.
using System.Collections.Generic;

namespace Locking.Mirror;

/// <summary>
/// What the umems of one user and one address space share: the tree of them, and the news of the address space's exit. Linux:
/// <c>struct ib_ucontext_per_mm</c>, until 5.4.
/// </summary>
/// <remarks>
/// Windows reach each umem through an interval of its own; the tree serves the exit, and who looks for umems by address. Implicit parents are
/// never in it: they are no umems (R57, INV-22).
/// </remarks>
internal sealed class PerMm : MmuNotifier
{
    /// <summary>Guards the tree. Read in callbacks, written where umems come and go.</summary>
    private readonly UmemRwsem _sem = new();

    [GuardedBy(nameof(_sem))]
    private readonly IntervalTree<UmemOdp> _tree = new();

    /// <summary>False for good once the last umem went.</summary>
    [GuardedBy(nameof(_sem))]
    private bool _isActive = true;

    public PerMm(AddressSpace mm)
    {
        Space = mm;
        mm.Grabs.Grab();
        mm.Grabs.Disown();
    }

    /// <summary>The address space, from the first to the last moment (R06).</summary>
    public AddressSpace Space { get; }

    /// <summary>How many umems there are, implicit parents included. Guarded by the list of the user context.</summary>
    public int Users { get; set; } = 1;

    [AcquiresInside(nameof(_sem))]
    public void Insert(UmemOdp umem)
    {
        using (_sem.EnterWrite())
        {
            umem.TreeNode.Set(umem.Addresses);
            _tree.Add(umem.TreeNode);
        }
    }

    [AcquiresInside(nameof(_sem))]
    public void Remove(UmemOdp umem)
    {
        using (_sem.EnterWrite())
        {
            _tree.Remove(umem.TreeNode);
        }
    }

    /// <summary>The umems that overlap a range. Good as long as something else keeps them (R75).</summary>
    public List<UmemOdp> Overlapping(AddressRange range)
    {
        var found = new List<UmemOdp>();
        using (_sem.EnterRead())
        {
            _tree.AddOverlapping(range, found);
        }

        return found;
    }

    /// <summary>The last umem went: nothing reaches this any more when it returns.</summary>
    [Fence("callbacks")]
    [MayBlock]
    public void Close()
    {
        Deactivate();
        Space.Notifiers.Unregister(this);
        Space.Grabs.DropUnowned();
    }

    [AcquiresInside(nameof(_sem))]
    private void Deactivate()
    {
        using (_sem.EnterWrite())
        {
            MirrorProtocol.Expect(_tree.IsEmpty, "A per_mm goes while umems are in its tree");
            _isActive = false;
        }
    }

    /// <summary>The address space exits: every umem is dying, and loses its pages (R31).</summary>
    protected internal override void OnRelease()
    {
        using (_sem.EnterRead())
        {
            if (!_isActive)
            {
                return;
            }

            var all = new List<UmemOdp>();
            _tree.AddOverlapping(AddressRange.All, all);
            all.ForEach(umem => umem.Die());
        }
    }
}
