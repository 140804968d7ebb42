// An address space: its copy, made by a fork.
namespace Locking.Mirror;

public sealed partial class AddressSpace
{
    private static readonly LockNesting s_child = LockClass.Named("mmap_sem").Subclass(1, "child");

    /// <summary>The child's table is locked inside the parent's.</summary>
    private static readonly LockNesting s_childTable = LockClass.Named("page_table_lock").Subclass(2, "child");

    /// <summary>
    /// Copies the address space: private pages are shared until somebody writes. The copy has no notifiers, and one user, which the calling
    /// thread owns. Linux: <c>dup_mmap</c>.
    /// </summary>
    /// <returns>The copy; null where there is no memory.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    [TryAcquires(Result.NotNull, "return.Users")]
    public AddressSpace? Fork()
    {
        AddressSpace child = Machine.CreateAddressSpace();
        bool isCopied = false;
        using (MmapSem.EnterWrite())
        {
            using (child.MmapSem.EnterWrite(s_child))
            {
                // Rights only go, but a device must not write to what is shared from now on.
                InvalidateRange window = Window(AddressRange.All, InvalidateEvent.ProtectionPage);
                Notifiers.Start(window);
                isCopied = CopyTo(child);
                Notifiers.End(window);
            }
        }

        if (isCopied)
        {
            return child;
        }

        child.Users.Put();
        return null;
    }

    [Requires(nameof(MmapSem), "child.MmapSem")]
    [RequiresShared(nameof(Users), "child.Users")]
    private bool CopyTo(AddressSpace child)
    {
        child.Node = Node;
        foreach (Vma vma in VmasIn(AddressRange.All))
        {
            if (SchedulePoint.Fails("vma"))
            {
                return false;
            }

            child.Link(vma.Part(vma.Range), vma.Range);

            // What is shared through a file need not be copied: the child faults it in.
            if (vma.File is null || vma.IsPrivate)
            {
                foreach (PteRun run in PageTable.Runs(vma.Range))
                {
                    if (run.Node is not null && !CopyRun(run, vma, child))
                    {
                        return false;
                    }
                }
            }
        }

        child.Hints.CopyFrom(Hints);
        return true;
    }

    [RequiresShared(nameof(Users), "child.Users")]
    private bool CopyRun(PteRun run, Vma vma, AddressSpace child)
    {
        PageTableNode node = run.Node!;
        if (child.PageTable.FindOrMake(run.Range.Start, node.Shift, out int index) is not { } copy)
        {
            return false;
        }

        using (node.Lock.Enter())
        {
            using (copy.Lock.Enter(s_childTable))
            {
                for (int i = 0; i < run.Count; i++)
                {
                    Pte entry = node.Read(run.Index + i);
                    if (!entry.IsNone && node.IsSlot(run.Index + i))
                    {
                        Pte shared = Share(entry, node.Shift, vma.IsPrivate);
                        node.Write(run.Index + i, shared);
                        copy.Write(index + i, shared);
                    }
                }
            }
        }

        return true;
    }

    /// <summary>One more entry says the same. Linux: <c>copy_present_pte</c>, <c>copy_nonpresent_pte</c>.</summary>
    private Pte Share(Pte entry, PageShift shift, bool isPrivate)
    {
        if (entry.Kind == PteKind.Swap)
        {
            Machine.Swap.Duplicate(entry.Slot);
            return entry;
        }

        if (!entry.HasPage)
        {
            return entry;
        }

        long count = shift.PagesOf(BaseShift).Value;
        for (long i = 0; i < count; i++)
        {
            Page page = Memory.PageOf(entry.Frame + (ulong)i);
            page.Get();
            page.AddMapping();
        }

        // The window has taken the page from the device that had it alone.
        Pte ordinary = entry.Kind == PteKind.DeviceExclusive ? entry.As(PteKind.Present) : entry;
        return isPrivate ? ordinary.ReadOnly() : ordinary;
    }
}
