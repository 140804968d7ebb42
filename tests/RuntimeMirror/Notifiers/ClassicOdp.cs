// Two designs that were replaced, as negative fixtures: a mirror with a flag (5.2), and on-demand paging by counters (until 5.4).
using System;
using Locking.Mirror;

namespace Locking.Tests.Mirror.Notifiers;

/// <summary>
/// A page of a device, valid as long as a flag says so. Wrong in two ways that the kernel had: the flag comes back after every window (R40), and a
/// refused window stays counted (R32). Linux: <c>struct hmm_range</c> of 5.2.
/// </summary>
internal sealed class Mirror52(Func<InvalidateRange, bool> refuses) : MmuNotifier
{
    private readonly UmemMutex _mutex = new();
    private int _windows;

    public bool IsValid { get; private set; } = true;

    public int Windows => _windows;

    public Page? Installed { get; private set; }

    public void Install(Page page)
    {
        using (_mutex.Enter())
        {
            Installed = IsValid ? page : null;
        }
    }

    protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
    {
        _windows++;
        IsValid = false;
        if (refuses(range))
        {
            return NotifierResult.Again;
        }

        using (_mutex.Enter())
        {
            Installed = null;
        }

        return NotifierResult.Ok;
    }

    protected internal override void OnInvalidateEnd(in InvalidateRange range) => IsValid = --_windows == 0;
}

/// <summary>
/// On-demand paging by two counters: a fault is good where no window is open and none has ended since. With <paramref name="countsLate"/> it is the
/// fifth posting of its conversion, which counts its pages outside of the mutex, and lets an invalidation believe the count (R54). Linux:
/// <c>ib_umem_notifier_start_account</c> and <c>ib_umem_mmu_notifier_retry</c>.
/// </summary>
internal sealed class ClassicOdp(bool countsLate) : MmuNotifier
{
    private readonly UmemMutex _mutex = new();
    private int _pages;
    private int _open;
    private int _sequence;

    public Page? Mapped { get; private set; }

    public int Sequence => _sequence;

    /// <summary>INV-07: a fault succeeds only where no window is open and none has ended since its beginning.</summary>
    public bool TryMap(int sequence, Page page)
    {
        using (_mutex.Enter())
        {
            if (_open > 0 || _sequence != sequence)
            {
                return false;
            }

            Mapped = page;
            _pages += countsLate ? 0 : 1;
        }

        SchedulePoint.Reach("R54.after-unlock-before-count");
        _pages += countsLate ? 1 : 0;
        return true;
    }

    protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
    {
        if (countsLate && _pages == 0)
        {
            _open++;
            return NotifierResult.Ok;
        }

        using (_mutex.Enter())
        {
            _open++;
            (Mapped, _pages) = (null, 0);
        }

        return NotifierResult.Ok;
    }

    protected internal override void OnInvalidateEnd(in InvalidateRange range)
    {
        using (_mutex.Enter())
        {
            MirrorProtocol.Expect(--_open >= 0, "INV-07: a window ends that was not counted");
            _sequence++;
        }
    }
}
