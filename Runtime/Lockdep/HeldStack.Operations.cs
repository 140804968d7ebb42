// Acquiring and releasing on a held stack: the fast path of the validator.
using System;
using System.Runtime.CompilerServices;

namespace Locking;

/// <remarks>A warm acquisition is one thread-static load, a few comparisons, one multiplication, one probe and one entry written.</remarks>
internal sealed partial class HeldStack
{
    /// <summary>Checks an acquisition and records it; what a report throws leaves nothing recorded.</summary>
    public void Acquire(LockMap map, LockMode mode, in LockNesting nesting, AcquireKind kind, string file, int line)
    {
        int depth = _depth;
        if (!_isPlain || depth >= MaxDepth || nesting.Outer is not null)
        {
            AcquireUnusual(map, mode, nesting, kind, file, line);
            return;
        }

        ref HeldLock entry = ref Prepare(depth, map, mode, nesting, kind, file, line);
        if (Validator.IsActive && !IsWarm(depth, map, kind, entry.Chain))
        {
            Validator.Check(this, ref entry, new Acquisition(Needs(map, kind), CallbackUsage.None, IsSync: false));
        }

        if (LockdepSwitch.Measures)
        {
            entry.Since = LockMetrics.HoldStarted();
        }

        _depth = depth + 1;
    }

    /// <summary>Checks an acquisition that holds nothing afterwards: waiting for others, or what might be acquired.</summary>
    public void Sync(LockMap map, LockMode mode, AcquireKind kind, string file, int line)
    {
        if (!Validator.IsActive || IsReporting || _depth == MaxDepth)
        {
            return;
        }

        ref HeldLock entry = ref Prepare(_depth, map, mode, default, kind, file, line);
        var wanted = new Acquisition(
            Needs(map, kind),
            CallbackUsages.Of(Inside, CallbackContexts.None, mode),
            IsSync: true);
        if (!IsKnown(entry, wanted))
        {
            Validator.Check(this, ref entry, wanted);
        }
    }

    /// <summary>Removes the newest entry of a lock, and tells whether it was there and free to go.</summary>
    public ReleaseOutcome Release(LockMap map)
    {
        int top = _depth - 1;
        if (top >= 0 && !LockdepSwitch.Measures && _held[top].Map == map && _held[top].IsSimple)
        {
            _depth = top;
            return ReleaseOutcome.Released;
        }

        return ReleaseUnusual(map);
    }

    /// <summary>The same for what is not the newest, or not simple, or measured.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReleaseOutcome ReleaseUnusual(LockMap map)
    {
        int index = IndexOf(map);
        if (index < 0)
        {
            // What a sink acquires is not recorded.
            return IsReporting ? ReleaseOutcome.Released : ReleaseOutcome.NotHeld;
        }

        ref HeldLock entry = ref _held[index];
        LockMetrics.Held(map, entry.Since);
        ReleaseOutcome outcome = entry.Pins == 0 ? ReleaseOutcome.Released : ReleaseOutcome.WasPinned;
        if (entry.References > 1)
        {
            entry.References--;
            return outcome;
        }

        _depth--;
        if (index < _depth)
        {
            CloseGap(index);
        }

        _held[_depth].Clean();
        return outcome;
    }

    /// <summary>The same with everything that is rare: a callback, a restriction, a flow, a nest lock, a report under way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AcquireUnusual(LockMap map, LockMode mode, in LockNesting nesting, AcquireKind kind, string file, int line)
    {
        if (IsReporting || (_depth == MaxDepth && ReportDepth(map)))
        {
            return;
        }

        ref HeldLock entry = ref Prepare(_depth, map, mode, nesting, kind, file, line);
        entry.NestLock = nesting.Outer;
        entry.Thread = Thread;
        if (Validator.IsActive)
        {
            var wanted = new Acquisition(Needs(map, kind), UsageOf(mode, kind), IsSync: false);
            if (nesting.Outer is not null || !IsKnown(entry, wanted))
            {
                Validator.Check(this, ref entry, wanted);
            }
        }

        if (nesting.Outer is null || !Merge(entry))
        {
            entry.Since = LockMetrics.HoldStarted();
            _depth++;
        }
    }

