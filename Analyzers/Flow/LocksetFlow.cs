// The flow of locks through one body: a fixpoint over the states at each node, then one replay that tells events.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>What is known of whoever calls a body.</summary>
/// <param name="AreKnown">All of them are in sight: what the body acquires or releases for them is theirs to judge.</param>
/// <param name="Held">What every one of them holds at the call.</param>
internal sealed record Callers(bool AreKnown, ImmutableArray<(LockPath Path, LockKind Kind, Mode Mode)> Held)
{
    /// <summary>Some delegate leads to the member: what it releases, whoever made the delegate may hold.</summary>
    public bool UseDelegates { get; init; }

    /// <summary>Every one of them is still making the object: a constructor for its own, or a body for one that nobody else has yet.</summary>
    public bool OnlyConstruct { get; init; }

    /// <summary>By bit: parameters for which every one of them passes an object that nobody else has yet.</summary>
    public int NewArguments { get; init; }

    public static readonly Callers Unknown = new(false, ImmutableArray<(LockPath, LockKind, Mode)>.Empty);
}

/// <summary>What a flow found out.</summary>
/// <param name="DependsOnForeign">It hands locks, or objects that have them, to code that is not analysed together with it.</param>
/// <param name="DependsOnCallers">Whether something is wrong in it depends on what its callers hold, or do afterwards.</param>
/// <param name="Calls">What is held at calls of methods of this compilation, in terms of the callee.</param>
internal sealed record FlowResult(
    ImmutableArray<LockEvent> Events, MethodSummary Summary, bool DependsOnForeign, bool DependsOnCallers, IReadOnlyDictionary<CallStep, Dictionary<LockPath, (LockKind Kind, Mode Mode)>> Calls)
{
    /// <summary>Calls of objects that somebody else may have.</summary>
    public IReadOnlyCollection<CallStep> CallsOnShared { get; init; } = new HashSet<CallStep>();

    /// <summary>By bit: arguments that somebody else may have.</summary>
    public IReadOnlyDictionary<CallStep, int> SharedArguments { get; init; } = new Dictionary<CallStep, int>();

    /// <summary>What is held where a callee runs a method of this compilation that it got as a delegate, in terms of that method, by place.</summary>
    public IReadOnlyDictionary<(IMethodSymbol Method, SyntaxNode At), Dictionary<LockPath, (LockKind Kind, Mode Mode)>> Throughs { get; init; } =
        new Dictionary<(IMethodSymbol Method, SyntaxNode At), Dictionary<LockPath, (LockKind Kind, Mode Mode)>>();
}

internal sealed class LocksetFlow
{
    /// <summary>States that hold different things at one node; a body that needs more is not analysed.</summary>
    public const int MaxStates = 48;

    /// <summary>Runs of one node on average, over all its states: a guard against our own mistakes, for the fixpoint is monotone.</summary>
    public const int MaxVisitsPerNode = 200;

    /// <summary>Nodes times variables: what states take in memory.</summary>
    public const int MaxStateSize = 4_000_000;

    private static readonly string s_tooManyVisits = $"more than {MaxVisitsPerNode} turns for each node";
    private static readonly string s_tooManyStates = $"more than {MaxStates} states";

    private readonly Body _body;
    private readonly Callers _callers;
    private readonly Execution _execution;
    private readonly FlowGraph _graph;
    private readonly List<State>[] _entries;
    private readonly int[] _order;
    private readonly WorkList _work;
    private readonly Joins _joins;
    private readonly HashSet<State> _dirty = new();
    private readonly bool[] _swept;
    private readonly bool[] _heads;
    private ISet<int>? _changing;
    private readonly CancellationToken _cancellation;
    private bool _isTooLarge;

    private LocksetFlow(Body body, FlowGraph graph, Execution execution, Callers callers, CancellationToken cancellation)
    {
        _callers = callers;
        _body = body;
        _graph = graph;
        _execution = execution;
        _entries = new List<State>[graph.Nodes.Count];
        _order = Orders(graph);
        _work = new WorkList(graph.Nodes, _order);
        _swept = new bool[graph.Nodes.Count];
        _heads = new bool[graph.Nodes.Count];
        _joins = new Joins(_order);
        _cancellation = cancellation;
        var changing = new Lazy<ISet<int>>(() => Loops.ChangingSlots(graph.Nodes));
        execution.ChangesInLoop = slot => changing.Value.Contains(slot);
        execution.OnDeferred = (function, state) =>
        {
            if (graph.Functions.TryGetValue(function, out Node? entry))
            {
                Arrive(entry, state, from: null);
            }
        };
    }

