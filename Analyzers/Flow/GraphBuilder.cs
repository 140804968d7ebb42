// From basic blocks to the graph of the flow: finally bodies copied per way in, exceptions made edges, local calls copied in.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>The graph of one member: its entry, the entries of functions that run on their own, and every node.</summary>
internal sealed record FlowGraph(Node Entry, ImmutableDictionary<FunctionBody, Node> Functions, IReadOnlyList<Node> Nodes);

/// <summary>
/// Roslyn's graph has no exception edges and one copy of each finally body, which several branches run through. Here every edge is explicit:
/// a finally body is copied for each place it continues at, so what holds on one way through it never blurs with another, and a local function
/// is copied in where it is called.
/// </summary>
internal sealed class GraphBuilder
{
    /// <summary>Copies multiply with nesting; a body that needs more nodes is not analysed.</summary>
    public const int MaxNodes = 4_000;

    /// <summary>Calls of local functions inside local functions are followed this far; recursion is not followed at all.</summary>
    public const int MaxCallDepth = 6;

    private readonly List<Node> _nodes = new();
    private readonly Dictionary<FunctionBody, Node> _functions = new();
    private readonly Queue<(Frame Frame, Node Node, LoweredBlock Block, Copy? Copy)> _unfilled = new();
    private readonly Queue<FunctionBody> _onTheirOwn = new();
    private FunctionBody _owner = null!;
    private bool _isTooLarge;

    private readonly ISummarySource _summaries;

    private GraphBuilder(ISummarySource summaries) => _summaries = summaries;

    /// <summary>Null where the body is too large.</summary>
    public static FlowGraph? Build(Body body, ISummarySource summaries)
    {
        var builder = new GraphBuilder(summaries);
        Node entry = builder.Enter(body.Main);
        foreach (FunctionBody function in body.Functions.Where(f => f.Contract.HasClauses))
        {
            builder._onTheirOwn.Enqueue(function);
        }

        while (builder._onTheirOwn.Count > 0)
        {
            FunctionBody function = builder._onTheirOwn.Dequeue();
            body.Slots.NoteLaterAssignments(function);
            if (!function.Contract.Unchecked && !builder._functions.ContainsKey(function))
            {
                builder._functions[function] = builder.Enter(function);
            }
        }

        if (builder._isTooLarge)
        {
            body.Limit = $"more than {MaxNodes} nodes";
            return null;
        }

        Loops.Mark(builder._nodes);
        return new FlowGraph(entry, builder._functions.ToImmutableDictionary(), builder._nodes);
    }

    private Node Enter(FunctionBody function)
    {
        _owner = function;
        var frame = new Frame(function, NewNode(NodeKind.Exit, function, 0), NewNode(NodeKind.ThrowExit, function, 0), null, 0);
        Node entry = NodeFor(frame, function.Blocks[0], null);
        while (_unfilled.Count > 0 && !_isTooLarge)
        {
            (Frame owner, Node node, LoweredBlock block, Copy? copy) = _unfilled.Dequeue();
            Fill(owner, node, block, copy);
        }

        return entry;
    }

    private Node NewNode(NodeKind kind, FunctionBody function, int depth)
    {
        var node = new Node(_nodes.Count, kind, function, _owner, depth);
        _nodes.Add(node);
        _isTooLarge |= _nodes.Count > MaxNodes;
        return node;
    }

    /// <summary>The node of a block in a copy; it is filled later, so that long bodies need no deep recursion.</summary>
    private Node NodeFor(Frame frame, LoweredBlock block, Copy? copy)
    {
        if (!frame.Nodes.TryGetValue((block.Ordinal, copy), out Node? node))
        {
            frame.Nodes[(block.Ordinal, copy)] = node = NewNode(NodeKind.Code, frame.Function, frame.Depth);
            _unfilled.Enqueue((frame, node, block, copy));
        }

        return node;
    }

