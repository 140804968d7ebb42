// The notifiers of an address space: intervals, their sequence, and the windows that are open.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Mirror;

public sealed partial class MmuNotifiers
{
    /// <summary>Odd while an open window has hit an interval, or might have; the tree does not change then. Written under the lock.</summary>
    [GuardedBy(nameof(_lock))]
    private ulong _sequence = 2;

    [GuardedBy(nameof(_lock))]
    private int _openWindows;

    [GuardedBy(nameof(_lock))]
    private readonly IntervalTree<IntervalNotifier> _intervals = new();

    /// <summary>What is inserted and removed when the tree may change again.</summary>
    [GuardedBy(nameof(_lock))]
    private readonly List<IntervalNotifier> _deferred = [];

    /// <summary>The windows between their start and their end, where validation is on.</summary>
    [GuardedBy(nameof(_lock))]
    private readonly List<AddressRange> _started = [];

    /// <summary>Guards nothing; who waits for the sequence sleeps on it. Linux: the wait queue.</summary>
    private readonly object _changed = new();

    /// <summary>How many intervals there are, those to be inserted included.</summary>
    public int IntervalCount
    {
        get
        {
            using (_lock.Enter())
            {
                return _intervals.Count + _deferred.Count;
            }
        }
    }

    /// <summary>INV-06: nothing is open, deferred, or frozen.</summary>
    internal bool IsQuiet
    {
        get
        {
            using (_lock.Enter())
            {
                return _openWindows == 0 && (_sequence & 1) == 0 && _deferred.Count == 0;
            }
        }
    }

    internal ulong Sequence
    {
        [NoThreadSafetyAnalysis("Whoever waits for another one looks again.")]
        get => Volatile.Read(ref _sequence);
    }

    /// <summary>INV-03: between the start of a window and its end nothing is installed in its range.</summary>
    internal void ExpectNoWindow(AddressRange range)
    {
        if (Lockdep.IsActive)
        {
            CheckNoWindow(range);
        }
    }

    private void CheckNoWindow(AddressRange range)
    {
        using (_lock.Enter())
        {
            MirrorProtocol.Expect(!_started.Exists(window => !window.Clip(range).IsEmpty), $"INV-03: {range} is installed inside a window over it");
        }
    }

    private void NoteStarted(AddressRange range)
    {
        using (_lock.Enter())
        {
            _started.Add(range);
        }
    }

    private void NoteEnding(AddressRange range)
    {
        if (LockdepSwitch.Validates)
        {
            using (_lock.Enter())
            {
                _started.Remove(range);
            }
        }
    }

    /// <summary>Linux: <c>__mmu_interval_notifier_insert</c>.</summary>
    [AcquiresInside(nameof(_lock))]
    internal void Insert(IntervalNotifier interval)
    {
        _mm.Grabs.Grab();
        _mm.Grabs.Disown();
        SchedulePoint.Reach("interval.insert");
        using (_lock.Enter())
        {
            if (_openWindows == 0)
            {
                // Some odd number that is not the current one: whoever begins to read now does not wait.
                _intervals.Add(interval.Node);
                interval.Sequence = _sequence - 1;
            }
            else
            {
                if ((_sequence & 1) != 0)
                {
                    _deferred.Add(interval);
                }
                else
                {
                    // The window has not hit anything, but it may be over this interval: it is taken to have hit.
                    _sequence |= 1;
                    _intervals.Add(interval.Node);
                }

                interval.Sequence = _sequence;
            }
        }
    }

    /// <summary>Linux: <c>mmu_interval_notifier_remove</c>.</summary>
    [Fence("callbacks")]
    [MayBlock]
    internal void Remove(IntervalNotifier interval)
    {
        ulong frozen = 0;
        using (_lock.Enter())
        {
            if ((_sequence & 1) == 0)
            {
                _intervals.Remove(interval.Node);
            }
            else if (!interval.Node.IsInTree)
            {
                _deferred.Remove(interval);
            }
            else
            {
                _deferred.Add(interval);
                frozen = _sequence;
            }
        }

        if (frozen != 0)
        {
            SchedulePoint.Reach("interval.remove");
            AwaitChange(frozen);
        }

        MirrorProtocol.Expect(Volatile.Read(ref interval.CallbackDepth) == 0, "INV-10: a callback runs after its interval was removed");
        _mm.Grabs.DropUnowned();
    }

    /// <summary>Linux: <c>mmu_interval_read_begin</c>.</summary>
    internal ulong ReadBegin(IntervalNotifier interval)
    {
        ulong sequence;
        bool isColliding;
        using (_lock.Enter())
        {
            sequence = Volatile.Read(ref interval.Sequence);
            isColliding = sequence == _sequence;
        }

        if (isColliding)
        {
            SchedulePoint.Reach("R43.wait");
            AwaitChange(sequence);
        }

        return sequence;
    }

    /// <summary>
    /// Sleeps until the sequence is another one: until the last open window has ended. Where the next always begins before that, whoever has waited
    /// for long holds new ones back.
    /// </summary>
    private void AwaitChange(ulong sequence)
    {
        Lockdep.MightBlock("Waiting for an invalidate window");
        if (!TryAwaitChange(sequence, s_patience))
        {
            Interlocked.Increment(ref _windowsExcluded);
            TryAwaitChange(sequence, Timeout.InfiniteTimeSpan);
            AdmitWindows();
        }
    }

    private bool TryAwaitChange(ulong sequence, TimeSpan patience)
    {
        lock (_changed)
        {
            bool isInTime = true;
            while (Sequence == sequence && isInTime)
            {
                isInTime = Monitor.Wait(_changed, patience);
            }

            return Sequence != sequence;
        }
    }

    /// <summary>Linux: <c>mn_itree_inv_start_range</c> and <c>mn_itree_invalidate</c>.</summary>
    /// <returns>Whether no callback refused. Where one did, and where a report throws, the end follows too.</returns>
    private bool StartIntervals(in InvalidateRange range)
    {
        IntervalNotifier? interval;
        ulong sequence;
        using (_lock.Enter())
        {
            _openWindows++;
            interval = _intervals.First(range.Range);
            _sequence |= interval is null ? 0UL : 1UL;
            sequence = _sequence;
        }

        // The tree is frozen now, if anything is in it for us; going through it needs no lock.
        for (; interval is not null; interval = NextFrozen(interval, range.Range))
        {
            if (!CallInvalidate(interval, range, sequence))
            {
                return false;
            }
        }

        return true;
    }

    [NoThreadSafetyAnalysis("The tree does not change while the sequence is odd.")]
    private IntervalNotifier? NextFrozen(IntervalNotifier interval, AddressRange range) => _intervals.Next(interval.Node, range);

    /// <summary>Linux: <c>mn_itree_inv_end</c>.</summary>
    private void EndIntervals()
    {
        using (_lock.Enter())
        {
            MirrorProtocol.Expect(_openWindows > 0, "R32: a window ends that did not start");
            _openWindows--;
            if (_openWindows > 0 || (_sequence & 1) == 0)
            {
                return;
            }

            Volatile.Write(ref _sequence, _sequence + 1);
            foreach (IntervalNotifier interval in _deferred)
            {
                if (interval.Node.IsInTree)
                {
                    _intervals.Remove(interval.Node);
                }
                else
                {
                    _intervals.Add(interval.Node);
                }
            }

            _deferred.Clear();
        }

        Wake();
    }

    [MustNotBlock]
    [NoThreadSafetyAnalysis("A few instructions, under which nobody blocks.")]
    private void Wake()
    {
        lock (_changed)
        {
            Monitor.PulseAll(_changed);
        }
    }
}
