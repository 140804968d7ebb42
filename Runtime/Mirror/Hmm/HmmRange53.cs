// A range in the interface of 5.3.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// A range whose pages a driver wants to know, in the interface of 5.3: registered with a mirror, owner of a user reference while it is (R03),
/// with entries in the driver's own layout. Linux: <c>struct hmm_range</c> of 5.3.
/// </summary>
/// <remarks>Used by one thread at a time, but for <see cref="IsValid"/>.</remarks>
public sealed class HmmRange53
{
    private readonly PfnEntry[] _answers;
    private readonly ulong _defaultFlags;
    private readonly ulong _flagsMask;
    private int _isRegistered;
    private Hmm? _hmm;
    private ulong _filled;
    private bool _hasAnswers;

    /// <summary>Where the last fault met a migration.</summary>
    private Address? _migrating;

    /// <summary>Describes a range.</summary>
    /// <param name="mirror">The mirror.</param>
    /// <param name="range">The addresses.</param>
    /// <param name="shift">The size of its pages: that of base pages, or of the huge mapping that it lies in.</param>
    /// <param name="format">The layout of the entries.</param>
    /// <param name="pfns">One for each base page.</param>
    /// <param name="defaultFlags">What is asked for each page besides.</param>
    /// <param name="flagsMask">Which bits of the entries count as asked for.</param>
    /// <exception cref="ArgumentNullException">The mirror, the layout or the array is null.</exception>
    public HmmRange53(HmmMirror mirror, AddressRange range, PageShift shift, PfnFormat format, ulong[] pfns, ulong defaultFlags = 0, ulong flagsMask = ulong.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(mirror);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(pfns);
        (Mirror, Range, Shift, Format, Pfns, _defaultFlags, _flagsMask) = (mirror, range, shift, format, pfns, defaultFlags, flagsMask);
        _answers = new PfnEntry[pfns.Length];
    }

    /// <summary>The mirror.</summary>
    public HmmMirror Mirror { get; }

    /// <summary>The addresses.</summary>
    public AddressRange Range { get; }

    /// <summary>The size of its pages.</summary>
    public PageShift Shift { get; }

    /// <summary>The layout of the entries.</summary>
    public PfnFormat Format { get; }

    /// <summary>The entries.</summary>
    public ulong[] Pfns { get; }

    /// <summary>How often a flag would have said that stale entries are valid.</summary>
    public int StaleFlags { get; internal set; }

    [GuardedBy("class:hmm.ranges_lock")]
    internal bool IsValidFlag { get; set; }

    /// <summary>How many windows over it there have been.</summary>
    [GuardedBy("class:hmm.ranges_lock")]
    internal ulong Invalidations { get; set; }

    /// <summary>
    /// Whether the entries are what the page table says: since they were read no window came. Under the driver lock it stays so until the
    /// unlock. Linux: <c>hmm_range_valid</c>.
    /// </summary>
    public bool IsValid
    {
        get
        {
            CheckRegistered();
            return _hasAnswers && _hmm!.IsValid(this, _filled);
        }
    }

    /// <summary>Registers it. Never waits for a window. Linux: <c>hmm_range_register</c>.</summary>
    /// <returns>Ok, Invalid (empty or misaligned), Fault (the address space has exited).</returns>
    /// <exception cref="InvalidOperationException">It is registered, or its mirror is not.</exception>
    public HmmResult Register()
    {
        AddressSpace mm = Mirror.Mm ?? throw MirrorProtocol.Misuse("A range is registered with a mirror that is not");
        if (!Range.IsValid || !Shift.IsAligned(Range.Start) || !Shift.IsAligned(Range.End)
            || mm.BaseShift.BaseIndex(Range.Start, Range.End) != new BasePages(Pfns.Length))
        {
            return HmmResult.Invalid;
        }

        if (Interlocked.Exchange(ref _isRegistered, 1) != 0)
        {
            throw MirrorProtocol.Misuse("R51: a range is registered twice");
        }

        if (!mm.Users.TryGet())
        {
            Volatile.Write(ref _isRegistered, 0);
            return HmmResult.Fault;
        }

        mm.Users.Disown();
        _hmm = Mirror.Hmm!;
        _hmm.Get();
        _hmm.Disown();
        _hmm.Add(this);
        return HmmResult.Ok;
    }

    /// <summary>Unregisters it; it may be the last user, so nothing may be held that a release callback takes (R05). Linux: <c>hmm_range_unregister</c>.</summary>
    /// <exception cref="InvalidOperationException">It is not registered.</exception>
    [MayBlock]
    public void Unregister()
    {
        if (Interlocked.Exchange(ref _isRegistered, 0) == 0)
        {
            throw MirrorProtocol.Misuse("R51: a range is unregistered twice, or was never registered");
        }

        Hmm hmm = _hmm!;
        AddressSpace mm = Mirror.Mm!;
        hmm.Remove(this);
        _hmm = null;
        hmm.Put();
        mm.Users.PutUnowned();
    }

