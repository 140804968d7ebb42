// What all steps share: the device's page table, which is right only as long as every invalidation takes its entries out.
using System;
using System.Collections.Generic;
using System.Linq;
using Locking.Mirror;

namespace Locking.Samples.MirrorDriver;

/// <summary>A notifier of the whole address space, with a table from pages to what the device may read. Linux: a driver over <c>mmu_interval_notifier</c>.</summary>
public abstract class PageMirror(Machine machine) : IntervalNotifier(new MutexLock(LockClass.Named("driver_lock")))
{
    [ContentsGuardedBy(nameof(DriverLock))]
    private readonly Dictionary<Address, Page> _table = [];

    /// <summary>Reads through the device's table; false where it has no entry.</summary>
    public bool TryRead(Address page, Span<byte> data)
    {
        using (DriverLock.Enter())
        {
            if (!_table.TryGetValue(page, out Page? found))
            {
                return false;
            }

            found.Data[..data.Length].CopyTo(data);
            return true;
        }
    }

    /// <summary>Makes the entry of a page. This is what the steps differ in.</summary>
    public abstract bool Fault(Address page);

    /// <summary>The callback: until it returns, the address space does not change the range.</summary>
    protected override bool OnInvalidate(in InvalidateRange range, ulong sequence)
    {
        using (DriverLock.Enter())
        {
            SetSequence(sequence);
            foreach (Address page in _table.Keys.ToArray())
            {
                if (range.Range.Contains(page))
                {
                    _table.Remove(page);
                }
            }
        }

        return true;
    }

    protected HmmRange RangeOf(Address page) => new(this, AddressRange.Of(page, machine.BaseShift.Size), new PfnEntry[1], PfnEntry.RequestRead);

    /// <summary>What was walked is true only until the driver lock is released, and only where no invalidation came between.</summary>
    [Requires(nameof(DriverLock), "Current")]
    protected void Install(HmmRange range) => _table[range.Range.Start] = machine.Memory.PageOf(range.Entries.Span[0].Frame);
}
