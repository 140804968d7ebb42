// The migration of pages of a mapping to and from device memory, driven by a device driver.
using System;

namespace Locking.Mirror;

/// <summary>
/// The migration of pages of a mapping, in three steps between which the driver works: <see cref="Setup"/> collects and isolates; the driver
/// allocates and copies; <see cref="Commit"/> fixes what migrates; the driver updates its table; <see cref="Complete"/> lets everybody go on. The
/// caller holds the semaphore for reading throughout. Linux: <c>struct migrate_vma</c>, <c>migrate_vma_setup</c>, <c>migrate_vma_pages</c>,
/// <c>migrate_vma_finalize</c>.
/// </summary>
/// <remarks>
/// A page that several address spaces share is copied for this one, and the others keep it: the kernel would move it for all. Used by one
/// thread.
/// </remarks>
public sealed class VmaMigration
{
    private readonly AddressSpace _mm;
    private readonly AddressRange _range;
    private readonly MigrateSelect _select;
    private readonly object _owner;
    private readonly Page? _faultPage;
    private bool _isSetUp;
    private bool _isCommitted;

    /// <summary>The thread's migration that has isolated pages and not yet let them go, with the one around it.</summary>
    [ThreadStatic]
    private static VmaMigration? t_underWay;

    private VmaMigration? _outer;

    /// <summary>Describes a migration.</summary>
    /// <param name="mm">The address space.</param>
    /// <param name="range">The addresses, aligned to pages, of one mapping.</param>
    /// <param name="select">Which pages.</param>
    /// <param name="owner">Whose device pages; told to notifiers with the window.</param>
    /// <param name="faultPage">The page that a fault holds a reference on; null outside of one.</param>
    /// <exception cref="ArgumentNullException">The address space or the owner is null.</exception>
    public VmaMigration(AddressSpace mm, AddressRange range, MigrateSelect select, object owner, Page? faultPage = null)
    {
        ArgumentNullException.ThrowIfNull(mm);
        ArgumentNullException.ThrowIfNull(owner);
        (_mm, _range, _select, _owner, _faultPage) = (mm, range, select, owner, faultPage);
        Source = Destination = [];
    }

    /// <summary>The pages that migrate; after <see cref="Commit"/> those that did.</summary>
    public MigrateEntry[] Source { get; private set; }

    /// <summary>Where they go: the driver fills it.</summary>
    public MigrateEntry[] Destination { get; private set; }

    /// <summary>How many can migrate.</summary>
    public int Candidates { get; private set; }

    /// <summary>Collects the pages, locks them, and takes them out of the page table.</summary>
    /// <returns>Ok, also where nothing can migrate; Invalid for a range outside of one suitable mapping; NotSupported.</returns>
    [RequiresShared("_mm.MmapSem", "_mm.Users")]
    [MayBlock]
    public MmResult Setup()
    {
        if (!_mm.Machine.Has(MirrorFeatures.MigrateVma))
        {
            return MmResult.NotSupported;
        }

        PageShift shift = _mm.BaseShift;
        if (_isSetUp || !_range.IsValid || !shift.IsAligned(_range.Start) || !shift.IsAligned(_range.End)
            || _mm.VmaAt(_range.Start) is not { } vma || !vma.Range.Contains(_range) || !vma.Is(VmaFlags.Read)
            || vma.Is(VmaFlags.HugeTlb | VmaFlags.NotMirrored | VmaFlags.MixedMap))
        {
            return MmResult.Invalid;
        }

        _isSetUp = true;
        (_outer, t_underWay) = (t_underWay, this);
        long count = (long)(_range.Length.Value >> shift.Value);
        (Source, Destination) = (new MigrateEntry[count], new MigrateEntry[count]);
        InvalidateRange window = _mm.BeginMigration(_range, _owner);
        for (int i = 0; i < count; i++)
        {
            Source[i] = _mm.Isolate(vma, At(i), _select, _owner, _faultPage);
            Candidates += Source[i].Migrates ? 1 : 0;
        }

        _mm.Notifiers.End(window);
        SchedulePoint.Reach("migrate.isolated");
        return MmResult.Ok;
    }

    /// <summary>Fixes what migrates: inserts pages where nothing was, drops what cannot.</summary>
    [RequiresShared("_mm.MmapSem", "_mm.Users")]
    [MayBlock]
    public void Commit()
    {
        _isCommitted = true;
        if (Array.FindIndex(Source, IsNew) is var first && first >= 0)
        {
            // From the first address on that gets a page where none was: what mirrored the emptiness must know.
            InvalidateRange window = _mm.BeginMigration(new AddressRange(At(first), _range.End), _owner);
            for (int i = first; i < Source.Length; i++)
            {
                if (IsNew(Source[i]) && !(Destination[i].Page is { } page && _mm.InsertMigrated(At(i), page, Destination[i].IsWritable)))
                {
                    Source[i] = MigrateEntry.None;
                }
            }

            _mm.Notifiers.End(window);
        }

        for (int i = 0; i < Source.Length; i++)
        {
            if (Source[i] is { Migrates: true, Page: not null } && Destination[i].Page is null)
            {
                Source[i] = Source[i] with { Migrates = false };
            }
        }
    }

    /// <summary>Puts the new pages, or the old ones where it failed, into the page table, and unlocks and puts all that are no longer needed.</summary>
    [RequiresShared("_mm.MmapSem", "_mm.Users")]
    [MayBlock]
    public void Complete()
    {
        for (int i = 0; i < Source.Length; i++)
        {
            (Page? from, Page? to) = (Source[i].Page, Destination[i].Page);
            bool isNew = from is null && Source[i].Migrates;
            bool isUsed = isNew || (from is not null && _mm.Arrive(At(i), from, Source[i].Migrates ? to : null, Destination[i].IsWritable));
            from?.Unlock();
            from?.Put();
            to?.Unlock();
            if (!isUsed)
            {
                to?.Put();
            }
        }

        (Source, Destination) = ([], []);
        t_underWay = t_underWay == this ? _outer : t_underWay;
    }

    /// <summary>The thread's migration that is under way.</summary>
    internal static VmaMigration? UnderWay => t_underWay;

    /// <summary>A driver has thrown out of what it began since: pages that were not committed go back to where they were.</summary>
    [NoThreadSafetyAnalysis("The driver began them, and threw, under what its caller holds.")]
    internal static void Abandon(VmaMigration? outer)
    {
        while (t_underWay is { } abandoned && abandoned != outer)
        {
            for (int i = 0; i < abandoned.Source.Length && !abandoned._isCommitted; i++)
            {
                abandoned.Source[i] = abandoned.Source[i] with { Migrates = false };
            }

            abandoned.Complete();
        }
    }

    private static bool IsNew(MigrateEntry source) => source is { Migrates: true, Page: null };

    private Address At(int index) => _range.Start + _mm.BaseShift.ToBytes(new BasePages(index));
}