    private void Fill(Frame frame, Node node, LoweredBlock block, Copy? copy)
    {
        Node thrown = Thrown(frame, block.Region, copy);
        Node last = AppendSteps(frame, node, block.Steps, thrown);
        if (block.Kind == BasicBlockKind.Exit)
        {
            last.WhenFalse = frame.Exit;
            return;
        }

        bool jumpsWhenTrue = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
        if (block.ConditionKind == ControlFlowConditionKind.None || block.Condition is Expr.Constant)
        {
            // do { … } while (false) is no loop.
            bool jumps = block.ConditionKind != ControlFlowConditionKind.None && block.Condition is Expr.Constant { Number: var number } && jumpsWhenTrue == (number != 0);
            last.WhenFalse = Target(frame, block, jumps ? block.Conditional : block.FallThrough, copy);
            return;
        }

        Node? fallThrough = Target(frame, block, block.FallThrough, copy);
        Node? conditional = Target(frame, block, block.Conditional, copy);
        last.Condition = block.Condition;
        last.WhenTrue = jumpsWhenTrue ? conditional : fallThrough;
        last.WhenFalse = jumpsWhenTrue ? fallThrough : conditional;
    }

    /// <summary>Puts steps into a node; at a call of a lambda or local function the node ends and its copy comes in. Returns the last node.</summary>
    private Node AppendSteps(Frame frame, Node node, ImmutableArray<Step> steps, Node thrown)
    {
        node.Thrown = thrown;
        var pending = ImmutableArray.CreateBuilder<Step>();
        foreach (Step step in steps)
        {
            if (step is RunStep run)
            {
                if (CanCopy(frame, run.Function))
                {
                    // Inside the copy nothing tells any more that a lock statement before the call has been left.
                    pending.Add(new ArriveStep(run.Syntax));
                    pending.AddRange(Bind(run));
                    node = Split(frame, node, pending, thrown, next => node.WhenFalse = CopyIn(frame, run.Function, next, thrown));
                    pending.Add(new AssignStep(run.Syntax, run.Result, new Expr.Slot(run.Function.ReturnSlot)));
                }

                continue;
            }

            pending.Add(step);
            NoteFunctions(step);
            if (step is CallStep { Functions.IsEmpty: false } call && RunAtOnce(call).Where(f => CanCopy(frame, f.Function)).ToList() is { Count: > 0 } functions)
            {
                node = Split(frame, node, pending, thrown, next => Repeat(frame, node, call, functions, next, thrown));
            }
        }

        node.Steps = pending.ToImmutable();
        return node;
    }

    /// <summary>Functions that may run later get an entry of their own.</summary>
    private void NoteFunctions(Step step)
    {
        if (step is DeferStep defer)
        {
            _onTheirOwn.Enqueue(defer.Function);
        }
        else if (step is CallStep call)
        {
            foreach ((_, FunctionBody function) in call.Functions)
            {
                if (!RunAtOnce(call).Any(f => f.Function == function))
                {
                    _onTheirOwn.Enqueue(function);
                }
            }
        }
    }

    private Node Split(Frame frame, Node node, ImmutableArray<Step>.Builder pending, Node thrown, System.Action<Node> connect)
    {
        node.Steps = pending.ToImmutable();
        pending.Clear();
        Node next = NewNode(NodeKind.Code, frame.Function, frame.Depth);
        next.Thrown = thrown;
        connect(next);
        return next;
    }

