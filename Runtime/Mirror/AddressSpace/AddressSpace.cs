// An address space: its references, its semaphore, its mappings, its end.
using System;
using System.Collections.Generic;

namespace Locking.Mirror;

/// <summary>
/// An address space of the simulated machine: mappings, a page table, and who is told when either changes. Linux: <c>struct mm_struct</c>.
/// </summary>
/// <remarks>
/// Whoever walks mappings or entries owns a reference of <see cref="Users"/> and holds <see cref="MmapSem"/>; the one does not replace the
/// other, because the last user tears down without the semaphore (R01, R02). Nothing that a process does makes a call throw: it gets a
/// result. Exceptions are for mistakes of drivers. Safe for any thread.
/// </remarks>
public sealed partial class AddressSpace
{
    private readonly MmReferences _references;

    /// <summary>Written with the semaphore held for writing; torn down by the last user without it.</summary>
    [GuardedBy(nameof(MmapSem))]
    private readonly IntervalTree<Vma> _vmas = new();

    [Acquires(nameof(Users))]
    [NoThreadSafetyAnalysis("The first user is made with it.")]
    internal AddressSpace(Machine machine)
    {
        Machine = machine;
        PageTable = new PageTable(machine.BaseShift);
        _references = new MmReferences(Exit, Free);
        Notifiers = new MmuNotifiers(this);
    }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>Those who use mappings and pages. Linux: <c>mm_users</c>.</summary>
    public MmUsers Users => _references.Users;

    /// <summary>Those who keep the structure alone. Linux: <c>mm_count</c>.</summary>
    public MmGrabs Grabs => _references.Grabs;

    /// <summary>Read to walk and fault, write to change mappings. Linux: <c>mmap_lock</c>.</summary>
    public MmapSem MmapSem { get; } = new();

    /// <summary>Who is told when entries change.</summary>
    public MmuNotifiers Notifiers { get; }

    /// <summary>Whether the structure was freed: nobody may have it any more.</summary>
    public bool IsFreed { get; private set; }

    /// <summary>The node whose processors run the process, for NUMA hint faults.</summary>
    public int Node { get; set; }

    /// <summary>Where ranges would best be placed.</summary>
    public PlacementHints Hints { get; } = new();

    /// <summary>Guards the pointer to the mirrors, for reading too (R20). Linux: <c>page_table_lock</c> of the mm.</summary>
    internal SpinMutex HmmLock { get; } = new(LockClass.Named("mm.page_table_lock"));

    /// <summary>A weak pointer: what it points to refers to the mirrors, and not the address space to it (R09).</summary>
    [GuardedBy(nameof(HmmLock))]
    internal Hmm? Hmm { get; set; }

    /// <summary>Goes with the last user: whoever walks it is one.</summary>
    [GuardedBy(nameof(Users))]
    internal PageTable PageTable { get; }

    internal PageShift BaseShift => Machine.BaseShift;

    internal PhysicalMemory Memory => Machine.Memory;

    /// <summary>How many mappings there are.</summary>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    public int VmaCount
    {
        get
        {
            AssertWalk();
            return _vmas.Count;
        }
    }

    /// <summary>The first mapping that ends above an address; null where there is none. Linux: <c>find_vma</c>.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The mapping.</returns>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    public Vma? FindVma(Address address)
    {
        AssertWalk();
        SchedulePoint.Reach("R01.walk");
        return address < Address.Limit ? _vmas.First(new AddressRange(address, Address.Limit)) : null;
    }

    /// <summary>The mapping of an address; null where there is none. Linux: <c>vma_lookup</c>.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The mapping.</returns>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    public Vma? VmaAt(Address address) => FindVma(address) is { } vma && vma.Range.Contains(address) ? vma : null;

    /// <summary>
    /// Waits until no window is open, and lets none start until the scope ends but those of this thread: for a fault that windows collided with
    /// again and again, so that they do not starve it. Nothing may be waited for meanwhile that may need a window, such as a migration. Linux:
    /// none; windows there are taken to be rare.
    /// </summary>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    [MayBlock]
    internal MmuNotifiers.WindowHold HoldWindows()
    {
        AssertWalk();
        return Notifiers.Hold();
    }

    /// <summary>INV-14: a walk is made by who owns a user reference and holds the semaphore.</summary>
    [AssertsHeldShared(nameof(MmapSem), nameof(Users))]
    internal void AssertWalk()
    {
        Users.AssertOwned();
        MmapSem.AssertHeld();
    }

    [Requires(nameof(MmapSem))]
    private void Link(Vma vma, AddressRange range)
    {
        vma.Node.Set(range);
        _vmas.Add(vma.Node);
    }

    [Requires(nameof(MmapSem))]
    private void Unlink(Vma vma)
    {
        _vmas.Remove(vma.Node);
        vma.Free();
    }

    [RequiresShared(nameof(MmapSem))]
    private List<Vma> VmasIn(AddressRange range)
    {
        var found = new List<Vma>();
        _vmas.AddOverlapping(range, found);
        return found;
    }

    /// <summary>
    /// The last user left: notifiers are released, then pages and mappings go, without the semaphore, because nobody who has a right to look is
    /// left. Linux: <c>exit_mmap</c>.
    /// </summary>
    [NoThreadSafetyAnalysis("the last user: nobody else may look (R02)")]
    private void Exit()
    {
        Notifiers.Release();
        SchedulePoint.Reach("R02.after-release");
        Zap(AddressRange.All);
        foreach (Vma vma in VmasIn(AddressRange.All))
        {
            vma.Free();
        }

        Hints.Clear();
        Machine.Forget(this);
        SchedulePoint.Reach("R02.after-exit");
    }

    private void Free()
    {
        IsFreed = true;
        Notifiers.Destroy();
    }
}