    /// <summary>What the body does; null where it is too large, a limit that Docs/limits.md names.</summary>
    /// <param name="mayHold">Whether it may hold anything at any time. A body that does not is run through once.</param>
    public static FlowResult? Run(Body body, ContractReader reader, Callers callers, ISummarySource summaries, bool mayHold, CancellationToken cancellation)
    {
        FlowGraph? graph = GraphBuilder.Build(body, summaries);
        if (graph is null)
        {
            return null;
        }

        if ((long)graph.Nodes.Count * body.Slots.Count > MaxStateSize)
        {
            body.Limit = $"more than {MaxStateSize} nodes times variables";
            return null;
        }

        var flow = new LocksetFlow(body, graph, new Execution(body, reader, summaries, callers), callers, cancellation);
        return !mayHold ? flow.Sweep() : flow.Solve() ? flow.Replay() : null;
    }

    private void Bound(bool isInBounds, string limit)
    {
        if (!isInBounds)
        {
            _isTooLarge = true;
            _body.Limit = limit;
        }
    }

    private bool Solve()
    {
        EnterAll();
        long visits = 0;
        while (Next() is { } node && !_isTooLarge)
        {
            Visit(node);
            Bound(++visits <= (long)_graph.Nodes.Count * MaxVisitsPerNode, s_tooManyVisits);
        }

        return !_isTooLarge;
    }

    /// <summary>
    /// Where nothing is held, paths need not be told apart: each node is run once, callers of the replay's events included, and what changes in
    /// a loop has no known value in it.
    /// </summary>
    private FlowResult? Sweep()
    {
        _changing = Loops.ChangingSlots(_graph.Nodes);
        foreach (Node node in _graph.Nodes)
        {
            foreach (Node successor in node.Successors)
            {
                _heads[successor.Id] |= _order[successor.Id] <= _order[node.Id];
            }
        }

        Recorder recorder = NewRecorder();
        EnterAll();
        while (Next() is { } node && !_isTooLarge)
        {
            _swept[node.Id] = true;
            Tell(node, recorder);
            Visit(node);
        }

        return _isTooLarge ? null : Result(recorder);
    }

    private Node? Next()
    {
        _cancellation.ThrowIfCancellationRequested();
        return _work.Take();
    }

    private void EnterAll()
    {
        Enter(_body.Main, _graph.Entry, isDeferred: false);
        foreach (FunctionBody function in _body.Functions.Where(f => f.Contract.HasClauses && _graph.Functions.ContainsKey(f)))
        {
            Enter(function, _graph.Functions[function], isDeferred: true);
        }
    }

    private void Enter(FunctionBody function, Node entry, bool isDeferred)
    {
        var state = new State(_body.Slots.Count) { IsDeferred = isDeferred };
        _execution.EnterFunction(function, state);
        if (!isDeferred)
        {
            _execution.OweWaits(function, state);
            _execution.OweRuns(state);
            _execution.EnterWith(_callers, state);
        }

        Arrive(entry, state, from: null);
    }

    private void Visit(Node node)
    {
        List<State> entries = _entries[node.Id];
        for (int i = 0; i < entries.Count; i++)
        {
            State entry = entries[i];
            if (!_dirty.Remove(entry))
            {
                continue;
            }

            // What a sweep has run is not run again.
            (List<State> completed, List<State> thrown) = _execution.Run(node, _changing is null ? entry.Copy() : entry);
            foreach (State state in completed)
            {
                _execution.Recorder?.Escape(state.Escaped);
            }

            foreach (State state in thrown)
            {
                Arrive(node.Thrown!, state, node);
            }

            foreach (State state in completed)
            {
                Leave(node, state);
            }
        }
    }

