// A range whose pages a driver wants to know.
using System;

namespace Locking.Mirror;

/// <summary>
/// A range whose pages a driver wants to know: asks for each base page what is needed, faults what is missing, answers frames. Linux:
/// <c>struct hmm_range</c> with <c>hmm_range_fault</c>.
/// </summary>
/// <remarks>Used by one thread at a time; everything but the sequence is fixed from the start (R68). Snapshots allocate nothing.</remarks>
public sealed class HmmRange
{
    /// <summary>How long drivers repeat what windows collide with. Linux: <c>HMM_RANGE_DEFAULT_TIMEOUT</c>.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMilliseconds(1000);

    /// <summary>Each time that so many attempts of a fault have collided with windows, the last of them holds windows back.</summary>
    internal const int Patience = 4;

    /// <summary>Describes a range.</summary>
    /// <param name="notifier">An inserted notifier that covers it.</param>
    /// <param name="range">The addresses, aligned to base pages.</param>
    /// <param name="entries">One for each base page: going in what is asked for, coming out what is there.</param>
    /// <param name="request">What is asked for each page besides.</param>
    /// <param name="usesEntries">Whether what is in the entries counts as asked for; else only <paramref name="request"/> does.</param>
    /// <param name="owner">Whose private device pages are answered as they are; those of others are migrated back where asked for.</param>
    /// <exception cref="ArgumentNullException">The notifier is null.</exception>
    /// <exception cref="ArgumentException">The range is empty, misaligned, or not that of the notifier or the entries.</exception>
    public HmmRange(IntervalNotifier notifier, AddressRange range, Memory<PfnEntry> entries, PfnEntry request = default, bool usesEntries = false, object? owner = null)
    {
        ArgumentNullException.ThrowIfNull(notifier);
        Mm = notifier.Mm ?? throw new ArgumentException("The notifier is not inserted.", nameof(notifier));
        PageShift shift = Mm.BaseShift;
        if (!range.IsValid || !shift.IsAligned(range.Start) || !shift.IsAligned(range.End) || !notifier.Range.Contains(range))
        {
            throw new ArgumentException("The range is empty, not of whole base pages, or not covered by the notifier.", nameof(range));
        }

        if (shift.BaseIndex(range.Start, range.End) != new BasePages(entries.Length))
        {
            throw new ArgumentException("There is one entry for each base page.", nameof(entries));
        }

        (Notifier, Range, Entries, Request, UsesEntries, Owner) = (notifier, range, entries, request, usesEntries, owner);
    }

    /// <summary>The notifier that covers it.</summary>
    public IntervalNotifier Notifier { get; }

    /// <summary>The address space of the notifier.</summary>
    public AddressSpace Mm { get; }

    /// <summary>The addresses.</summary>
    public AddressRange Range { get; }

    /// <summary>One for each base page.</summary>
    public Memory<PfnEntry> Entries { get; }

    /// <summary>What is asked for each page besides. Linux: <c>default_flags</c>.</summary>
    public PfnEntry Request { get; }

    /// <summary>Whether what is in the entries counts as asked for. Linux: <c>pfn_flags_mask</c>.</summary>
    public bool UsesEntries { get; }

    /// <summary>Whose private device pages are answered as they are. Linux: <c>dev_private_owner</c>.</summary>
    public object? Owner { get; }

    /// <summary>Which state is read: what <see cref="IntervalNotifier.ReadBegin"/> answered, before the semaphore was taken (R37).</summary>
    public ReadSequence Sequence { get; set; }

    /// <summary>
    /// Answers every page, faulting those that are asked for and missing. Faults open windows in this thread: nothing that a notifier takes may
    /// be held (R44). The semaphore stays held. Linux: <c>hmm_range_fault</c>.
    /// </summary>
    /// <returns>
    /// Ok; Busy where a window came (start over with another sequence; entries before it are answers, those behind still questions);
    /// NotPermitted, Fault, NoMemory.
    /// </returns>
    [RequiresShared("Mm.MmapSem", "Mm.Users")]
    [MayBlock]
    public HmmResult Fault() => Fault(FaultFlags.Remote);

    /// <summary>
    /// The same from the sampling of the sequence on, where the caller holds windows back. A migration that is under way is not waited for: then
    /// the answer is Again.
    /// </summary>
    [RequiresShared("Mm.MmapSem", "Mm.Users")]
    [MayBlock]
    internal HmmResult FaultUndisturbed()
    {
        Sequence = Notifier.ReadBegin();
        return Fault(FaultFlags.Remote | FaultFlags.AllowRetry);
    }

    [RequiresShared("Mm.MmapSem", "Mm.Users")]
    [MayBlock]
    private HmmResult Fault(FaultFlags flags)
    {
        if (!Mm.Machine.Has(MirrorFeatures.Mirror))
        {
            return HmmResult.NotSupported;
        }

        var walk = new HmmWalk(Mm, Range, Entries.Span, Request, UsesEntries, Owner, flags);
        HmmResult result;
        do
        {
            if (Notifier.CheckRetry(Sequence))
            {
                return HmmResult.Busy;
            }

            result = walk.Continue();
        }
        while (result == HmmResult.Busy);
        return result;
    }
}
