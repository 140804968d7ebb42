// What all mirrors of an address space share, in the interface of 5.3.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// What all mirrors of an address space share: the notifier, the list of mirrors, the list of ranges. Linux: <c>struct hmm</c> of 5.3, with two
/// differences: a range knows by a sequence whether a window came since its pages were read, where the kernel had a flag that becomes true
/// again (R40); and notifiers that started before another refused are told the end, as since 5.10.
/// </summary>
/// <remarks>Referred to by mirrors and ranges; refers to the address space by a grab. Freed after a grace period (R11).</remarks>
internal sealed class Hmm : MmuNotifier
{
    private static readonly LockClass s_rangesClass = LockClass.Named("hmm.ranges_lock");
    private static readonly LockClass s_mirrorsClass = LockClass.Named("hmm.mirrors_sem");

    private readonly AddressSpace _mm;
    private readonly Kref _references;
    [LockClass("hmm.ranges_lock")]
    private readonly SpinMutex _rangesLock = new(s_rangesClass);
    private readonly RwSemaphore _mirrorsSem = new(s_mirrorsClass);

    /// <summary>What waits for ranges to become valid sleeps on it.</summary>
    private readonly object _changed = new();

    [GuardedBy(nameof(_rangesLock))]
    private readonly List<HmmRange53> _ranges = [];

    [GuardedBy(nameof(_mirrorsSem))]
    private readonly List<HmmMirror> _mirrors = [];

    /// <summary>How many windows are open.</summary>
    [GuardedBy(nameof(_rangesLock))]
    private int _windows;

    private bool _isFreed;

    [Acquires(nameof(_references))]
    private Hmm(AddressSpace mm)
    {
        _mm = mm;
        _references = new Kref();
    }

    /// <summary>The one of an address space, with one more reference; null without memory. Linux: <c>hmm_get_or_create</c>.</summary>
    [Requires("mm.MmapSem")]
    [RequiresShared("mm.Users")]
    [TryAcquires(Result.NotNull, "return._references")]
    public static Hmm? GetOrCreate(AddressSpace mm)
    {
        using (mm.HmmLock.Enter())
        {
            // One whose last reference was put counts as absent: its memory is kept by the lock that its end takes.
            if (mm.Hmm is { } found && found._references.TryGet())
            {
                return found;
            }
        }

        var made = new Hmm(mm);
        if (MmuNotifiers.RegisterLocked(made, mm) != NotifierResult.Ok)
        {
            return null;
        }

        // Published when it is complete: whoever finds it hears of every window (R21).
        using (mm.HmmLock.Enter())
        {
            mm.Hmm = made;
        }

        return made;
    }

    [Acquires(nameof(_references))]
    public void Get() => _references.Get();

    /// <summary>The calling thread's reference is that of a mirror or of a range from here on.</summary>
    [ReleasesShared(nameof(_references))]
    public void Disown() => _references.Disown();

    /// <summary>One reference less of a mirror or of a range. The last unlinks, and frees after a grace period. Linux: <c>hmm_put</c>, <c>hmm_free</c>.</summary>
    [AcquiresInside("_mm.HmmLock")]
    public void Put() => _references.PutUnowned(this, static hmm => hmm.Free());

    public void Add(HmmMirror mirror)
    {
        using (_mirrorsSem.EnterWrite())
        {
            _mirrors.Add(mirror);
        }
    }

    [Fence("callbacks")]
    public void Remove(HmmMirror mirror)
    {
        using (_mirrorsSem.EnterWrite())
        {
            _mirrors.Remove(mirror);
        }
    }

    public void Add(HmmRange53 range)
    {
        using (_rangesLock.Enter())
        {
            range.IsValidFlag = _windows == 0;
            _ranges.Add(range);
        }
    }

    public void Remove(HmmRange53 range)
    {
        using (_rangesLock.Enter())
        {
            _ranges.Remove(range);
            range.IsValidFlag = false;
        }

        Wake();
    }

    [AcquiresInside(nameof(_rangesLock))]
    public bool HasRangeOf(HmmMirror mirror)
    {
        using (_rangesLock.Enter())
        {
            return _ranges.Exists(range => range.Mirror == mirror);
        }
    }

    /// <summary>The number of the range's last invalidation, where no window is over it; null where one is.</summary>
    public ulong? BeginFill(HmmRange53 range)
    {
        using (_rangesLock.Enter())
        {
            return range.IsValidFlag ? range.Invalidations : null;
        }
    }

    /// <summary>Whether what was read at that number is true.</summary>
    public bool IsValid(HmmRange53 range, ulong filled)
    {
        using (_rangesLock.Enter())
        {
            bool isTrue = range.IsValidFlag && range.Invalidations == filled;
            range.StaleFlags += range.IsValidFlag && !isTrue ? 1 : 0;
            return isTrue;
        }
    }