    /// <summary>Follows the edges of a node; at a branch, each way gets the states in which it can be taken.</summary>
    private void Leave(Node node, State state)
    {
        foreach (Node other in node.Others)
        {
            Arrive(other, state.Copy(), node);
        }

        if (node.Condition is null)
        {
            if (node.WhenFalse is not null)
            {
                Arrive(node.WhenFalse, state, node);
            }

            return;
        }

        Value condition = _execution.Test(node, state);
        _execution.Recorder?.Decide(node, condition);
        State whenTrue = state.Copy();
        if (node.WhenTrue is not null && Take(node, condition, true, whenTrue))
        {
            Arrive(node.WhenTrue, whenTrue, node);
        }

        if (node.WhenFalse is not null && Take(node, condition, false, state))
        {
            Arrive(node.WhenFalse, state, node);
        }
    }

    /// <summary>Restricts a state to one outcome of a branch; false where that cannot be.</summary>
    private bool Take(Node node, Value condition, bool outcome, State state)
    {
        if (!condition.IsUnknown)
        {
            bool isPossible = _execution.Conditions.Assume(condition, outcome, state);
            _execution.ForgiveRuns(state);
            return isPossible;
        }

        Value flag = _execution.TestFlag(node, state);
        if (flag.IsUnknown)
        {
            return true;
        }

        if (_joins.Of(node) is not null)
        {
            state.Part(node, flag, outcome);
        }

        return true;
    }

    private void Arrive(Node node, State arriving, Node? from)
    {
        if ((node.Kind == NodeKind.ThrowExit ? arriving.Thrown() : arriving) is not { } state)
        {
            return;
        }

        List<State> known = _entries[node.Id] ??= new List<State>(1);
        foreach (Parting parting in state.Partings.IsEmpty ? state.Partings : state.Partings.RemoveAll(p => _joins.Of(p.Branch) != node))
        {
            state.Join(parting);
            _execution.Conditions.Assume(parting.Flag, parting.Outcome, state);
        }

        if (_changing is not null)
        {
            if (_swept[node.Id])
            {
                return;
            }

            if (_heads[node.Id])
            {
                state.Widen(node, _changing, _execution.Values);
            }
        }
        else if (node.IsInLoop)
        {
            state.Arrive(node, from is not null && _order[from.Id] >= _order[node.Id], known, _execution.Values, _execution.Conditions);
        }

        State? same = SameOf(known, state);
        if (same is null)
        {
            known.Add(state);
            Bound(known.Count <= MaxStates, s_tooManyStates);
        }
        else if (!same.Merge(state, node, _execution.Values, _execution.Conditions))
        {
            return;
        }

        _dirty.Add(same ?? state);
        _work.Add(node);
    }

    private static State? SameOf(List<State> known, State state)
    {
        foreach (State one in known)
        {
            if (one.HoldsSameAs(state))
            {
                return one;
            }
        }

        return null;
    }

    private FlowResult Replay()
    {
        Recorder recorder = NewRecorder();
        _execution.OnDeferred = null;
        if (_callers.AreKnown && Exit is { } exit)
        {
            _execution.FindAmbiguous(exit, _entries[exit.Id] ?? new List<State>());
        }

        foreach (Node node in _graph.Nodes)
        {
            Tell(node, recorder);
            foreach (State entry in node.Kind is NodeKind.Exit or NodeKind.ThrowExit ? Enumerable.Empty<State>() : Entries(node))
            {
                foreach (State state in _execution.Run(node, entry.Copy()).Completed)
                {
                    recorder.Escape(state.Escaped);
                    if (node.Condition is not null)
                    {
                        recorder.Decide(node, _execution.Test(node, state));
                    }
                }
            }
        }

        return Result(recorder);
    }

    private Recorder NewRecorder() => _execution.Recorder = new Recorder { IsTrusted = _body.Main.Contract.Trusted, Facts = Facts() };

    private IEnumerable<State> Entries(Node node) => _entries[node.Id] ?? Enumerable.Empty<State>();

    /// <summary>Tells what escaped before a node, and judges the states in which a function is left.</summary>
    private void Tell(Node node, Recorder recorder)
    {
        foreach (State entry in Entries(node))
        {
            recorder.Escape(entry.Escaped);
            if (node.Kind is NodeKind.Exit or NodeKind.ThrowExit)
            {
                _execution.Exit(node, entry.Copy());
            }
        }
    }