    /// <summary>
    /// The callee invokes what it got any number of times, none included, unless its body says how often. Of several functions nobody knows which
    /// comes first.
    /// </summary>
    private void Repeat(Frame frame, Node node, CallStep call, List<(FunctionBody Function, ParameterRun? Run)> functions, Node next, Node thrown)
    {
        ParameterRun? only = functions.Count == 1 ? functions[0].Run : null;
        bool isAlways = only is { IsAlways: true } && call.IsDone;
        if (only is { IsOnce: true })
        {
            Node once = RunIn(frame, call, functions[0], next, thrown);
            node.WhenFalse = isAlways ? once : next;
            if (!isAlways)
            {
                node.Others.Add(once);
            }

            return;
        }

        Node again = NewNode(NodeKind.Code, frame.Function, frame.Depth);
        again.WhenFalse = next;
        again.Others.AddRange(functions.Select(f => RunIn(frame, call, f, again, thrown)));
        node.WhenFalse = isAlways ? again.Others[0] : again;
    }

    /// <summary>One run of a function by a callee; <paramref name="next"/> is where the callee is afterwards.</summary>
    private Node RunIn(Frame frame, CallStep call, (FunctionBody Body, ParameterRun? Run) function, Node next, Node thrown)
    {
        Node before = NewNode(NodeKind.Code, frame.Function, frame.Depth);
        Node after = NewNode(NodeKind.Code, frame.Function, frame.Depth);
        before.Steps = function.Body.ParameterSlots.Select(slot => (Step)new ReceiveStep(call, slot)).ToImmutableArray();
        if (function.Run is { } run && (!run.SaysNothing || function.Body.Invoked.HasClauses))
        {
            before.Steps = before.Steps.Add(new BorrowStep(call, run, function.Body, isEnd: false));
            after.Steps = ImmutableArray.Create<Step>(new BorrowStep(call, run, function.Body, isEnd: true));
        }

        if (function.Run is { IsResult: true } && call.Result >= 0 && function.Body.Method is { IsAsync: false, ReturnsVoid: false })
        {
            after.Steps = after.Steps.Add(new AssignStep(call.Syntax, call.Result, new Expr.Slot(function.Body.ReturnSlot)));
        }

        if (call.Result >= 0 && call is { Method: { Name: nameof(Enumerable.Select), ContainingType.Name: nameof(Enumerable) } })
        {
            after.Steps = after.Steps.Add(new CollectStep(call, function.Body.ReturnSlot));
        }

        before.WhenFalse = CopyIn(frame, function.Body, after, thrown);
        after.WhenFalse = next;
        return before;
    }

    /// <summary>The functions among a call's arguments that are invoked before it returns, by contract or as the callee's body says.</summary>
    private IEnumerable<(FunctionBody Function, ParameterRun? Run)> RunAtOnce(CallStep call)
    {
        MethodSummary? summary = _summaries.Find(call);
        foreach ((int parameter, FunctionBody function) in call.Functions)
        {
            ParameterRun? run = summary?.RunOf(parameter);
            if (run is not null || call.Contract.InstantHandles.Contains(parameter))
            {
                yield return (function, WithPromised(call, parameter, run));
            }
        }
    }

    /// <summary>What a callee's contract says it holds while it invokes a delegate counts like what its body holds; if it does not, that is its own mistake.</summary>
    private static ParameterRun? WithPromised(CallStep call, int parameter, ParameterRun? run)
    {
        ImmutableArray<Effect> promised = call.Contract.Clauses
            .Where(c => c.Kind == ClauseKind.Requires && c.Parameter == parameter)
            .SelectMany(c => c.Paths.Select(p => new Effect(p, IsAcquire: true, c.Mode)))
            .ToImmutableArray();
        run ??= new ParameterRun(parameter, ImmutableArray<Effect>.Empty, ImmutableArray<LockPath?>.Empty);
        return promised.IsEmpty ? run : run with { Held = promised.AddRange(run.Held) };
    }

    private static IEnumerable<Step> Bind(RunStep run) =>
        run.Arguments.Select((argument, i) => new AssignStep(run.Syntax, run.Function.ParameterSlots[i], argument));

    private static bool CanCopy(Frame frame, FunctionBody function)
    {
        if (function.Contract.Unchecked)
        {
            return false;
        }

        for (Frame? current = frame; current is not null; current = current.Caller)
        {
            if (current.Function == function)
            {
                return false;
            }
        }

        return frame.Depth < MaxCallDepth;
    }

