// Calls: what a contract asks for, what it changes, and what comes back.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>An enumerator, what it is at, and a part of that: what is in a collection is not looked for behind more calls.</summary>
    private const int MaxTaking = 4;

    /// <summary>New objects among the first arguments of a call are told to the callee.</summary>
    private const int MaxArguments = 30;

    private void Call(CallStep call, List<State> next)
    {
        MethodSummary? summary = _summaries.Find(call);
        if (summary is { Exits.IsEmpty: false } && call.Method is { IsAsync: true, ReturnsVoid: false, ReturnType.TypeKind: not TypeKind.Interface } && !IsAwaitable(call.ResultType))
        {
            // A task of somebody else's making: when it completes, and with what, nobody follows.
            summary = summary with { Exits = ImmutableArray<ExitCase>.Empty };
        }

        Value result = Define(call.IsCreation || (summary is { ReturnsNew: true } && !call.Method.IsAsync) || MemberCode.MakesNew(call.Method) ? ValueKind.New : ValueKind.Result, call);
        Value? receiver = call.IsCreation ? result : call.Receiver is null ? null : Itself(Evaluate(call.Receiver));
        ImmutableArray<Value> arguments = call.Arguments.Select(Evaluate).ToImmutableArray();
        var site = new CallSite(call, receiver, arguments, result);

        CheckRequirements(site);
        UseArguments(site);
        NoteCall(site);
        NoteRuns(site, summary);
        MethodSummary? inside = summary ?? OfHandlers(site) ?? OfIterator(site);
        NoteInside(site, inside);
        NoteBlocking(site, inside);
        NoteWork(site, summary);
        NoteWaitsOnce(site, summary);
        NoteKeyed(site, summary);
        PayWaits(site, summary);
        PayRuns(site, summary);
        NoteForeign(site);
        KeepProtected(site);
        EndDisposed(site);
        if (DisposesGuard(site, summary))
        {
            ReleaseGuard(site, Mode.Any);
            SetResults(site);
            next.Add(_state);
            return;
        }

        if (summary is { IsNeutral: false } && !call.Contract.HasClauses)
        {
            PassGrace(site, summary);
            PublishArguments(site, summary);
            DeferFunctions(site);
            int first = next.Count;
            Apply(site, summary, next);
            for (int i = first; i < next.Count; i++)
            {
                _state = next[i];
                HandOnArguments(site);
                BindByShape(site);
            }

            return;
        }

        NoteCompletion(site);
        PendingAcquire? completed = Completed(site);
        PassGrace(site, null);
        if (call.Contract is { Awaits: true, BlocksUnless: { } completion })
        {
            Assert(completion, Find(completion, site), Mode.Exclusive);
        }

        PublishArguments(site, summary);
        if (!site.Call.IsLockOperation)
        {
            HandOnArguments(site);
        }

        DeferFunctions(site);
        PassOnPending(site);
        BindGuard(site);
        BindByShape(site);
        ReleaseByContract(site);
        bool isAsync = IsAwaitable(call.ResultType);
        if (isAsync && call.Contract.Clauses.Any(c => c.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires))
        {
            AddPending(site);
        }
        else
        {
            AcquireByContract(site);
            AcquirePerhaps(site);
        }

        SetResults(site);
        NoteTask(site, summary);
        if (completed is not null)
        {
            _state.Yield(site.Receiver!, result);
            Settle(completed, result, call.ResultIsDropped, next);
        }
        else if (isAsync)
        {
            next.Add(_state);
        }
        else
        {
            next.AddRange(SplitByResult(site));
        }
    }

    /// <summary>What is known of those who have put a function into the event, or other member, that is invoked.</summary>
    private MethodSummary? OfHandlers(CallSite site) => Recorder is not null && KeptDelegate(site) is { } kept ? _summaries.OfHandlers(kept) : null;

    private MethodSummary? OfIterator(CallSite site) => Recorder is not null && site.Call.IsGoneThrough ? _summaries.OfIterator(site.Call.Method) : null;

    /// <summary>The member whose delegate a call invokes, or one of whose delegates.</summary>
    private ISymbol? KeptDelegate(CallSite site) => site.Call.Method.MethodKind == MethodKind.DelegateInvoke ? KeeperOf(site.Receiver) : null;

    /// <summary>The member of the program that a value was read from, or taken out of.</summary>
    private ISymbol? KeeperOf(Value? value)
    {
        for (int depth = 0; depth < MaxTaking; depth++)
        {
            switch (value is null ? null : Original(value))
            {
                case { Member.Symbol: { } member } when SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, _reader.Compilation.Assembly):
                    return member;
                case { Kind: ValueKind.Result, Data: CallStep { Receiver: { } source, IsCreation: false, Method.DeclaringSyntaxReferences.IsEmpty: true } }:
                    value = Evaluate(source);
                    break;
                case { Kind: ValueKind.Member or ValueKind.Element, First: { } owner }:
                    value = owner;
                    break;
                case { Kind: ValueKind.Operation, First: { } taken, Data: OperationDetail { Detail: Written } }:
                    value = taken;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>What a call calls, in the words of its body.</summary>
    private ISymbol CalleeOf(CallSite site) => KeptDelegate(site) ?? site.Call.Method;

    /// <summary>Tells the replay what a callee runs with, and which delegate parameter is invoked.</summary>
    private void NoteCall(CallSite site)
    {
        if (Recorder is null)
        {
            return;
        }

        IMethodSymbol method = site.Call.Method;
        if (method.MethodKind == MethodKind.DelegateInvoke && site.Receiver is { Kind: ValueKind.Parameter } && !_state.IsDeferred)
        {
            Recorder.Invoke((IParameterSymbol)site.Receiver.Data!, EffectsOf(_state), site.Arguments.Select(a => TryPath(a, LockKind.Monitor)).ToImmutableArray(), (_node, site.Call), ParameterRun.Direct);
        }
        else if (SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _reader.Compilation.Assembly))
        {
            Recorder.Call(site.Call, HeldForCallee(site), Flags());
            if (!_state.HasSuspended)
            {
                Recorder.CallBeforeAwait(site.Call);
            }

            if (!site.Arguments.IsEmpty)
            {
                Recorder.PassShared(site.Call, SharedArguments(site));
            }

            if (!IsFresh(site.Receiver))
            {
                Recorder.CallsOnShared.Add(site.Call);
            }

            if (IsPerhapsUnderLockOf(method.ContainingType))
            {
                Recorder.CallPerhapsHeld(site.Call);
            }

            if (!site.Call.Contract.HasClauses && _summaries.IsForeign(method))
            {
                Recorder.HandOut(site.Receiver ?? _values.Unknown, method);
                foreach (Value argument in site.Arguments)
                {
                    Recorder.HandOut(argument, method);
                }
            }
        }
    }

    /// <summary>By bit: arguments that others may have, those in front of them at least.</summary>
    private int SharedArguments(CallSite site)
    {
        int shared = ~0;
        for (int i = 0; i < site.Arguments.Length && i < MaxArguments; i++)
        {
            shared &= IsFresh(site.Arguments[i]) ? ~(1 << i) : ~0;
        }

        return shared;
    }

    /// <summary>What the contract asks for before the call.</summary>
    private void CheckRequirements(CallSite site)
    {
        foreach (Clause clause in site.Call.Contract.Clauses)
        {
            foreach (LockPath path in clause.Paths)
            {
                switch (clause.Kind)
                {
                    case ClauseKind.Requires or ClauseKind.Excludes when clause.Parameter >= 0:
                        CheckGuard(site, clause, path);
                        break;
                    case ClauseKind.Requires when !IsUntil(path, site.Call.Contract):
                        Require(site, path, Find(path, site), clause.Mode);
                        break;
                    case ClauseKind.Excludes:
                        Exclude(site, path);
                        break;
                    case ClauseKind.AssertsHeld:
                        Assert(path, Find(path, site), clause.Mode);
                        break;
                    case ClauseKind.Waits or ClauseKind.Pulses:
                        Wait(site, path, clause.Kind == ClauseKind.Pulses);
                        break;
                    case ClauseKind.TryAcquires when clause.Until is { } until:
                        Require(site, until, Find(until, site), Mode.Shared, isCheck: true);
                        break;
                }
            }
        }

        foreach (Clause clause in site.Call.OfOwnParameter.Where(c => c.Kind == ClauseKind.Requires))
        {
            foreach (LockPath path in clause.Paths)
            {
                Require(site, path, FindOwn(path), clause.Mode);
            }
        }
    }

    /// <summary>The lock that a check must be made under is asked for once, by the check.</summary>
    private static bool IsUntil(LockPath path, CodeContract contract) => contract.Clauses.Any(c => path.Equals(c.Until));

    private void Require(CallSite site, LockPath path, Value? value, Mode mode, bool isCheck = false)
    {
        if (Recorder is null || (value is null && path.Root != PathRoot.AnyOfClass))
        {
            return;
        }

        if (path.Kind.Transferable)
        {
            // Whoever has it may use it, until he gives it back.
            UseHandedOut(site.Call, value);
            return;
        }

        if (value is not null)
        {
            Recorder.Mention(value);
        }

        bool isOwn = value is not null && (IsFresh(value) || IsOwnUnderConstruction(value) || (value.Kind == ValueKind.This && _node.Function.Contract.Trusted));
        Lack lack = isOwn ? Lack.None : LackOf(path, value, mode, _state.Holds);
        bool wasHeld = value is not null && _state.GivenUp.Contains(Identify(path, value));
        bool heldWhereMade = lack != Lack.None && !wasHeld && LackOf(path, value, mode, _state.Outer) == Lack.None;
        string name = value is null ? path.Text : NameOf(value) ?? path.Text;
        Recorder.Require(site.Call, new Requirement(path, name, mode, lack, wasHeld, heldWhereMade, WeakerThan(path, value), isCheck));
    }

    /// <summary>A reference to the same object that is held where another is asked for.</summary>
    private string? WeakerThan(LockPath path, Value? value) =>
        path.Kind.Capability != CapabilityKind.Reference || value?.First is not { } owner
            ? null
            : _state.Holds.Where(h => h.Kind.Capability == CapabilityKind.Reference && h.Origin != HoldOrigin.Owed && ReferenceEquals(h.Lock.Value.First, owner))
                .Select(h => NameOf(h.Lock.Value))
                .FirstOrDefault();

    private bool IsOwnUnderConstruction(Value value) =>
        value.Root.Kind == ValueKind.This
        && !_state.IsDeferred
        && _body.Main.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } or IMethodSymbol { IsInitOnly: true } or IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false };

    private void Exclude(CallSite site, LockPath path)
    {
        Value? value = Find(path, site);
        Hold? held = path.Root == PathRoot.AnyOfClass
            ? _state.Holds.FirstOrDefault(h => IsOfClass(h, path))
            : value is null ? null : _state.Find(Identify(path, value));
        string name = held is null ? path.Text : NameOf(held.Lock.Value) ?? path.Text;
        if (held is { Origin: HoldOrigin.Inherited } && AcquiresInside(site, held.Lock))
        {
            // Those who call the body with the lock held see that it is acquired in here.
            return;
        }

        Recorder?.Exclude(site.Call, name, held is { Origin: not HoldOrigin.Owed } ? held : null);
    }

    private bool AcquiresInside(CallSite site, LockId @lock) =>
        _summaries.Find(site.Call) is { } summary && summary.Inside.Any(i => i.Path is { } inner && Find(inner, site) is { } acquired && Identify(inner, acquired) == @lock);

    /// <summary>
    /// What an assertion finds to be held while a lock of the same member is held may be that lock by another name, and goes with it.
    /// </summary>
    /// <param name="isHearsay">A callee found it on some of its ways only.</param>
    /// <param name="isAsked">A test in the body found it.</param>
    private void Assert(LockPath path, Value? value, Mode mode, bool isHearsay = false, bool isAsked = false)
    {
        if (value is null)
        {
            return;
        }

        LockId @lock = Identify(path, value);
        Hold? hold = _state.Find(@lock);
        if (hold is null or { Origin: HoldOrigin.Owed })
        {
            Hold? alias = @lock.Member is null ? null : _state.Holds.FirstOrDefault(h => h.Lock != @lock && h.Lock.Member == @lock.Member && h.Origin != HoldOrigin.Owed);
            _state.Set(Hold.Of(@lock, KindOf(path, value), HoldOrigin.Assumed, mode) with { Until = alias?.Lock, IsHearsay = isHearsay, WasAsked = isAsked });
        }
        else if (!hold.Satisfies(mode))
        {
            // Held shared and asserted exclusive: the holder knows more than we do.
            _state.Set(hold with { Exclusive = hold.Count, Shared = 0, Upgradeable = 0 });
        }
    }

    private void Wait(CallSite site, LockPath path, bool isPulse)
    {
        if (Find(path, site) is not { } value)
        {
            return;
        }

        LockId @lock = Identify(path, value);
        if (!isPulse)
        {
            _state.WaitOn(@lock);
        }

        if (Recorder is null)
        {
            return;
        }

        bool isHeld = LackOf(path, value, Mode.Exclusive, _state.Holds) == Lack.None;
        bool mayBeHeld = isHeld || NameOf(value) is null || IsPerhapsHeld(@lock);
        Hold? own = isHeld ? _state.Find(@lock) : PerhapsSame(@lock);
        ImmutableArray<Hold> others = HeldHere().RemoveAll(h => h.Lock == own?.Lock);
        string? forbidden = Forbidden();
        if (!isPulse && (mayBeHeld || _callers.AreKnown) && !NeverWaits(site))
        {
            LockPath? givesUp = TryPath(value, LockKind.Monitor);
            bool isOwn = _state.IsDeferred || givesUp is null || _state.Holds.Any(h => h.Origin == HoldOrigin.Owed);
            var wait = new Blocking(Display(site.Call.Method), site.Call.Syntax, null, null)
            {
                When = PremisesOf(), GivesUp = givesUp, ToldUnder = others.Select(h => ClassOf(h.Lock.Value)).OfType<string>().ToImmutableHashSet(),
            };
            Recorder.Block(site.Call, wait, forbidden, others, NameOf, isOwn, isAcquire: false);
        }

        bool isLoopOfCaller = !isPulse && site.Call.Method.Parameters.Length == 1 && HandOnWait(value, own);
        Recorder.Wait(site.Call, NameOf(value) ?? path.Text, isPulse, mayBeHeld, _node.IsInLoop || isLoopOfCaller, @lock, _state);
    }

    /// <summary>A helper that waits once, for callers that are all in sight and hold the lock: whether there is a loop is seen where it is called.</summary>
    private bool HandOnWait(Value value, Hold? own)
    {
        bool isForCaller = _callers.AreKnown && !_node.IsInLoop && !_state.IsDeferred && own is not { Origin: HoldOrigin.Acquired };
        if (isForCaller && TryPath(value, LockKind.Monitor) is { } path)
        {
            Recorder!.WaitsOnce.Add(path);
            return true;
        }

        return false;
    }

    /// <summary>What a member of the same object looks for, or adds, under a lock of its own. Under a lock that is held anyway nothing comes in between.</summary>
    private void NoteKeyed(CallSite site, MethodSummary? summary)
    {
        foreach (KeyedUse use in Recorder is null || summary is null || site.Receiver is { Kind: not ValueKind.This } ? ImmutableArray<KeyedUse>.Empty : summary.Keyed)
        {
            if (Find(use.Lock, site) is { } value && _state.Find(Identify(use.Lock, value)) is null)
            {
                Recorder!.CallKeyed(site.Call, _node, use);
            }
        }
    }

    /// <summary>What a helper waits for once is waited for here.</summary>
    private void NoteWaitsOnce(CallSite site, MethodSummary? summary)
    {
        foreach (LockPath path in Recorder is null || summary is null ? ImmutableArray<LockPath>.Empty : summary.WaitsOnce)
        {
            if (Find(path, site) is { } value && Identify(path, value) is var @lock && !HandOnWait(value, _state.Find(@lock)) && _state.Find(@lock) is { Origin: not HoldOrigin.Owed })
            {
                Recorder!.Wait(site.Call, NameOf(value) ?? path.Text, isPulse: false, isHeld: true, _node.IsInLoop, @lock, _state);
            }
        }
    }

    private Value? Find(LockPath path, CallSite site)
    {
        ITypeSymbol? through = site.Call.Method.ContainingType;
        return Resolve(path, site.Receiver, site.Arguments, site.Result, through);
    }

    /// <summary>A path in terms of the member that is being analysed.</summary>
    private Value? FindOwn(LockPath path, FunctionBody? function = null, Value? returned = null)
    {
        ImmutableArray<Value> arguments = (function ?? _node?.Function ?? _body.Main).ParameterSlots
            .Select((slot, i) => (function ?? _node?.Function ?? _body.Main).Method is not { } m ? _values.Unknown : GivenOutBy(m.Parameters[i], slot) ?? _values.Parameter(m.Parameters[i]))
            .ToImmutableArray();
        // Some instance of a class is held at entry, and nobody knows which: the class itself stands for it.
        return path.Root == PathRoot.AnyOfClass ? _values.Text(path.Text) : Resolve(path, _values.This, arguments, returned, null);
    }

    /// <summary>What a body has put into a parameter that hands something out: nobody passed it.</summary>
    private Value? GivenOutBy(IParameterSymbol parameter, int slot) =>
        parameter.RefKind == RefKind.Out && _state is not null && slot < _state.Slots.Length && _state.Slots[slot] is { Kind: not ValueKind.Phi } given ? given : null;

    private void ReleaseByContract(CallSite site)
    {
        foreach (Clause clause in site.Call.Contract.Clauses.Where(c => c.Kind == ClauseKind.Releases))
        {
            foreach (LockPath path in clause.Paths)
            {
                if (clause.Parameter >= 0)
                {
                    ReleaseByGuard(site, clause, path);
                }
                else if (IsGuardItself(path, site))
                {
                    ReleaseGuard(site, clause.Mode);
                }
                else if (Locked(path, site, clause.Mode) is { } released)
                {
                    Release(site.Call, released, Spelling(path, site.Call));
                }
                else if (path.Kind.Transferable)
                {
                    HandOn(null);
                }
            }
        }
    }

    private void AcquireByContract(CallSite site)
    {
        foreach (Clause clause in site.Call.Contract.Clauses.Where(c => c.Kind == ClauseKind.Acquires))
        {
            foreach (LockPath path in clause.Paths)
            {
                if (clause.Parameter >= 0)
                {
                    AcquireByGuard(site, clause, path);
                }
                else if (IsGuardItself(path, site))
                {
                    AcquireGuard(site, clause.Mode, isTry: false);
                }
                else if (Locked(path, site, clause.Mode) is { } acquired)
                {
                    Acquire(site.Call, acquired, Spelling(path, site.Call), isTry: false, MakesGuard(site));
                    if (site.Call.Scope is not null)
                    {
                        _state.Scopes = _state.Scopes.Add(new ScopedHold(site.Call, acquired, _node.Depth));
                    }
                }
                else if (!path.Kind.Transferable)
                {
                    _state.AcquireUnnamed();
                }
            }
        }
    }

    /// <summary>What may have been acquired may be released; nobody is told to.</summary>
    private void AcquirePerhaps(CallSite site)
    {
        if (site.Call.Contract.MayAcquire.Any(p => !Conditions.FactOf(site.Arguments[p], _state).IsSubsetOf(ValueSet.Zero)))
        {
            _state.AcquireUnnamed();
        }
    }

    /// <summary>The lock that a contract names at a call, with what is known of it; null where it has no name or is no lock.</summary>
    private BoundLock? Locked(LockPath path, CallSite site, Mode mode)
    {
        if (Find(path, site) is not { } value)
        {
            return null;
        }

        string? name = NameOf(value) ?? NameByResult(path, site.Call);
        return site.Call.LockedAs is { } kind
            ? new BoundLock(new LockId(value, IsMonitor: false), kind, mode, name)
            : new BoundLock(Identify(path, value), KindOf(path, value), mode, name);
    }

    /// <summary>What comes with a result has the name of the variable that the result goes to; one that goes nowhere, that of the call.</summary>
    private static string? NameByResult(LockPath path, CallStep call)
    {
        string? target = path.Root != PathRoot.Result ? null
            : NameOfTarget(call.Syntax) ?? (path.Kind.Transferable ? null : call.Method.Name + "()");
        return target is null ? null : string.Join(".", path.Members.Select(m => m.Name).Prepend(target));
    }

    /// <summary>How a lock is spelled at a call; null where the spelling is not the user's.</summary>
    private Expr? Spelling(LockPath path, CallStep call)
    {
        Expr? root = path.Root switch
        {
            PathRoot.This => call.Receiver,
            PathRoot.Parameter => path.Ordinal < call.Arguments.Length ? call.Arguments[path.Ordinal] : null,
            _ => null,
        };
        return root is not null && IsSpelled(root) ? path.Members.Aggregate(root, (owner, member) => new Expr.Member(owner, member)) : null;
    }

    private bool IsSpelled(Expr expr) => expr switch
    {
        Expr.Member member => IsSpelled(member.Target),
        Expr.Element element => !_node.IsInLoop && IsSpelled(element.Array) && IsSpelled(element.Index),
        Expr.Slot slot => _body.Slots.SymbolOf(slot.Index) is not null,
        _ => expr is Expr.This or Expr.Static or Expr.Constant,
    };

    /// <summary>Objects that are passed to code that is not followed are no longer private to the body.</summary>
    private void PublishArguments(CallSite site, MethodSummary? summary)
    {
        if (site.Call.IsLockOperation || site.Call.Contract.Clauses.Any(c => c.Kind is ClauseKind.Waits or ClauseKind.Pulses))
        {
            return;
        }

        for (int i = 0; i < site.Arguments.Length; i++)
        {
            Value argument = site.Arguments[i];
            if (i >= MaxArguments || ((summary?.GivesAway ?? ~0) >> i & 1) != 0)
            {
                PutInto(site.Receiver, argument);
            }

            if (argument.Kind == ValueKind.This || argument is { Kind: ValueKind.MethodGroup, First.Kind: ValueKind.This })
            {
                Recorder?.HandOutThis(site.Call.Syntax, isObject: argument.Kind == ValueKind.This);
            }
        }
    }

    private void DeferFunctions(CallSite site)
    {
        foreach ((int parameter, FunctionBody function) in site.Call.Functions)
        {
            if (site.Call.RunAtOnce.Contains(function) || _summaries.Find(site.Call)?.RunOf(parameter) is not null)
            {
                continue;
            }

            CodeContract invoked = _reader.Delegate(site.Call.Method.Parameters[parameter].Type);
            IEnumerable<(LockPath Path, Clause Clause, Value? Value)> given = site.Call.Contract.Clauses
                .Where(c => c.Kind == ClauseKind.Requires && c.Parameter == parameter)
                .SelectMany(c => c.Paths.Select(p => (p, c, Find(p, site))));
            ImmutableArray<Hold> holds = given
                .Where(g => g.Value is not null)
                .Select(g => Hold.Of(Identify(g.Path, g.Value!), KindOf(g.Path, g.Value!), HoldOrigin.Required, g.Clause.Mode))
                .ToImmutableArray();
            if (site.Call.Contract.AfterCompletion.Contains(parameter))
            {
                holds = holds.AddRange(CompletedParameters(function)).AddRange(ContinuedWith(function, site));
            }

            if (site.Call.IsAwaitedAtOnce && !UsesLocks(function))
            {
                holds = holds.AddRange(_state.Holds.Where(h => h.CanTravel).Select(h => Hold.Of(h.Lock, h.Kind, HoldOrigin.Assumed, h.Mode)));
            }

            if (MayRun(site, parameter))
            {
                _passedOn.Add(function);
            }

            LockId? after = site.Call.Contract.AfterGracePeriod.TryGetValue(parameter, out LockPath? domain) && Find(domain, site) is { } section
                ? Identify(domain, section)
                : null;
            Defer(function, holds, after, StateFor(function, parameter, site), RunsElsewhere(site, parameter));
        }

        foreach (ConvertMethodStep method in Recorder is null ? ImmutableArray<ConvertMethodStep>.Empty : site.Call.Methods)
        {
            CompareContracts(method, method.Given.Select(c => InTermsOf(method, c, site)).ToImmutableArray());
        }

        SendOffWithMethods(site);
    }

    /// <summary>
    /// What a parameter promises to hold is as good as a contract of the delegate type; the method that it gets names the same lock in its own words. An
    /// object without a name may be the one that is meant.
    /// </summary>
    private Clause InTermsOf(ConvertMethodStep method, Clause given, CallSite site)
    {
        Value? receiver = method.Receiver is null ? null : Evaluate(method.Receiver);
        IEnumerable<LockPath> asked = _reader.Code(method.Method).Clauses.SelectMany(c => c.Paths).Where(p => p.Root != PathRoot.Parameter);
        return given with
        {
            Parameter = -1,
            Paths = given.Paths
                .SelectMany(p => Find(p, site) is { } held && (receiver is null || NameOf(receiver) is not null)
                    ? asked.Where(a => ReferenceEquals(held, Resolve(a, receiver, ImmutableArray<Value>.Empty, null, null)))
                    : [p])
                .ToImmutableArray(),
        };
    }

    /// <summary>What a function that runs elsewhere gets as its first parameter: the object that is passed for it, as in <c>new Timer(callback, state, …)</c>.</summary>
    private static Value? StateFor(FunctionBody function, int parameter, CallSite site)
    {
        if (!site.Call.Contract.RunElsewhere.Contains(parameter) || function.Method is not { Parameters: { IsEmpty: false } own } || own[0].Type.SpecialType != SpecialType.System_Object)
        {
            return null;
        }

        int state = site.Call.Method.Parameters.FirstOrDefault(p => p.Ordinal > parameter && p.Type.SpecialType == SpecialType.System_Object)?.Ordinal ?? int.MaxValue;
        return state < site.Arguments.Length ? site.Arguments[state] : null;
    }

    /// <summary>One that acquires anything itself is judged on its own: what it waits for is found where its caller waits for it.</summary>
    private bool UsesLocks(FunctionBody function) => function.Blocks.IsDefault || Steps.Of(function)
        .OfType<CallStep>()
        .Any(c => c.IsLockOperation || c.Scope is not null || _summaries.Find(c) is { Inside.IsEmpty: false } or { Locks: true });

    private void SetResults(CallSite site)
    {
        CallStep call = site.Call;
        if (call.Result >= 0)
        {
            _state.Slots[call.Result] = call.Contract.ReturnsReceiver && (site.Receiver ?? site.Arguments.FirstOrDefault()) is { } same ? same : ViewOf(site) ?? site.Result;
        }

        for (int i = 0; i < call.Written.Length; i++)
        {
            if (call.Written[i] >= 0 && !IsLent(call, i))
            {
                _state.Slots[call.Written[i]] = WrittenValue(site, i);
            }
        }
    }

    /// <summary>A guard that is passed by reference is used there, and stays the guard that it is.</summary>
    private bool IsLent(CallStep call, int parameter) =>
        call.Method.Parameters[parameter].RefKind == RefKind.Ref && _state.Slots[call.Written[parameter]] is { } guard && _state.Guard(guard) is { IsHolding: true };

    /// <summary>Of a value that a call has put into a variable.</summary>
    public const string Written = "written";

    private Value WrittenValue(CallSite site, int parameter)
    {
        Value value = _values.Operation(Operator.Other, site.Result, _values.Number(parameter), Written);
        bool always = site.Call.Contract.Clauses.Any(c => c.Kind == ClauseKind.Acquires && c.Parameter < 0);
        foreach (Clause clause in site.Call.Contract.Clauses)
        {
            // An acquire that always succeeds and tells so: the flag of Monitor.Enter.
            if (always && clause.Kind == ClauseKind.TryAcquires && clause.Parameter == parameter)
            {
                _state.SetFact(value, clause.Result);
            }
        }

        return value;
    }

    /// <summary>Where a result decides, the paths part: those that returned it, and the others.</summary>
    private List<State> SplitByResult(CallSite site)
    {
        var states = new List<State> { _state };
        bool always = site.Call.Contract.Clauses.Any(c => c.Kind == ClauseKind.Acquires && c.Parameter < 0);
        foreach (Clause clause in site.Call.Contract.Clauses)
        {
            bool decides = clause.Kind is ClauseKind.TryAcquires or ClauseKind.ReleasesWhen or ClauseKind.TestsHeld;
            if (!decides || (always && clause.Parameter >= 0))
            {
                continue;
            }

            if (site.Call.ResultIsDropped && clause is { Kind: ClauseKind.TryAcquires, Parameter: < 0 } && !IsEndless(site))
            {
                // Whoever waits for a signal for a while may not care which of the two came.
                Recorder?.IgnoreTry(site.Call, clause.Paths.Select(p => Locked(p, site, clause.Mode)).Where(l => l is { Kind.IsSignal: false }).ToImmutableArray()!);
            }

            Value told = clause.Parameter >= 0 && clause.Parameter < site.Call.Written.Length && site.Call.Written[clause.Parameter] >= 0
                ? _state.Slots[site.Call.Written[clause.Parameter]]!
                : site.Result;
            states = states.SelectMany(s => Split(s, site, clause, told)).ToList();
        }

        return states;
    }

    private List<State> Split(State before, CallSite site, Clause clause, Value told)
    {
        var states = new List<State>();
        NoteAnswer(site, clause, told);
        if (IsCheck(clause) && Locked(clause.Paths[0], site, clause.Mode) is { } check)
        {
            NoteCheck(site, check.Lock);
        }

        if (clause.Kind == ClauseKind.TestsHeld && site.Call.ResultType?.SpecialType == SpecialType.System_Int32)
        {
            // How often it is held.
            Restrict(before, told, ValueSet.NonNegative);
        }

        State other = before.Copy();
        if (Restrict(before, told, clause.Result))
        {
            _state = before;
            if (Take(site, clause))
            {
                states.Add(before);
            }
        }

        bool fails = clause.Kind != ClauseKind.TryAcquires || !IsEndless(site);
        if (fails && Restrict(other, told, clause.Result.ComplementIn(site.Call.ResultType)) && (clause.Kind != ClauseKind.TryAcquires || HasLimit(other, site)))
        {
            _state = other;
            if (IsCheck(clause) && Locked(clause.Paths[0], site, clause.Mode) is { } token)
            {
                NoteFailedCheck(site, token.Lock);
            }

            if (clause.Kind == ClauseKind.TestsHeld && Locked(clause.Paths[0], site, clause.Mode) is { } asked)
            {
                Recorder?.FindNotHeld(asked.Lock.Value, clause.Mode);
            }

            if (clause.Kind != ClauseKind.TestsHeld || !IsCertain(site, clause))
            {
                states.Add(other);
            }
        }

        _state = states.FirstOrDefault() ?? before;
        return states;
    }

    /// <summary>Whether what was read before is looked at again: the retry check of a sequence, with or without a lock that it needs.</summary>
    private static bool IsCheck(Clause clause) => clause.Kind == ClauseKind.TryAcquires && (clause.Until is not null || clause.Paths[0].Kind.Capability == CapabilityKind.Token);

    private bool Restrict(State state, Value told, ValueSet set)
    {
        ValueSet fact = Conditions.FactOf(told, state).Intersect(set);
        if (fact.IsEmpty)
        {
            return false;
        }

        if (told.Kind is not (ValueKind.Number or ValueKind.Unknown))
        {
            state.SetFact(told, fact);
        }

        return true;
    }

    /// <summary>Applies a conditional clause where its result was returned; false where that cannot be.</summary>
    private bool Take(CallSite site, Clause clause)
    {
        foreach (LockPath path in clause.Paths)
        {
            if (IsGuardItself(path, site))
            {
                AcquireGuard(site, clause.Mode, isTry: true);
                continue;
            }

            if (Locked(path, site, clause.Mode) is not { } @lock)
            {
                continue;
            }

            if (clause.Kind == ClauseKind.ReleasesWhen)
            {
                Release(site.Call, @lock with { Mode = Mode.Any }, Spelling(path, site.Call));
            }
            else if (clause.Kind == ClauseKind.TestsHeld)
            {
                Assert(path, @lock.Lock.Value, clause.Mode, isAsked: true);
                SettleCompleted(@lock.Lock, hasFailed: site.Call.Method.AssociatedSymbol?.Name is "IsFaulted" or "IsCanceled");
            }
            else if (_state.Find(@lock.Lock) is { Kind.Nests: false, Kind.Counting: false, Origin: not HoldOrigin.Owed } held && NestingOf(held, clause.Mode) == Nesting.Deadlock)
            {
                // One who holds it already is told no.
                return false;
            }
            else
            {
                if (HasTimeout(site.Call.Method) && !NeverWaits(site))
                {
                    NoteBlockingAcquire(site.Call, @lock.Kind, @lock.Name);
                }

                LockId? until = clause.Until is { } lockPath && Find(lockPath, site) is { } holder ? Identify(lockPath, holder) : null;
                Acquire(site.Call, @lock with { Until = until }, Spelling(path, site.Call), isTry: !IsEndless(site), MakesGuard(site));
            }
        }

        return true;
    }

    /// <summary>Whether a call has a timeout that never ends: then a try does not fail.</summary>
    private static bool IsEndless(CallSite site)
    {
        for (int i = 0; i < site.Call.Method.Parameters.Length && i < site.Arguments.Length; i++)
        {
            bool isInfinite = site.Arguments[i] is { Kind: ValueKind.Number, Number: -1 } && site.Call.Method.Parameters[i].Type.SpecialType == SpecialType.System_Int32;
            if (isInfinite || site.Arguments[i] is { Kind: ValueKind.Static, Member: { Name: "InfiniteTimeSpan", Container.Name: "Timeout" } })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A try that fails had a limit: what the body was passed as its timeout was not the endless one.</summary>
    private bool HasLimit(State state, CallSite site) => TimeoutOf(site) is not { } timeout || Restrict(state, timeout, ValueSet.Of(-1).Complement());

    /// <summary>The timeout in milliseconds that the body was passed, and passes on.</summary>
    private static Value? TimeoutOf(CallSite site)
    {
        for (int i = 0; i < site.Call.Method.Parameters.Length && i < site.Arguments.Length; i++)
        {
            if (site.Arguments[i] is { Kind: ValueKind.Parameter } timeout && site.Call.Method.Parameters[i].Type.SpecialType == SpecialType.System_Int32)
            {
                return timeout;
            }
        }

        return null;
    }

    private bool IsCertain(CallSite site, Clause clause) =>
        clause.Paths.All(path => Locked(path, site, clause.Mode) is { } @lock && _state.Find(@lock.Lock) is { } hold && hold.Satisfies(clause.Mode));

    /// <summary>A call, with what its expressions mean on the path.</summary>
    private sealed record CallSite(CallStep Call, Value? Receiver, ImmutableArray<Value> Arguments, Value Result);
}