    private FlowResult Result(Recorder recorder)
    {
        ImmutableArray<LockEvent> events = recorder.Events();
        bool dependsOnCallers = events.Any(e => e is Leaked or Released { Verdict: ReleaseVerdict.NotHeld } or Accessed or Required or Waited { IsHeld: false } or Waited { IsInLoop: false, IsPulse: false });
        return new FlowResult(events, Summarise(recorder), recorder.DependsOnForeign(), dependsOnCallers, recorder.Calls) { Throughs = recorder.Throughs, CallsOnShared = recorder.CallsOnShared, SharedArguments = recorder.SharedArguments };
    }

    private BodyFacts Facts()
    {
        IMethodSymbol? method = _body.Main.Method;
        bool constructs = method is null || MemberCode.Constructs(method);
        bool isHelper = _callers.AreKnown && MemberCode.IsHidden(_body.Main.Symbol, inProgram: false);
        return new BodyFacts(_body.Main.Symbol.OriginalDefinition, isHelper, constructs, MemberCode.IsTeardown(method));
    }

    private Node? Exit => _graph.Nodes.FirstOrDefault(n => n.Kind == NodeKind.Exit && n.Function == _body.Main);

    private MethodSummary Summarise(Recorder recorder)
    {
        Node? exit = Exit;
        IReadOnlyList<State> states = exit is null ? new List<State>() : _entries[exit.Id] ?? new List<State>();
        ImmutableArray<ExitCase> exits = exit is null ? ImmutableArray<ExitCase>.Empty : _execution.ExitCases(exit, states);
        return new MethodSummary
        {
            NeverReturns = states.Count == 0 && _body.Main.Method is { IsAsync: false },
            Exits = exits,
            ReturnsNew = _body.Main is { IsIterator: false, ReturnsOther: false } && recorder.ReturnsNew,
            MayBlock = recorder.MayBlock is { Length: <= MethodSummary.MaxChain } ? recorder.MayBlock : null,
            Inside = recorder.Inside.Where(i => i.Length <= MethodSummary.MaxChain)
                .GroupBy(i => (i.Path, i.Class, i.Mode, i.Kind.IsMonitor))
                .Select(g => g.OrderBy(i => i.Length).First() with { When = g.Select(i => i.When).Aggregate((one, other) => one.Or(other)), IsLate = g.Any(i => i.IsLate), NotHeldAs = g.Select(i => i.NotHeldAs).Aggregate((one, other) => one & other) })
                .Take(MethodSummary.MaxInside)
                .ToImmutableArray(),
            Suspends = _body.Main.Method is { IsAsync: true } ? recorder.Suspends : _execution.SuspensionOf(states),
            Runs = _execution.RunsOf(recorder, states),
            Graces = recorder.Graces.Distinct().ToImmutableArray(),
            Frees = recorder.Frees.Distinct().ToImmutableArray(),
            GivesAway = _execution.GivenAway,
            Leaves = _execution.Leaves(states),
            WaitsFor = recorder.WaitsFor.OrderBy(p => p.Text, System.StringComparer.Ordinal).ToImmutableArray(),
            Awaits = recorder.Awaited(),
            // What it acquires for whoever awaits it is not what it still needs.
            Starts = _execution.StartsOf(recorder, states).RemoveAll(n => exits.Any(e => e.Returned?.Pending.Any(p => p.Path.Equals(n.Path)) == true)),
            StartsArguments = _execution.StartedArguments(states),
            WaitsOnce = recorder.WaitsOnce.OrderBy(p => p.Text, System.StringComparer.Ordinal).ToImmutableArray(),
            Keyed = recorder.KeyedUses(),
            Writes = WrittenMembers.Of(_body),
        };
    }

    /// <summary>Reverse post-order: predecessors first, as far as there are no cycles.</summary>
    private static int[] Orders(FlowGraph graph)
    {
        var order = new int[graph.Nodes.Count];
        int next = graph.Nodes.Count;
        var seen = new bool[graph.Nodes.Count];
        var stack = new Stack<(Node Node, int Next)>();
        foreach (Node start in graph.Functions.Values.Append(graph.Entry).Reverse())
        {
            Open(start);
            while (stack.Count > 0)
            {
                (Node node, int at) = stack.Pop();
                if (at < node.Successors.Count)
                {
                    stack.Push((node, at + 1));
                    Open(node.Successors[at]);
                }
                else
                {
                    order[node.Id] = next--;
                }
            }
        }

        return order;

        void Open(Node node)
        {
            if (!seen[node.Id])
            {
                seen[node.Id] = true;
                stack.Push((node, 0));
            }
        }
    }
}
