// Runs the steps of a node on a state: the one place where operations change what is known and held.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow;

/// <summary>
/// Serves the fixpoint, which has no recorder, and the replay, which has one. One for each body; not thread-safe.
/// </summary>
internal sealed partial class Execution
{
    private readonly Body _body;
    private readonly ContractReader _reader;
    private readonly ValueTable _values = new();
    private readonly Dictionary<(Step, LockId), AcquireSite> _sites = new();

    /// <summary>Calls of asynchronous helpers that acquire on some of their ways, and say so.</summary>
    private readonly HashSet<CallStep> _failing = new();

    /// <summary>By what a task said when it was asked whether it has completed.</summary>
    private readonly Dictionary<Value, Answer> _answers = new();

    /// <summary>By task that stands for several: those, where they are known.</summary>
    private readonly Dictionary<Value, TaskGroup?> _parts = new();

    /// <summary>By task that a callee returned: what has to be true for it to be pending.</summary>
    private readonly Dictionary<Value, Premises> _suspends = new();

    /// <summary>Locks that are some type's own, by their class: see <see cref="Lend"/>.</summary>
    private readonly Dictionary<Value, string> _lent = new();

    /// <summary>Objects that were made here and are part of the one that is constructed, and of nothing else; null while there are none.</summary>
    private HashSet<Value>? _embedded;

    private readonly List<State> _current = new();
    private readonly List<State> _next = new();
    private readonly List<State> _thrown = new();
    private Node _node = null!;
    private State _state = null!;
    private bool? _pairsAreOrdered;
    private bool _flagsStay;

    /// <summary>Locks that the body leaves held on ways that its callers cannot tell from others.</summary>
    private readonly HashSet<LockId> _ambiguous = new();

    private readonly ISummarySource _summaries;
    private readonly Callers _callers;

    /// <summary>By bit: parameters that the body lets others have.</summary>
    private int _givenAway;

    public Execution(Body body, ContractReader reader, ISummarySource summaries, Callers callers)
    {
        _body = body;
        _reader = reader;
        _summaries = summaries;
        _callers = callers;
        _values.GuardedSource = GuardedSource;
    }

    public ValueTable Values => _values;

    public Conditions Conditions { get; } = new();

    /// <summary>Set while the body is replayed.</summary>
    public Recorder? Recorder { get; set; }

    /// <summary>Takes a state that enters a function which runs on its own.</summary>
    public Action<FunctionBody, State>? OnDeferred { get; set; }

    /// <summary>Whether a variable is given values in a loop.</summary>
    public Func<int, bool>? ChangesInLoop { get; set; }

    /// <summary>
    /// Runs a node; returns the states behind its steps and, as they were, the states in which a step may throw. The lists are good until the next run.
    /// </summary>
    public (List<State> Completed, List<State> Thrown) Run(Node node, State entry)
    {
        _node = node;
        (List<State> current, List<State> next, List<State> thrown) = (_current, _next, _thrown);
        current.Clear();
        current.Add(entry);
        thrown.Clear();
        foreach (Step step in node.Steps)
        {
            bool mayThrow = step.MayThrow && node.Thrown is not null;
            bool releases = mayThrow && current.Any(s => !s.Holds.IsEmpty && Releases(step, s));
            int before = thrown.Count;
            if (mayThrow && !releases)
            {
                Throw(current, step, node.Thrown!, thrown, isDone: false);
            }

            next.Clear();
            foreach (State state in current)
            {
                _state = state;
                LeaveScopes(step.Syntax);
                Execute(step, next);
            }

            (current, next) = (next, current);
            if (releases)
            {
                Throw(current, step, node.Thrown!, thrown, isDone: true);
            }
            else if (step is CallStep { IsLockOperation: true, IsCancellable: true })
            {
                Fail(thrown, before, current);
            }
        }

        return (current, thrown);
    }

    /// <summary>The task of an acquire that cannot be cancelled ends with the lock, as the acquire would that blocks.</summary>
    private bool IsSureAcquire(Step step, State state)
    {
        Expr? task = step switch
        {
            AwaitStep await => await.Awaited,
            CallStep { Contract.ReturnsReceiver: true } configured => configured.Receiver ?? configured.Arguments.FirstOrDefault(),
            _ => null,
        };
        if (task is null || state.Pending.IsEmpty)
        {
            return false;
        }

        _state = state;
        Value acquiring = Evaluate(task);
        return state.Pending.Any(p => p.Call is { IsLockOperation: true, IsCancellable: false } && ReferenceEquals(p.Task, acquiring));
    }