    private Node CopyIn(Frame frame, FunctionBody function, Node continuation, Node thrown)
    {
        Node exit = NewNode(NodeKind.Code, frame.Function, frame.Depth);
        exit.WhenFalse = continuation;
        return NodeFor(new Frame(function, exit, thrown, frame, frame.Depth + 1), function.Blocks[0], null);
    }

    private Node? Target(Frame frame, LoweredBlock block, LoweredBranch? branch, Copy? copy)
    {
        switch (branch?.Semantics)
        {
            case ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow:
                return Thrown(frame, block.Region, copy);
            case ControlFlowBranchSemantics.StructuredExceptionHandling:
                return block.Region.Kind == ControlFlowRegionKind.Filter || InFilter(block.Region)
                    ? Thrown(frame, block.Region, copy)
                    : copy?.Continuation;
            case null or ControlFlowBranchSemantics.None or ControlFlowBranchSemantics.Error or ControlFlowBranchSemantics.ProgramTermination:
                return null;
        }

        if (branch.Destination is not { } ordinal)
        {
            return null;
        }

        LoweredBlock destination = Decided(frame.Function, block, frame.Function.Blocks[ordinal]);
        ImmutableArray<ControlFlowRegion> crossed = branch.FinallyRegions;
        Node target = destination.Kind == BasicBlockKind.Exit && branch.Semantics == ControlFlowBranchSemantics.Return
            ? frame.Exit
            : NodeFor(frame, destination, CopyAround(destination.Region, copy));
        for (int i = crossed.Length - 1; i >= 0; i--)
        {
            target = EnterFinally(frame, crossed[i], target, copy);
        }

        return target;
    }

    /// <summary>Where a block leads whose last step settles what the next one only asks: an arm of a switch expression that is true, or false.</summary>
    private static LoweredBlock Decided(FunctionBody function, LoweredBlock from, LoweredBlock to)
    {
        if (from is not { ConditionKind: ControlFlowConditionKind.None } || from.Steps.LastOrDefault() is not AssignStep { Value: Expr.Constant { Number: var known }, Slot: var slot } || !to.Steps.IsEmpty)
        {
            return to;
        }

        bool? holds = to.Condition switch
        {
            Expr.Slot asked when asked.Index == slot => known != 0,
            Expr.Operation { Operator: Operator.Not, Left: Expr.Slot asked } when asked.Index == slot => known == 0,
            _ => null,
        };
        LoweredBranch? taken = holds == (to.ConditionKind == ControlFlowConditionKind.WhenTrue) ? to.Conditional : to.FallThrough;
        return holds is not null && taken is { Destination: { } next, Semantics: ControlFlowBranchSemantics.Regular, FinallyRegions.IsEmpty: true } ? function.Blocks[next] : to;
    }

    private static bool InFilter(ControlFlowRegion region)
    {
        for (ControlFlowRegion? current = region; current is not null; current = current.EnclosingRegion)
        {
            if (current.Kind is ControlFlowRegionKind.Filter or ControlFlowRegionKind.Finally)
            {
                return current.Kind == ControlFlowRegionKind.Filter;
            }
        }

        return false;
    }

    private Node EnterFinally(Frame frame, ControlFlowRegion region, Node continuation, Copy? copy)
    {
        Copy inner = frame.CopyOf(region, continuation, CopyAround(region.EnclosingRegion, copy));
        return NodeFor(frame, frame.Function.Blocks[region.FirstBlockOrdinal], inner);
    }

    /// <summary>The copy that a region lies in, coming from a block inside <paramref name="copy"/>.</summary>
    private static Copy? CopyAround(ControlFlowRegion? region, Copy? copy)
    {
        while (copy is not null && !Encloses(copy.Region, region))
        {
            copy = copy.Outer;
        }

        return copy;
    }