    /// <summary>Waits, with a bound, until no window is over it. A hint: the next call checks again. Linux: <c>hmm_range_wait_until_valid</c>.</summary>
    /// <param name="timeout">The bound.</param>
    /// <returns>Whether there was none.</returns>
    [MayBlock]
    public bool WaitUntilValid(TimeSpan timeout)
    {
        CheckRegistered();
        return _hmm!.AwaitValid(this, timeout);
    }

    /// <summary>Answers every page as it is. The semaphore stays held, whatever the result. Linux: <c>hmm_range_snapshot</c>.</summary>
    /// <returns>How many base pages were answered, or a negative result; Again where a window is over it.</returns>
    [RequiresShared("Mirror.Mm.MmapSem")]
    [NoThreadSafetyAnalysis("Nothing is asked for, so nothing is faulted and nothing blocks.")]
    public long Snapshot() => Answer(FaultFlags.Remote, faults: false);

    /// <summary>
    /// Answers every page, faulting those that are asked for. On Again, and only then, the semaphore has been released (R45). Linux:
    /// <c>hmm_range_fault</c> of 5.3.
    /// </summary>
    /// <param name="block">Whether it waits with the semaphore held (R46), or else releases it and answers Again.</param>
    /// <returns>How many base pages were answered, or a negative <see cref="HmmResult"/>.</returns>
    [RequiresShared("Mirror.Mm.MmapSem")]
    [ReleasesWhen((long)HmmResult.Again, "Mirror.Mm.MmapSem")]
    [MayBlock]
    public long Fault(bool block)
    {
        long result = Answer(FaultFlags.Remote | (block ? 0 : FaultFlags.AllowRetry), faults: true);
        if (result == (long)HmmResult.Again)
        {
            Mirror.Mm!.MmapSem.ReleaseRead();
            AwaitMigration();
        }

        return result;
    }

    private long Answer(FaultFlags flags, bool faults)
    {
        CheckRegistered();
        AddressSpace mm = Mirror.Mm!;

        // The range owns the reference; the walk is made in its name.
        mm.Users.Adopt();
        try
        {
            return AnswerOwned(mm, flags, faults);
        }
        finally
        {
            mm.Users.Disown();
        }
    }

    [RequiresShared("mm.MmapSem", "mm.Users")]
    [MayBlock]
    private long AnswerOwned(AddressSpace mm, FaultFlags flags, bool faults)
    {
        if (_hmm!.BeginFill(this) is not { } filled)
        {
            return (long)HmmResult.Again;
        }

        (_filled, _hasAnswers) = (filled, false);
        if (CheckMappings(mm) is var refused && refused != HmmResult.Ok)
        {
            return (long)refused;
        }

        for (int i = 0; i < Pfns.Length; i++)
        {
            _answers[i] = faults ? Format.RequestOf((Pfns[i] & _flagsMask) | _defaultFlags) : PfnEntry.None;
        }

        var walk = new HmmWalk(mm, Range, _answers, PfnEntry.None, usesEntries: true, HmmWalk.AnyOwner, flags);
        HmmResult result;
        do
        {
            result = walk.Continue();
        }
        while (result == HmmResult.Busy && _hmm.BeginFill(this) == filled);
        _migrating = result == HmmResult.Again ? walk.At : null;
        int answered = walk.Answered;
        for (int i = 0; i < Pfns.Length; i++)
        {
            Pfns[i] = i < answered ? Format.Encode(_answers[i], IsDevicePrivate(mm, _answers[i])) : Format.None;
        }

        _hasAnswers = result == HmmResult.Ok;
        return result == HmmResult.Ok ? answered : (long)result;
    }

    private void AwaitMigration()
    {
        if (_migrating is { } address)
        {
            _migrating = null;
            AddressSpace mm = Mirror.Mm!;
            mm.Users.Adopt();
            try
            {
                mm.AwaitMigration(address);
            }
            finally
            {
                mm.Users.Disown();
            }
        }
    }

    /// <summary>What 5.3 refuses and later kernels answer as errors: holes, mappings of drivers, page sizes that do not fit, no right to read.</summary>
    [RequiresShared("mm.MmapSem", "mm.Users")]
    private HmmResult CheckMappings(AddressSpace mm)
    {
        for (Address at = Range.Start; at < Range.End;)
        {
            if (mm.VmaAt(at) is not { } vma || vma.Is(VmaFlags.NotMirrored | VmaFlags.MixedMap))
            {
                return HmmResult.Fault;
            }

            if (Shift != mm.BaseShift && Shift != vma.ShiftOf(mm.BaseShift))
            {
                return HmmResult.Invalid;
            }

            if (!vma.Is(VmaFlags.Read))
            {
                Array.Fill(Pfns, Format.None);
                return HmmResult.NotPermitted;
            }

            at = vma.Range.End;
        }

        return HmmResult.Ok;
    }

    private static bool IsDevicePrivate(AddressSpace mm, PfnEntry entry) =>
        entry.IsValid && mm.Memory.PageOf(entry.Frame).Device is { Kind: DeviceMemoryKind.Private };

    private void CheckRegistered()
    {
        if (Volatile.Read(ref _isRegistered) == 0)
        {
            throw MirrorProtocol.Misuse("R29: a range is used that is not registered");
        }
    }
}