    /// <summary>Whether an acquisition like this one was checked before, where nothing is unusual.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsWarm(int depth, LockMap map, AcquireKind kind, ulong chain) =>
        kind == AcquireKind.Blocking
        && (depth == 0 || map.Outer <= _held[depth - 1].Allows)
        && Validator.Chains.Contains(chain);

    private static WaitType Min(WaitType a, WaitType b) => a < b ? a : b;

    private static WaitType Needs(LockMap map, AcquireKind kind) => kind switch
    {
        AcquireKind.Try => WaitType.Unchecked,
        AcquireKind.Await => WaitType.Async,
        _ => map.Outer,
    };

    private CallbackUsage UsageOf(LockMode mode, AcquireKind kind) =>
        CallbackUsages.Of(kind == AcquireKind.Try ? CallbackContexts.None : Inside, Admitted, mode);

    /// <summary>Whether an acquisition like this one was checked before, in a context like this one.</summary>
    private bool IsKnown(in HeldLock entry, in Acquisition wanted) =>
        wanted.Needs <= Allowed()
        && (entry.Vertex.Usage & wanted.Usage) == wanted.Usage
        && (entry.Kind == AcquireKind.Try || Validator.Chains.Contains(entry.Chain))
        && (Flow is null || IndexOfStranded() < 0);

    private bool ReportDepth(LockMap map)
    {
        Validator.ReportLimit(this, map, "held locks of one thread", MaxDepth);
        return true;
    }

    /// <summary>Fills the slot on top, without counting it yet.</summary>
    private ref HeldLock Prepare(int depth, LockMap map, LockMode mode, in LockNesting nesting, AcquireKind kind, string file, int line)
    {
        ref HeldLock entry = ref _held[depth];
        LockSubclass vertex = nesting.Subclass ?? map.Vertex;

        // Mostly the same as last time at this depth, and comparing is cheaper than storing a reference.
        if (entry.Map != map)
        {
            entry.Map = map;
        }

        if (entry.Vertex != vertex)
        {
            entry.Vertex = vertex;
        }

        if ((object)entry.File != file)
        {
            entry.File = file;
        }

        entry.Line = line;
        Inherit(depth, ref entry, mode, kind, Inside);
        return ref entry;
    }

    /// <summary>Under a nest lock the next lock of a class is counted in the entry of the one before, so that their number has no bound.</summary>
    private bool Merge(in HeldLock entry)
    {
        if (_depth == 0 || _held[_depth - 1].NestLock != entry.NestLock || _held[_depth - 1].Vertex != entry.Vertex)
        {
            return false;
        }

        ref HeldLock below = ref _held[_depth - 1];
        below.References = Math.Max(below.References, 1) + 1;
        _held[_depth].Clean();
        return true;
    }

    private WaitType AllowedBy(int depth, CallbackContexts inside) =>
        depth > 0 && _held[depth - 1].Inside == inside ? _held[depth - 1].Allows : WaitType.Async;

    /// <summary>Sets what an entry inherits from the one below: another callback context begins a chain of its own.</summary>
    private void Inherit(int index, ref HeldLock entry, LockMode mode, AcquireKind kind, CallbackContexts inside)
    {
        ulong below = ChainCache.Start(inside);
        WaitType allows = WaitType.Async;
        if (index > 0 && _held[index - 1].Inside == inside)
        {
            below = _held[index - 1].Chain;
            allows = _held[index - 1].Allows;
        }

        WaitType inner = entry.Map.Inner;
        entry.Chain = ChainCache.Extend(below, entry.Vertex.Id, mode);
        entry.Set(mode, kind, inside, inner == WaitType.Unchecked ? allows : Min(allows, inner));
    }

    /// <summary>Moves the entries above a released one down; what they inherit changes with it.</summary>
    private void CloseGap(int index)
    {
        for (int i = index; i < _depth; i++)
        {
            _held[i] = _held[i + 1];
            Inherit(i);
        }
    }

    private void Inherit(int index)
    {
        ref HeldLock entry = ref _held[index];
        Inherit(index, ref entry, entry.Mode, entry.Kind, entry.Inside);
    }
}
