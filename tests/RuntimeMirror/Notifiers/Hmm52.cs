// How 5.2 freed, found and released, as negative fixtures: each beside the form that replaced it.
using System.Collections.Generic;
using Locking.Mirror;

namespace Locking.Tests.Mirror.Notifiers;

/// <summary>What says whether a callback runs in it after it was freed (R11). Linux: <c>struct hmm</c>, freed by <c>hmm_free</c>.</summary>
internal sealed class Freed52 : MmuNotifier
{
    public bool IsFreed { get; private set; }

    public void Free() => IsFreed = true;

    protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
    {
        SchedulePoint.Reach("R11.in-callback");
        MirrorProtocol.Expect(!IsFreed, "R11: a callback runs in what was freed");
        return NotifierResult.Ok;
    }
}

/// <summary>Where an address space has its hmm. Linux: <c>mm->hmm</c>.</summary>
internal sealed class Published52
{
    public Counting52? Hmm { get; set; }
}

/// <summary>Counts its windows; in its callback it looks itself up again, as 5.2 did, or is what was called (R14).</summary>
internal sealed class Counting52(Published52 current, bool looksUp) : MmuNotifier
{
    public int Windows { get; private set; }

    private Counting52 Self => looksUp ? current.Hmm! : this;

    protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
    {
        SchedulePoint.Reach("R14.in-callback");
        Self.Windows++;
        return NotifierResult.Ok;
    }

    protected internal override void OnInvalidateEnd(in InvalidateRange range) => Self.Windows--;
}

/// <summary>A mirror that its driver frees when it has unregistered it.</summary>
internal sealed class Listener52
{
    public bool IsFreed { get; set; }

    public void OnRelease() => MirrorProtocol.Expect(!IsFreed, "R12: a mirror is released that was unregistered");
}

/// <summary>Mirrors that are released with the list unlocked, as in 5.2, or with the list held for reading (R23).</summary>
internal sealed class Mirrors52(bool unlocks) : MmuNotifier
{
    private readonly RwSemaphore _sem = new(LockClass.Named("test.mirrors_sem"));
    private readonly List<Listener52> _all = [];

    public void Add(Listener52 listener)
    {
        using (_sem.EnterWrite())
        {
            _all.Add(listener);
        }
    }

    public void Remove(Listener52 listener)
    {
        using (_sem.EnterWrite())
        {
            _all.Remove(listener);
        }
    }

    protected internal override void OnRelease()
    {
        if (unlocks)
        {
            while (Take() is { } listener)
            {
                SchedulePoint.Reach("R23.before-release");
                listener.OnRelease();
            }

            return;
        }

        using (_sem.EnterRead())
        {
            foreach (Listener52 listener in _all)
            {
                SchedulePoint.Reach("R23.before-release");
                listener.OnRelease();
            }
        }
    }

    private Listener52? Take()
    {
        using (_sem.EnterWrite())
        {
            Listener52? first = _all.Count > 0 ? _all[0] : null;
            _all.Remove(first!);
            return first;
        }
    }
}