    /// <summary>A helper that releases has released when it throws, as an operation of the lock itself has.</summary>
    private bool Releases(Step step, State state) =>
        step is CallStep { Contract.HasClauses: false } call
        && (MemberCode.IsDisposal(call.Method) ? state.Guards.Any(g => g.IsHolding) || state.Holds.Any(h => h.CanTravel) : _summaries.Find(call) is { } summary && summary.Exits.Any(e => e.Effects.Any(f => f.IsRelease)));

    /// <summary>An acquire whose task nobody else has is given up with it: it has failed, or will never be waited for.</summary>
    private State Thrown(State state, Step step)
    {
        _state = state;
        if (!state.GivenUp.IsEmpty || state.Holds.Any(h => h.Kind.Transferable))
        {
            state.Throw();
        }

        foreach (PendingAcquire pending in state.Pending)
        {
            bool isAwaited = step is AwaitStep await && ReferenceEquals(Evaluate(await.Awaited), pending.Task);
            if (isAwaited || NameOfVariable(pending.Task) is null)
            {
                state.TakePending(pending.Task);
            }

            foreach (BoundLock @lock in isAwaited && pending.Call is { IsLockOperation: true, IsCancellable: true } ? pending.Locks : ImmutableArray<BoundLock>.Empty)
            {
                state.Fail(@lock.Lock);
            }
        }

        return state;
    }

    /// <summary>What an acquire would have acquired that was cancelled, in the states in which it threw.</summary>
    /// <param name="first">The first of these states.</param>
    private static void Fail(List<State> thrown, int first, List<State> completed)
    {
        for (int i = first; i < thrown.Count; i++)
        {
            foreach (Hold hold in completed.SelectMany(s => s.Holds))
            {
                if (thrown[i].Find(hold.Lock) is null)
                {
                    thrown[i].Fail(hold.Lock);
                }
            }
        }
    }

    /// <summary>Of what leaves the function nothing counts but what is held.</summary>
    /// <param name="isDone">Whether the step has done what it does.</param>
    private void Throw(List<State> current, Step step, Node target, List<State> thrown, bool isDone)
    {
        foreach (State state in current)
        {
            if ((target.Kind != NodeKind.ThrowExit || !state.Holds.IsEmpty) && (isDone || !IsSureAcquire(step, state)))
            {
                thrown.Add(Thrown(state.Copy(), step));
            }
        }
    }

    /// <summary>The value that a node's condition has.</summary>
    public Value Test(Node node, State state)
    {
        _node = node;
        _state = state;
        return Evaluate(node.Condition!);
    }

    /// <summary>The value that a node's condition has if fields keep theirs.</summary>
    public Value TestFlag(Node node, State state)
    {
        _node = node;
        _state = state;
        _flagsStay = true;
        Value flag = Evaluate(node.Condition!);
        _flagsStay = false;
        return flag;
    }

    /// <summary>What a function returned on the paths of a state at its exit.</summary>
    public Value? Returned(FunctionBody function, State state) => state.Slots[function.ReturnSlot];