    /// <summary>Linux: <c>hmm_range_wait_until_valid</c>.</summary>
    public bool AwaitValid(HmmRange53 range, TimeSpan timeout)
    {
        VirtualLocks.InvalidateWindow.MightAcquire();
        long end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_changed)
        {
            while (BeginFill(range) is null)
            {
                long left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_changed, (int)left))
                {
                    return BeginFill(range) is not null;
                }
            }

            return true;
        }
    }

    /// <inheritdoc/>
    protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
    {
        MirrorProtocol.Expect(!_isFreed, "R11: a callback reached an hmm that was freed");
        if (!TryEnter())
        {
            return NotifierResult.Ok;
        }

        using (_rangesLock.Enter())
        {
            // Counted before the mirrors are told: another window that ends meanwhile must not make a range valid.
            _windows++;
            foreach (HmmRange53 known in _ranges)
            {
                if (known.Range.Overlaps(range.Range))
                {
                    known.IsValidFlag = false;
                    known.Invalidations++;
                }
            }
        }

        NotifierResult result = Tell(range);
        if (result != NotifierResult.Ok)
        {
            CloseWindow();
        }

        Leave();
        return result;
    }

    /// <inheritdoc/>
    protected internal override void OnInvalidateEnd(in InvalidateRange range)
    {
        MirrorProtocol.Expect(!_isFreed, "R11: a callback reached an hmm that was freed");
        if (TryEnter())
        {
            CloseWindow();
            Leave();
        }
    }

    /// <inheritdoc/>
    protected internal override void OnRelease()
    {
        if (!TryEnter())
        {
            return;
        }

        using (_rangesLock.Enter())
        {
            MirrorProtocol.Expect(_ranges.Count == 0, "INV-12: a range is registered while its address space exits");
        }

        using (_mirrorsSem.EnterRead())
        {
            foreach (HmmMirror mirror in _mirrors)
            {
                MirrorProtocol.Expect(!mirror.IsReleased, "INV-12: a mirror is released twice");
                mirror.IsReleased = true;
                Release(mirror);
            }
        }

        Leave();
    }

    /// <summary>A callback has a reference of its own while it runs; false where the last one was put.</summary>
    [TryAcquires(true, nameof(_references))]
    private bool TryEnter() => _references.TryGet();

    [ReleasesShared(nameof(_references))]
    private void Leave() => _references.Put(this, static hmm => hmm.Free());

    /// <summary>Tells the mirrors; refuses where that would block and must not.</summary>
    private NotifierResult Tell(in InvalidateRange range)
    {
        if (range.IsBlockable)
        {
            _mirrorsSem.AcquireRead();
        }
        else if (!_mirrorsSem.TryAcquireRead())
        {
            return NotifierResult.Again;
        }

        try
        {
            foreach (HmmMirror mirror in _mirrors)
            {
                NotifierResult result = TellOne(mirror, range);
                if (result != NotifierResult.Ok)
                {
                    return result;
                }
            }

            return NotifierResult.Ok;
        }
        finally
        {
            _mirrorsSem.ReleaseRead();
        }
    }

    private static NotifierResult TellOne(HmmMirror mirror, in InvalidateRange range)
    {
        try
        {
            using var scope = new MmuNotifiers.CallbackScope(ref mirror.CallbackDepth);
            NotifierResult result = mirror.OnSync(range);
            bool isAllowed = result == NotifierResult.Ok || (result == NotifierResult.Again && !range.IsBlockable);
            MirrorProtocol.Expect(isAllowed, $"R34: a mirror answered {result} to a {(range.IsBlockable ? "" : "non-")}blockable window");
            return isAllowed ? result : NotifierResult.Ok;
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew("OnSync", e);
            return range.IsBlockable ? NotifierResult.Ok : NotifierResult.Again;
        }
    }

    private static void Release(HmmMirror mirror)
    {
        try
        {
            using var scope = new MmuNotifiers.CallbackScope(ref mirror.CallbackDepth);
            mirror.OnRelease();
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew("OnRelease", e);
        }
    }

    private void CloseWindow()
    {
        using (_rangesLock.Enter())
        {
            if (--_windows == 0)
            {
                _ranges.ForEach(range => range.IsValidFlag = true);
            }
        }

        Wake();
    }

    [MustNotBlock]
    [NoThreadSafetyAnalysis("A few instructions, under which nobody blocks but who sleeps.")]
    private void Wake()
    {
        lock (_changed)
        {
            Monitor.PulseAll(_changed);
        }
    }

    private void Free()
    {
        using (_mm.HmmLock.Enter())
        {
            if (_mm.Hmm == this)
            {
                _mm.Hmm = null;
            }
        }

        _mm.Notifiers.UnregisterNoRelease(this);
        Machine.NotifierSrcu.Call(() => _isFreed = true);
    }
}
