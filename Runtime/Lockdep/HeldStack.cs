// What one thread, or one async flow, holds at the moment, and the fast path of acquiring and releasing.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// The held locks of one thread or flow, in the order of acquisition. Used by its owner alone, so nothing here synchronises. Linux: the
/// lockdep part of <c>task_struct</c>.
/// </summary>
/// <remarks>
/// A warm acquisition is one thread-static load, a few comparisons, one multiplication, one probe and one entry written. What is held is
/// recorded also while the validator is quiet, so that it is right when it wakes.
/// </remarks>
internal sealed class HeldStack
{
    /// <summary>How deep a thread may hold. Linux: <c>MAX_LOCK_DEPTH</c>. What is acquired beyond is not recorded, and the validator goes quiet.</summary>
    public const int MaxDepth = 48;

    [ThreadStatic]
    private static HeldStack? t_current;

    private static readonly AsyncLocal<HeldStack?> s_flow = new();
    private static volatile bool s_flowsUsed;
    private static long s_flows;

    private readonly HeldLock[] _held = new HeldLock[MaxDepth];
    private int _depth;

    /// <summary>Whether there is nothing to say about callbacks: the usual case.</summary>
    private bool _isPlain = true;

    private readonly int _thread;

    private HeldStack(string? flow)
    {
        Flow = flow;
        _thread = flow is null ? ManagedThread.Id : 0;
    }

    /// <summary>The stack that an operation of the calling code uses: its flow's, else its thread's.</summary>
    public static HeldStack Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => s_flowsUsed ? FindCurrent() : t_current ?? FindCurrent();
    }

    /// <summary>The flow this stack belongs to; null for a thread's own.</summary>
    public string? Flow { get; }

    /// <summary>The number of the current thread: the stack's own, or the one its flow is on.</summary>
    public int Thread => _thread != 0 ? _thread : ManagedThread.Id;

    /// <summary>The entries, outermost first.</summary>
    public Span<HeldLock> Held => _held.AsSpan(0, _depth);

    /// <summary>The callbacks that are running on this stack.</summary>
    public CallbackContexts Inside { get; private set; }

    /// <summary>The callbacks that may run on top of this stack now.</summary>
    public CallbackContexts Admitted { get; private set; }

    /// <summary>How much waiting the context allows, whatever is held.</summary>
    public WaitType ContextAllows { get; private set; } = WaitType.Async;

    /// <summary>Set while a report is made and delivered, so that locks that a sink takes are not checked.</summary>
    public bool IsReporting { get; set; }

    /// <summary>How many scopes forbid that an allocation reclaims memory. Linux: <c>PF_MEMALLOC_NOFS</c>.</summary>
    public int NoReclaimDepth { get; set; }

    /// <summary>The references that the owner of this stack owns.</summary>
    public OwnedReferences References { get; } = new();

    /// <summary>Begins a flow for the calling code and what it awaits. Answers what the caller restores in the end.</summary>
    public static HeldStack? BeginFlow(string? name)
    {
        HeldStack? outer = s_flow.Value;
        s_flowsUsed = true;
        s_flow.Value = new HeldStack(name ?? "flow " + Interlocked.Increment(ref s_flows));
        return outer;
    }

    /// <summary>Goes back to what <see cref="BeginFlow"/> replaced. Answers the flow that ended.</summary>
    public static HeldStack? EndFlow(HeldStack? outer)
    {
        HeldStack? ended = s_flow.Value;
        s_flow.Value = outer;
        return ended;
    }

    /// <summary>Checks an acquisition and records it; what a report throws leaves nothing recorded.</summary>
    public void Acquire(LockMap map, LockMode mode, in LockNesting nesting, AcquireKind kind, string file, int line)
    {
        int depth = _depth;
        if (IsReporting || (depth == MaxDepth && ReportDepth(map)))
        {
            return;
        }

        ref HeldLock entry = ref Prepare(depth, map, mode, nesting, kind, file, line);
        if (Validator.IsActive)
        {
            var wanted = new Acquisition(Needs(map, kind), _isPlain ? CallbackUsage.None : UsageOf(mode, kind), IsSync: false);
            if (nesting.Outer is not null || !IsKnown(entry, wanted))
            {
                Validator.Check(this, ref entry, wanted);
            }
        }

        if (nesting.Outer is null || !Merge(entry))
        {
            long now = LockMetrics.HoldStarted();
            if (entry.Since != now)
            {
                entry.Since = now;
            }

            _depth = depth + 1;
        }
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
            _isPlain ? CallbackUsage.None : CallbackUsages.Of(Inside, CallbackContexts.None, mode),
            IsSync: true);
        if (!IsKnown(entry, wanted))
        {
            Validator.Check(this, ref entry, wanted);
        }
    }

    /// <summary>Removes the newest entry of a lock, and tells whether it was there and free to go.</summary>
    public ReleaseOutcome Release(LockMap map)
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

    /// <summary>The newest entry of a lock, or of its class where one entry stands for several; -1 where it is not held here.</summary>
    public int IndexOf(LockMap map)
    {
        for (int i = _depth - 1; i >= 0; i--)
        {
            if (_held[i].Map == map || (_held[i].References > 0 && _held[i].Vertex.Class == map.Class))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Changes the mode of a held lock to shared. The chains above change with it. Linux: <c>lock_downgrade</c>.</summary>
    public void Downgrade(LockMap map)
    {
        int index = IndexOf(map);
        if (index >= 0)
        {
            _held[index].Mode = LockMode.Shared;
            for (int i = index; i < _depth; i++)
            {
                Inherit(i);
            }
        }
    }

    /// <summary>Sets the contexts and answers what they were, for the scope that restores them.</summary>
    public (CallbackContexts Inside, CallbackContexts Admitted, WaitType Allows) Change(CallbackContexts inside, CallbackContexts admitted, WaitType allows)
    {
        (CallbackContexts, CallbackContexts, WaitType) before = (Inside, Admitted, ContextAllows);
        (Inside, Admitted, ContextAllows) = (inside, admitted, allows);
        _isPlain = inside == CallbackContexts.None && admitted == CallbackContexts.None;
        return before;
    }

    /// <summary>Forgets everything, for a reset of the validator.</summary>
    public void Clear()
    {
        Array.Clear(_held);
        _depth = 0;
        NoReclaimDepth = 0;
        References.Clear();
        Change(CallbackContexts.None, CallbackContexts.None, WaitType.Async);
    }

    /// <summary>How much waiting is allowed now.</summary>
    public WaitType Allowed() => Min(ContextAllows, AllowedBy(_depth, Inside));

    /// <summary>The first thread-bound lock of a flow that has meanwhile moved to another thread; -1 if none.</summary>
    public int IndexOfStranded()
    {
        for (int i = 0; Flow is not null && i < _depth; i++)
        {
            if (_held[i].Map.Inner is > WaitType.Unchecked and < WaitType.Async && _held[i].Thread != ManagedThread.Id)
            {
                return i;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HeldStack FindCurrent() => (s_flowsUsed ? s_flow.Value : null) ?? (t_current ??= new HeldStack(null));

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
        && (_isPlain || (entry.Vertex.Usage & wanted.Usage) == wanted.Usage)
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
        if (Flow is not null)
        {
            entry.Thread = ManagedThread.Id;
        }

        if (nesting.Outer is not null)
        {
            entry.NestLock = nesting.Outer;
        }

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