    private void Execute(Step step, List<State> next)
    {
        switch (step)
        {
            case CallStep call:
                Call(call, next);
                return;
            case AwaitStep await:
                Await(await, next);
                return;
            case AssumeStep assume:
                if (Conditions.Assume(Evaluate(assume.Condition), true, _state))
                {
                    next.Add(_state);
                }

                return;
            case AssignStep assign:
                Value assigned = Take(assign) ?? Evaluate(assign.Value);
                assigned = assigned.IsPartlyUnknown && IsFlag(assign.Slot) ? _values.Replace(assigned, _values.Unknown, Define(ValueKind.Result, assign)) : assigned;
                if (_body.Slots.SymbolOf(assign.Slot) is IParameterSymbol { RefKind: RefKind.Out or RefKind.Ref })
                {
                    KeepProtected(assign, assigned, isReturn: true);
                    KeepView(assign, assigned, AccessKind.ReturnedForReading);
                    HandOn(assigned);
                }

                _state.Slots[assign.Slot] = assigned.IsUnknown && IsFlag(assign.Slot) ? Define(ValueKind.Result, assign) : IsReadEarly(assign, assigned) ? Earlier(assigned) : Released(assign, assigned) ?? assigned;
                break;
            case StoreStep store:
                Store(store, Evaluate(store.Value));
                break;
            case AccessStep access:
                Access(access);
                break;
            case AtomicStep atomic:
                Recorder?.UseAtomically(atomic, atomic.Field);
                break;
            case DerefStep deref:
                AccessThrough(deref, Evaluate(deref.Reference), deref.Kind);
                break;
            case UseStep use:
                Use(use, use.Reference);
                break;
            case BorrowStep borrow:
                Borrow(borrow);
                break;
            case CreateStep create:
                _state.Slots[create.Result] = Define(ValueKind.New, create);
                break;
            case GatherStep gather:
                Gather(gather);
                break;
            case CollectStep collect when _state.Slots[collect.Part] is { } part:
                PutWork(collect, new Expr.Slot(collect.Whole), part);
                break;
            case ReceiveStep receive:
                _state.Slots[receive.Slot] = Define(ValueKind.Result, receive);
                break;
            case EscapeStep escape:
                Value escaping = Evaluate(escape.Value);
                if (escape.IsReturn && _node.Function == _body.Main)
                {
                    Recorder?.Return(isNew: _state.IsFresh(escaping));
                }

                Publish(escaping);
                HandOn(escaping);
                if (escape.IsReturn)
                {
                    KeepProtected(escape, escaping, isReturn: true);
                    KeepView(escape, escaping, AccessKind.ReturnedForReading);
                }

                break;
            case HandOnStep handOn:
                HandOn(Evaluate(handOn.Value));
                break;
            case ElementStep element:
                UseHandedOut(element, Evaluate(element.Array));
                break;
            case UnlinkStep unlink:
                Unlink(Evaluate(unlink.Handler));
                break;
            case DeferStep defer:
                if (defer.Function.Syntax.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax })
                {
                    // The call is not understood.
                    _passedOn.Add(defer.Function);
                }

                Defer(defer.Function, ImmutableArray<Hold>.Empty);
                break;
            case YieldStep:
                Recorder?.Suspend(step, HeldByFunction(), NameOf);
                break;
            case ConvertMethodStep convert:
                ConvertMethod(convert);
                break;
            case WidenStep { IsForLockStatement: false } widen:
                Recorder?.Widen(widen, _reader.KindOf(widen.From)!);
                break;
            case LockedTextStep text:
                Recorder?.LockText(text);
                break;
            case CopyStep copy:
                Recorder?.Copy(copy);
                break;
        }