    private static bool Encloses(ControlFlowRegion outer, ControlFlowRegion? inner)
    {
        for (; inner is not null; inner = inner.EnclosingRegion)
        {
            if (inner == outer)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where an exception goes that is thrown in a region.</summary>
    private Node Thrown(Frame frame, ControlFlowRegion? region, Copy? copy)
    {
        // The root of a lambda's graph lies in a region of the graph around it, which is not on the way of its exceptions.
        while (region is not null && region.Kind is not (ControlFlowRegionKind.Try or ControlFlowRegionKind.Root))
        {
            // A handler of the same try does not catch what another handler throws.
            bool isHandler = region.Kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.FilterAndHandler or ControlFlowRegionKind.Finally;
            region = isHandler ? region.EnclosingRegion?.EnclosingRegion : region.EnclosingRegion;
            copy = CopyAround(region, copy);
        }

        if (region is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } guarded })
        {
            return frame.Thrown;
        }

        if (!frame.Dispatches.TryGetValue((region, copy), out Node? dispatch))
        {
            frame.Dispatches[(region, copy)] = dispatch = NewDispatch(frame, guarded, copy);
        }

        return dispatch;
    }

    private Node NewDispatch(Frame frame, ControlFlowRegion guarded, Copy? copy)
    {
        Node outer = Thrown(frame, guarded.EnclosingRegion, CopyAround(guarded.EnclosingRegion, copy));
        if (guarded.Kind == ControlFlowRegionKind.TryAndFinally)
        {
            return EnterFinally(frame, guarded.NestedRegions.First(r => r.Kind == ControlFlowRegionKind.Finally), outer, copy);
        }

        Node dispatch = NewNode(NodeKind.Dispatch, frame.Function, frame.Depth);
        bool catchesAll = false;
        foreach (ControlFlowRegion handler in guarded.NestedRegions.Where(r => r.Kind != ControlFlowRegionKind.Try))
        {
            dispatch.Others.Add(NodeFor(frame, frame.Function.Blocks[handler.FirstBlockOrdinal], copy));
            catchesAll |= handler.Kind == ControlFlowRegionKind.Catch
                && (handler.ExceptionType is null || handler.ExceptionType.SpecialType == SpecialType.System_Object
                    || (handler.ExceptionType.Name == nameof(System.Exception) && handler.ExceptionType.ContainingNamespace is { Name: "System" }));
        }

        if (!catchesAll)
        {
            dispatch.Others.Add(outer);
        }

        return dispatch;
    }

    /// <summary>A copy of a finally body: the region, and where it continues.</summary>
    private sealed class Copy(ControlFlowRegion region, Node continuation, Copy? outer)
    {
        public ControlFlowRegion Region { get; } = region;

        public Node Continuation { get; } = continuation;

        public Copy? Outer { get; } = outer;
    }

    /// <summary>One copy of a function's graph.</summary>
    private sealed class Frame(FunctionBody function, Node exit, Node thrown, Frame? caller, int depth)
    {
        private readonly Dictionary<(ControlFlowRegion Region, Node Continuation, Copy? Outer), Copy> _copies = new();

        public FunctionBody Function { get; } = function;

        public Node Exit { get; } = exit;

        public Node Thrown { get; } = thrown;

        public Frame? Caller { get; } = caller;

        public int Depth { get; } = depth;

        public Dictionary<(int Block, Copy? Copy), Node> Nodes { get; } = new();

        public Dictionary<(ControlFlowRegion Try, Copy? Copy), Node> Dispatches { get; } = new();

        public Copy CopyOf(ControlFlowRegion region, Node continuation, Copy? outer)
        {
            if (!_copies.TryGetValue((region, continuation, outer), out Copy? copy))
            {
                _copies[(region, continuation, outer)] = copy = new Copy(region, continuation, outer);
            }

            return copy;
        }
    }
}
