// The radix page table of an address space.
using System;

namespace Locking.Mirror;

/// <summary>
/// The radix page table of an address space: 512 slots a level, huge entries of 2 MiB and 1 GiB in the levels above the leaves. Walking takes
/// no lock; changing a slot takes that of its table.
/// </summary>
internal sealed class PageTable(PageShift baseShift)
{
    private const int SlotBits = 9;
    private static readonly PageShift s_top = new(39);

    /// <summary>The table below is locked inside the one above.</summary>
    private static readonly LockNesting s_below = LockClass.Named("page_table_lock").Subclass(1, "below");

    private readonly PageTableNode _root = new(s_top, 1 << SlotBits, isLeaf: false);

    public PageShift BaseShift { get; } = baseShift;

    /// <summary>The slot of an address as deep as there are tables: a base entry, or the slot of a huge one.</summary>
    public PageTableNode Find(Address address, out int index)
    {
        PageTableNode node = _root;
        while (true)
        {
            index = IndexIn(node, address);
            if (node.Child(index) is not { } child)
            {
                return node;
            }

            node = child;
        }
    }

    /// <summary>
    /// Takes away what earlier mappings left below a huge slot: tables without entries, since the mapping of now has none that small. Linux:
    /// <c>free_pgtables</c>, at the time of the unmap.
    /// </summary>
    public void Prune(Address address, PageShift level)
    {
        PageTableNode node = FindAbove(address, level, out int index);
        if (node.Shift == level && node.Child(index) is { } child)
        {
            using (node.Lock.Enter())
            {
                using (child.Lock.Enter(s_below))
                {
                    if (!node.IsDetached && node.Child(index) == child)
                    {
                        node.Detach(index, child, Pte.None);
                    }
                }
            }
        }
    }

    /// <summary>The slot of a level that an address belongs to, though there may be a table below it.</summary>
    public PageTableNode FindAbove(Address address, PageShift level, out int index)
    {
        PageTableNode node = _root;
        while (node.Shift != level && node.Child(IndexIn(node, address)) is { } child)
        {
            node = child;
        }

        index = IndexIn(node, address);
        return node;
    }

    /// <summary>The same, with tables made down to a level; ends above it where a huge entry is. Null where there is no memory.</summary>
    public PageTableNode? FindOrMake(Address address, PageShift level, out int index)
    {
        PageTableNode node = Find(address, out index);
        while (node.Shift.Value > level.Value)
        {
            if (SchedulePoint.Fails("page table"))
            {
                return null;
            }

            PageTableNode child = MakeBelow(node);
            using (node.Lock.Enter())
            {
                if (node.IsSlot(index))
                {
                    if (!node.Read(index).IsNone)
                    {
                        return node;
                    }

                    node.Attach(index, child);
                }
            }

            node = Find(address, out index);
        }

        return node;
    }

    /// <summary>The runs of a range, holes included, in order; what changes meanwhile is found as it was or as it is.</summary>
    public RunEnumerator Runs(AddressRange range) => new(this, range);

    /// <summary>A table for the slot below, with nothing in it.</summary>
    public PageTableNode MakeBelow(PageTableNode above)
    {
        PageShift shift = above.Shift == s_top ? PageShift.Gigantic : above.Shift == PageShift.Gigantic ? PageShift.Huge : BaseShift;
        return new PageTableNode(shift, 1 << (above.Shift.Value - shift.Value), isLeaf: shift == BaseShift);
    }

    private static int IndexIn(PageTableNode node, Address address) => (int)(address.Value >> node.Shift.Value) & (node.Length - 1);

    /// <summary>Goes from run to run.</summary>
    public struct RunEnumerator(PageTable table, AddressRange range)
    {
        private Address _at = range.Start;

        public PteRun Current { get; private set; }

        public readonly RunEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_at >= range.End)
            {
                return false;
            }

            PageTableNode node = table.Find(_at, out int index);
            int slots = node.IsLeaf ? node.Length - index : 1;
            ulong slot = node.Shift.Size.Value;
            var end = new Address(Math.Min((_at.Value & ~(slot - 1)) + ((ulong)slots * slot), range.End.Value));
            var covered = new AddressRange(_at, end);
            int count = (int)((end.Value - (_at.Value & ~(slot - 1)) + slot - 1) / slot);
            Current = !node.IsLeaf && node.Read(index).IsNone ? new PteRun(null, 0, 0, covered) : new PteRun(node, index, count, covered);
            _at = end;
            return true;
        }
    }
}