        next.Add(_state);
    }

    /// <summary>
    /// What the function holds itself: whoever enumerates an iterator under a lock gets its elements back under that lock, and whoever calls an
    /// asynchronous local function gets its task back at its first await.
    /// </summary>
    private IEnumerable<Hold> HeldByFunction() => _node.Depth == 0
        ? _state.Holds.Where(IsToldHere)
        : _state.Holds.Where(h => h.Sites.Any(s => _node.Function.Syntax.Span.Contains(s.Step.Syntax.Span)));

    private static bool IsToldHere(Hold hold) => hold.Origin != HoldOrigin.Inherited && !hold.IsHearsay;

    private void ConvertMethod(ConvertMethodStep step)
    {
        if (Recorder is not null && step is { UsesLater: { } kind, Receiver: { } used })
        {
            UseLater(step, used, kind);
        }

        if (step.Given.IsEmpty)
        {
            CompareContracts(step, ImmutableArray<Clause>.Empty);
        }
    }

    private void CompareContracts(ConvertMethodStep step, ImmutableArray<Clause> given)
    {
        CodeContract contract = _reader.Code(step.Method);
        if (Recorder is not null && contract.HasClauses)
        {
            CodeContract invoked = step.DelegateType is null ? CodeContract.None : _reader.Delegate(step.DelegateType);
            Recorder.ConvertMethod(step, step.Receiver is null ? null : Evaluate(step.Receiver), contract, invoked with { Clauses = invoked.Clauses.AddRange(given) });
        }
    }

    /// <summary>Releases what is held only inside syntax that execution has left; everything, where the function is left.</summary>
    private void LeaveScopes(SyntaxNode? reached)
    {
        while (!_state.Scopes.IsEmpty)
        {
            ScopedHold last = _state.Scopes[_state.Scopes.Length - 1];
            bool isInside = _node.Depth > last.Depth || (_node.Depth == last.Depth && last.Call.Scope!.FullSpan.Contains(reached?.Span ?? default));
            if (isInside)
            {
                return;
            }

            _state.Scopes = _state.Scopes.RemoveAt(_state.Scopes.Length - 1);
            Release(last.Call, last.Lock, null);
        }
    }

    /// <summary>A lambda or local function is handed out: it starts with nothing but what its contract gives it.</summary>
    /// <param name="first">What it is passed as its first argument, where that is known.</param>
    /// <param name="isElsewhere">Whether it begins at once, on another thread.</param>
    private void Defer(FunctionBody function, ImmutableArray<Hold> given, LockId? afterGrace = null, Value? first = null, bool isElsewhere = false)
    {
        foreach (int slot in function.MentionedSlots)
        {
            if (_state.Slots[slot] is { } captured)
            {
                Publish(captured);
                HandOn(captured);
            }
        }

        ImmutableArray<Hold> taken = TakenOver(function);
        foreach (Hold handed in taken)
        {
            if (isElsewhere && handed.CanTravel)
            {
                SendOff(handed.Lock);
            }
            else
            {
                Recorder?.HandOver(handed.Lock);
            }
        }

        if (function.UsesThis)
        {
            Recorder?.HandOutThis(function.Syntax);
        }

        // The replay analyses no function a second time.
        if (OnDeferred is null)
        {
            return;
        }

        State entry = _state.Copy();
        entry.Detach();
        for (int slot = 0; slot < entry.Slots.Length; slot++)
        {
            if (!_body.Slots.IsStable(slot))
            {
                entry.Slots[slot] = _values.Unknown;
            }
        }

        foreach (Hold hold in given.AddRange(taken.Select(h => isElsewhere && h.CanTravel ? h : Hold.Of(h.Lock, h.Kind, HoldOrigin.Assumed, h.Mode))))
        {
            entry.Set(hold);
        }

        if (afterGrace is { } section)
        {
            PassGrace(entry, section);
        }

        State current = _state;
        EnterFunction(function, entry);
        if (first is { IsUnknown: false })
        {
            entry.Slots[function.ParameterSlots[0]] = first;
        }

        _state = current;
        OnDeferred(function, entry);
    }

    /// <summary>Adds what every caller holds, and which of its arguments are new.</summary>
    public void EnterWith(Callers callers, State state)
    {
        _state = state;
        for (int i = 0; callers.NewArguments >> i != 0; i++)
        {
            if ((callers.NewArguments >> i & 1) != 0)
            {
                state.ReceiveNew(_values.Parameter(_body.Main.Method!.Parameters[i]));
            }
        }

        foreach ((LockPath path, LockKind kind, Mode mode) in callers.Held)
        {
            if (FindOwn(path, _body.Main) is { } value && state.Find(Identify(path, value)) is null)
            {
                state.Set(Hold.Of(Identify(path, value), kind, HoldOrigin.Inherited, mode));
            }
        }
    }

    /// <summary>Gives parameters their first values, and holds what the contract of the function requires.</summary>
    public void EnterFunction(FunctionBody function, State state)
    {
        _state = state;
        for (int i = 0; i < function.ParameterSlots.Length; i++)
        {
            state.Slots[function.ParameterSlots[i]] = _values.Parameter(function.Method!.Parameters[i]);
        }

        EnterCaptured(function);
        foreach (Clause clause in function.Contract.Clauses.AddRange(function.Invoked.Clauses))
        {
            EnterClause(function, clause);
        }

        if (function.Method is { AssociatedSymbol: { } guarded } accessor)
        {
            EnterAccessor(accessor, guarded);
        }
    }

    /// <summary>A function with a contract is looked at by itself: the parameters around it are what its callers have in them.</summary>
    private void EnterCaptured(FunctionBody function)
    {
        bool isNamed(IParameterSymbol parameter) => function.Contract.Clauses.Any(c => c.Paths.Any(p => SymbolEqualityComparer.Default.Equals(p.Parameter, parameter)));
        foreach (int slot in function.Contract.HasClauses ? function.MentionedSlots : [])
        {
            if (slot < _state.Slots.Length && _body.Slots.SymbolOf(slot) is IParameterSymbol parameter
                && !SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, function.Symbol) && (_body.Slots.IsStable(slot) || isNamed(parameter)))
            {
                _state.Slots[slot] ??= _values.Parameter(parameter);
            }
        }
    }

    /// <summary>Whoever uses a guarded property holds what guards it, also while the code of the property runs.</summary>
    private void EnterAccessor(IMethodSymbol accessor, ISymbol guarded)
    {
        bool reads = accessor.MethodKind == MethodKind.PropertyGet;
        foreach (LockPath path in _reader.Data(guarded).Guards.SelectMany(g => g.AnyOf))
        {
            if (FindOwn(path, _body.Main) is { } value)
            {
                _state.Set(Hold.Of(Identify(path, value), KindOf(path, value), HoldOrigin.Required, reads ? Mode.Any : Mode.Exclusive) with { IsInAnyMode = reads });
            }
        }
    }
}
