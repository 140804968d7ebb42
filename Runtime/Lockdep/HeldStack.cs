// What one thread, or one async flow, holds at the moment.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// The held locks of one thread or flow, in the order of acquisition. Used by its owner alone, so nothing here synchronises. Linux: the
/// lockdep part of <c>task_struct</c>.
/// </summary>
/// <remarks>What is held is recorded also while the validator is quiet, so that it is right when it wakes.</remarks>
internal sealed partial class HeldStack
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

    private bool _isReporting;

    /// <summary>Whether a thread, not a flow, does the usual: no callback, no restriction, no report.</summary>
    private bool _isPlain;

    private readonly int _thread;

    private HeldStack(string? flow)
    {
        Flow = flow;
        _thread = flow is null ? ManagedThread.Id : 0;
        UpdatePlain();
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
    public bool IsReporting
    {
        get => _isReporting;
        set
        {
            _isReporting = value;
            UpdatePlain();
        }
    }

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
        UpdatePlain();
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

    private void UpdatePlain() =>
        _isPlain = Flow is null && !_isReporting && Inside == CallbackContexts.None && Admitted == CallbackContexts.None && ContextAllows == WaitType.Async;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HeldStack FindCurrent() => (s_flowsUsed ? s_flow.Value : null) ?? (t_current ??= new HeldStack(null));
}
