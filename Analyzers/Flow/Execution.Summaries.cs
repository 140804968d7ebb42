// Summaries: applying those of callees at calls, and putting together the body's own.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow.Lowering;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>A callee without a contract, whose body is known: it works as if it stood in place.</summary>
    private void Apply(CallSite site, MethodSummary summary, List<State> next)
    {
        ForgetWritten(site, summary);
        if (summary.NeverReturns)
        {
            return;
        }

        if (summary.Exits.IsEmpty)
        {
            SetResults(site);
            NoteTask(site, summary);
            next.Add(_state);
            return;
        }

        NoteIgnoredTry(site, summary);
        State before = _state;
        bool isChosen = summary.Exits.Length > 1 && summary.Exits.Any(e => e.Effects.Any(f => f.IsRelease) && ReleasesWhatIsHeld(site, e) && CanBeTaken(site, e));
        bool isFound = summary.Exits.Any(e => IsForWhatIsHeld(e) && ReleasesWhatIsHeld(site, e) && MustBeTaken(site, e));
        foreach (ExitCase exit in summary.Exits)
        {
            _state = before.Copy();
            bool isOpen = IsForWhatIsHeld(exit) ? summary.Exits.Length == 1 || ReleasesWhatIsHeld(site, exit) : !isFound && (!isChosen || ReleasesWhatIsHeld(site, exit));
            if (isOpen && !AsksForMore(site, exit, summary) && exit.Conditions.All(c => FindFlag(c.Path, site) is not { } value || Restrict(_state, value, c.Values)))
            {
                Apply(site, exit, summary);
                next.Add(_state);
            }
        }
    }

    /// <summary>A callee that releases one lock or another, or in one mode or another, knows which of them it holds: it goes the way that releases what is held.</summary>
    private bool ReleasesWhatIsHeld(CallSite site, ExitCase exit) =>
        exit.Effects.All(e => !e.IsRelease || Locked(e.Path, site, e.Mode) is not { } @lock || _state.Find(@lock.Lock) is { Origin: not HoldOrigin.Owed } hold && (hold.IsInAnyMode || hold.CanBeGivenUpAs(e.Mode)));

    /// <summary>A callee that asked whether a lock is held, and released it, has come to one of its other ends where it is not.</summary>
    private static bool IsForWhatIsHeld(ExitCase exit) => exit.Effects.Any(e => e.WasAsked);

    /// <summary>A way on which the callee found to be held what its caller holds in a weaker mode.</summary>
    private bool AsksForMore(CallSite site, ExitCase exit, MethodSummary summary) =>
        exit.Effects.Any(e => e.IsAssertion && !summary.Asserts(e) && Locked(e.Path, site, e.Mode) is { } @lock && _state.Find(@lock.Lock) is { Origin: HoldOrigin.Acquired } hold && !hold.Satisfies(e.Mode));

    private bool MustBeTaken(CallSite site, ExitCase exit) =>
        exit.Conditions.All(c => FindFlag(c.Path, site) is { } value && Conditions.FactOf(value, _state).IsSubsetOf(c.Values));

    private bool CanBeTaken(CallSite site, ExitCase exit) =>
        exit.Conditions.All(c => FindFlag(c.Path, site) is not { } value || !Conditions.FactOf(value, _state).Intersect(c.Values).IsEmpty);

    private void Apply(CallSite site, ExitCase exit, MethodSummary summary)
    {
        Value?[] before = exit.Written.IsEmpty ? System.Array.Empty<Value?>() : site.Call.Written.Select(slot => slot < 0 ? null : _state.Slots[slot]).ToArray();
        SetResults(site);
        SetWritten(site, exit, before);
        bool isAsync = site.Call.Method.IsAsync && IsAwaitable(site.Call.ResultType);
        if (!exit.Result.IsAll && !isAsync)
        {
            Restrict(_state, site.Result, exit.Result);
        }

        foreach (MemberValue own in exit.Own)
        {
            if (site.Receiver is { } receiver && Find(own, site) is { } value)
            {
                StoreMember(receiver, own.Member, value);
                if (site.Call.IsCreation && own.Member.Kind is not null && ClassOf(value) is { } @class)
                {
                    Recorder?.ShareLock(site.Call, own.Member.ClassName, @class);
                }
            }
        }

        foreach (Effect effect in exit.Effects.OrderBy(e => e.IsAcquire).ThenBy(e => e.IsAssertion))
        {
            if (!(isAsync && effect.IsAcquire) && Locked(effect.Path, site, effect.Mode) is { } @lock)
            {
                Apply(site, summary, exit, effect, @lock);
            }
        }

        ImmutableArray<BoundLock> acquired = isAsync ? LocksOf(exit.Effects.Where(e => e.IsAcquire), site) : ImmutableArray<BoundLock>.Empty;
        if (isAsync && (!acquired.IsEmpty || !exit.Result.IsAll))
        {
            AddPending(site, new PendingAcquire(site.Result, site.Call, acquired, null) { Yields = exit.Result, MayFail = exit.Effects.Any(e => e.IsAcquire && !IsSure(e, summary)) });
        }

        SetReturned(site, exit.Returned);
        BindReturned(site, exit);
        if (!exit.Result.IsAll && !isAsync && site.Call.Result >= 0 && _state.Slots[site.Call.Result] is { } known && !ReferenceEquals(known, site.Result))
        {
            // The member that was returned is there, or is not.
            Restrict(_state, known, exit.Result);
        }

        NoteTask(site, summary);
    }

    private void Apply(CallSite site, MethodSummary summary, ExitCase exit, Effect effect, BoundLock @lock)
    {
        if (effect.IsAssertion)
        {
            Assert(effect.Path, @lock.Lock.Value, effect.Mode, isHearsay: !summary.Asserts(effect));
        }
        else if (effect.IsRelease)
        {
            Release(site.Call, @lock, null);
        }
        else
        {
            // In which order a helper acquires is its own business; what it acquires under what is held here was looked at before.
            LockId? until = effect.Until is { } path && Find(path, site) is { } holder ? Identify(path, holder) : null;
            Acquire(site.Call, @lock with { Until = until }, null, isOrdered: true, isTry: !IsSure(effect, summary), isGuard: exit.Returned is not null || exit.Written.Any(w => !w.Guards.IsEmpty));
        }
    }

    /// <summary>Whether a callee acquires a lock on all of its ways.</summary>
    private static bool IsSure(Effect acquire, MethodSummary summary) => summary.Exits.All(e => e.Effects.Any(f => f.IsAcquire && f.Path.Equals(acquire.Path)));

    private Value? FindFlag(LockPath path, CallSite site)
    {
        _flagsStay = true;
        Value? value = Find(path, site);
        _flagsStay = false;
        return value;
    }

    /// <param name="before">What the variables held that are passed by reference.</param>
    private void SetWritten(CallSite site, ExitCase exit, Value?[] before)
    {
        foreach (WrittenValue written in exit.Written)
        {
            int slot = written.Parameter < site.Call.Written.Length ? site.Call.Written[written.Parameter] : -1;
            if (slot < 0)
            {
                continue;
            }

            if (written.IsUntouched && before[written.Parameter] is { } same)
            {
                _state.Slots[slot] = same;
            }
            else if (written.Path is { } path && Find(path, site) is { } value)
            {
                _state.Slots[slot] = value;
            }
            else
            {
                Restrict(_state, _state.Slots[slot]!, written.Values);
                StoreMembers(_state.Slots[slot]!, written.Members, site);
            }

            Bind(_state.Slots[slot]!, written.Guards, site);
        }
    }

    private void SetReturned(CallSite site, ReturnedValue? returned)
    {
        if (returned is null || site.Call.Result < 0)
        {
            return;
        }

        if (returned.Path is { } path && Find(path, site) is { } value)
        {
            _state.Slots[site.Call.Result] = value;
            if (returned.IsOwned)
            {
                _state.Own(value);
            }

            return;
        }

        StoreMembers(site.Result, returned.Members, site);
        Bind(site.Result, returned.Guards, site);
        ImmutableArray<BoundLock> pending = LocksOf(returned.Pending, site);
        if (!pending.IsEmpty)
        {
            AddPending(site, new PendingAcquire(site.Result, site.Call, pending, returned.Success) { IsCertain = IsEndless(site), Timeout = TimeoutOf(site) });
        }

        _state.SetFact(site.Result, ValueSet.NonZero);
    }

    /// <summary>What a callee acquires, and returns to be disposed of by who knows no more of it than that, is given up by its disposal.</summary>
    private void BindReturned(CallSite site, ExitCase exit)
    {
        if (Yielded(site.Call.ResultType) is { TypeKind: TypeKind.Interface } made && IsDisposable(made) && exit.Returned is not { Guards.IsEmpty: false })
        {
            Bind(site.Result, exit.Effects.Where(e => e.IsAcquire).Concat(exit.Returned?.Pending ?? ImmutableArray<Effect>.Empty).ToImmutableArray(), site);
        }
    }

    private void StoreMembers(Value made, ImmutableArray<MemberValue> members, CallSite site)
    {
        foreach (MemberValue member in members)
        {
            if (Find(member, site) is { } value)
            {
                _state.Store(made, member.Member, value);
            }
        }
    }

    private Value? Find(MemberValue member, CallSite site) => member.Path is { } path ? Find(path, site) : _values.Number(member.Constant);

    private void Bind(Value guard, ImmutableArray<Effect> acquires, CallSite site)
    {
        ImmutableArray<BoundLock> locks = LocksOf(acquires, site);
        if (!locks.IsEmpty)
        {
            _state.Set(new Binding(guard, locks, IsHolding: true, IsReverse: false));
        }
    }

    private ImmutableArray<BoundLock> LocksOf(IEnumerable<Effect> effects, CallSite site) =>
        effects.Select(e => Locked(e.Path, site, e.Mode)).Where(l => l is not null).Distinct().ToImmutableArray()!;

    /// <summary>A try whose result nobody looks at, in a helper; where that is asynchronous, it shows when the task is awaited.</summary>
    private void NoteIgnoredTry(CallSite site, MethodSummary summary)
    {
        ExitCase? success = summary.Exits.FirstOrDefault(e => !e.Result.IsAll && e.Effects.Any(f => f.IsAcquire));
        bool canFail = success is not null && summary.Exits.Any(e => e.Effects.IsEmpty && e.Result.Intersect(success.Result).IsEmpty && !e.IsToldByParameter(success) && CanBeTaken(site, e));
        if (canFail && IsAwaitable(site.Call.ResultType))
        {
            _failing.Add(site.Call);
        }
        else if (canFail && site.Call.ResultIsDropped)
        {
            Recorder?.IgnoreTry(site.Call, LocksOf(success!.Effects.Where(f => f.IsAcquire), site));
        }
    }

    /// <summary>What happens inside a call, by contract or as the callee's body says, while the caller holds what it holds.</summary>
    private void NoteInside(CallSite site, MethodSummary? summary)
    {
        NoteContractInside(site);
        Lend(site, summary);

        // What a lock does inside to be a lock is its own business.
        ImmutableArray<InnerAcquire>? inside = site.Call.Contract.Trusted ? null : summary?.Inside;
        foreach (InnerAcquire inner in inside ?? ImmutableArray<InnerAcquire>.Empty)
        {
            // What comes behind an await of a callee that is let go is not done by the call.
            if (CanBe(inner.When, site) && !(site.Call.IsLetGo && inner.IsLate))
            {
                AcquireInside(site, inner, isContract: false);
            }
        }
    }

    /// <summary>Whether the arguments of a call allow what happens inside it.</summary>
    private bool CanBe(Premises premises, CallSite site) =>
        premises.Items.All(p => Find(p.Path, site) is not { } value || !Conditions.FactOf(value, _state).Intersect(p.Values).IsEmpty);

    /// <summary>What is known of the body's own arguments in this state, and what a callee needs of those that are handed on to it.</summary>
    private Premises PremisesOf(CallSite? site = null, Premises? ofCallee = null)
    {
        var items = ImmutableArray.CreateBuilder<(LockPath Path, ValueSet Values)>();
        foreach (KeyValuePair<Value, ValueSet> fact in _state.Facts.Where(f => f.Key.Kind == ValueKind.Parameter).OrderBy(f => f.Key.Id))
        {
            if (TryPath(fact.Key, LockKind.Monitor) is { } path)
            {
                items.Add((path, fact.Value));
            }
        }

        foreach ((LockPath path, ValueSet values) in ofCallee?.Items ?? Premises.None.Items)
        {
            if (Find(path, site!) is { Kind: ValueKind.Parameter } value && TryPath(value, LockKind.Monitor) is { } own && !items.Any(i => i.Path.Equals(own)))
            {
                items.Add((own, values));
            }
        }

        return items.Count == 0 ? Premises.None : new Premises(items.ToImmutable());
    }

    private void AcquireInside(CallSite site, InnerAcquire callees, bool isContract)
    {
        if (Recorder is null)
        {
            return;
        }

        Value? value = callees.Path is null ? null : Find(callees.Path, site);
        if (IsFresh(value))
        {
            // Nobody else can have it.
            return;
        }

        InnerAcquire inner = callees with { Class = ClassInside(callees, value) };
        Recorder.AcquireInside(site.Call, CalleeOf(site), inner, value, TryPath(value, inner.Kind), _state, PremisesOf(site, inner.When));
        BoundLock? @lock = inner.Path is null ? null : Locked(inner.Path, site, inner.Mode);
        if (!site.Call.Contract.MustNotBlock && !inner.NeverBlocks)
        {
            NoteBlockingAcquire(site.Call, inner.Kind, @lock?.Name ?? inner.Class);
        }

        if (@lock is not null)
        {
            Recorder.Need(new FunctionWork(_node.Owner), @lock.Lock, new NeededNotes(site.Call.Syntax.GetLocation(), TryPath(@lock.Lock.Value, inner.Kind), @lock.Lock.Value, inner.Kind, inner.Mode));
        }

        Hold? held = @lock is null ? null : _state.Find(@lock.Lock);
        if (held is { IsHearsay: true } || (held is { Origin: not HoldOrigin.Owed } && (inner.NotHeldAs & (1 << (int)held.Mode)) != 0))
        {
            // The callee asks, and does not acquire what is held; or another callee asked, and those who hold it are told at their calls.
            return;
        }

        if (held is null or { Origin: HoldOrigin.Owed })
        {
            NoteOrder(site.Call, value, inner.Kind, inner.Mode, @lock?.Name, isContract ? inner with { Next = null } : inner);
            return;
        }

        Nesting nesting = NestingOf(held, inner.Mode);
        bool isExcluded = site.Call.Contract.Clauses.Any(c => c.Kind == ClauseKind.Excludes);
        if (nesting is Nesting.Deadlock or Nesting.Upgrade && held.Origin != HoldOrigin.Inherited && !isExcluded && !isContract)
        {
            Recorder.Acquire(site.Call, @lock!, SiteOf(site.Call, @lock!, null, isTry: false, isGuard: false), held, nesting, _state);
        }
    }

    /// <summary>What the callee holds while it runs a function of ours is held there; the caller owes nothing for it.</summary>
    private void Borrow(BorrowStep step)
    {
        CallStep call = step.Call;
        CallSite site = CallSiteOf(call);
        for (int i = 0; i < step.Run.Arguments.Length && i < step.Function.ParameterSlots.Length && !step.IsEnd; i++)
        {
            if (step.Run.Arguments[i] is { } path && Find(path, site) is { } argument)
            {
                _state.Slots[step.Function.ParameterSlots[i]] = argument;
            }
        }

        if (step.IsEnd)
        {
            CheckInvoked(step.Function);
        }

        foreach (BoundLock @lock in InvokedWith(step.Function))
        {
            if (!step.IsEnd && _state.Find(@lock.Lock) is null)
            {
                _state.Set(Hold.Of(@lock.Lock, @lock.Kind, HoldOrigin.Assumed, @lock.Mode));
            }
            else if (step.IsEnd && _state.Find(@lock.Lock) is { Origin: HoldOrigin.Assumed })
            {
                _state.Remove(@lock.Lock);
            }
        }

        foreach (Effect effect in step.Run.Held)
        {
            if (Locked(effect.Path, site, effect.Mode) is not { } @lock)
            {
                continue;
            }

            Hold? hold = _state.Find(@lock.Lock);
            if (step.IsEnd)
            {
                if (hold is { Origin: HoldOrigin.Assumed })
                {
                    _state.Remove(@lock.Lock);
                }
            }
            else if (hold is null)
            {
                _state.Set(Hold.Of(@lock.Lock, @lock.Kind, HoldOrigin.Assumed, effect.Mode));
                NoteAcquired(@lock.Lock, @lock.Kind);
            }
        }
    }

    /// <summary>What is held when a function is invoked through its delegate, as the type of that says: whoever does not hold it is told where he invokes it.</summary>
    private IEnumerable<BoundLock> InvokedWith(FunctionBody function)
    {
        ImmutableArray<Value> arguments = function.ParameterSlots.Select(s => _state.Slots[s] ?? _values.Unknown).ToImmutableArray();
        foreach (Clause clause in function.Invoked.Clauses.Where(IsHeldAtEntry))
        {
            foreach (LockPath path in clause.Paths)
            {
                if (Resolve(path, _values.This, arguments, null, null) is { } value)
                {
                    yield return new BoundLock(Identify(path, value), KindOf(path, value), clause.Mode, NameOf(value));
                }
            }
        }
    }

    /// <summary>What the type of its delegate requires a function to have and to keep, it has given up.</summary>
    private void CheckInvoked(FunctionBody function)
    {
        bool releases = function.Invoked.Clauses.Any(c => c.Kind is ClauseKind.Releases or ClauseKind.ReleasesWhen);
        foreach (BoundLock @lock in Recorder is null || releases ? Enumerable.Empty<BoundLock>() : InvokedWith(function))
        {
            Promise(function, _state.Find(@lock.Lock) is { Origin: not HoldOrigin.Owed }, $"'{@lock.Name}' is still held");
        }
    }

    /// <summary>A call as it looks in this state, its result aside.</summary>
    private CallSite CallSiteOf(CallStep call) =>
        new(call, call.Receiver is null ? null : Itself(Evaluate(call.Receiver)), call.Arguments.Select(Evaluate).ToImmutableArray(), _values.Unknown);

    /// <summary>A path through a member that the callee assigns leads somewhere else from now on.</summary>
    private void ForgetWritten(CallSite site, MethodSummary summary)
    {
        foreach (LockMember member in summary.Writes)
        {
            Value? owner = member.IsStatic ? null : site.Receiver;
            if (owner is null && !member.IsStatic)
            {
                continue;
            }

            Value current = ReadMember(owner, member);
            foreach (Value flag in _state.Facts.Keys.Where(f => f.Member == member).ToList())
            {
                _state.SetFact(flag, ValueSet.All);
            }

            if (!current.IsUnknown && _state.Holds.Any(h => h.Lock.Value.Mentions(current)))
            {
                _state.Store(owner, member, _values.Operation(Operator.Other, site.Result, null, "assigned to " + member.Name));
            }
        }
    }

    /// <summary>A value in terms that callers understand; null where there are none.</summary>
    public LockPath? TryPath(Value? value, LockKind kind)
    {
        var members = new Stack<LockMember>();
        Value? current = value;
        while (current is { Kind: ValueKind.Member })
        {
            members.Push((LockMember)current.Data!);
            current = current.First;
        }

        switch (current?.Kind)
        {
            case ValueKind.This:
                return new LockPath(PathRoot.This, 0, members.ToImmutableArray(), kind, NameOf(value!) ?? "this");
            case ValueKind.Parameter when _body.Main.Method?.Parameters.IndexOf((IParameterSymbol)current.Data!) is >= 0 and var ordinal:
                return new LockPath(PathRoot.Parameter, ordinal, members.ToImmutableArray(), kind, NameOf(value!) ?? "");
            case ValueKind.Static:
                members.Push((LockMember)current.Data!);
                return new LockPath(PathRoot.Static, 0, members.ToImmutableArray(), kind, NameOf(value!) ?? "");
            default:
                return null;
        }
    }

    /// <summary>The ways out of the body, from the states at its exit.</summary>
    public ImmutableArray<ExitCase> ExitCases(Node exit, IReadOnlyList<State> states)
    {
        var cases = ImmutableArray.CreateBuilder<ExitCase>();
        _node = exit;
        foreach (State state in states)
        {
            _state = state.Copy();
            LeaveScopes(null);
            cases.Add(CaseOf(_state));
        }

        bool isNeutral = cases.All(c => c.IsNeutral);
        return isNeutral || cases.Count > MethodSummary.MaxExits ? ImmutableArray<ExitCase>.Empty : cases.ToImmutable();
    }

    private ExitCase CaseOf(State state)
    {
        var conditions = ImmutableArray.CreateBuilder<(LockPath, ValueSet)>();
        foreach (KeyValuePair<Value, ValueSet> fact in state.Facts.OrderBy(f => f.Key.Id))
        {
            if (fact.Key.Kind is ValueKind.Parameter or ValueKind.Member && TryPath(fact.Key, LockKind.Monitor) is { } path)
            {
                conditions.Add((path, fact.Value));
            }
        }

        Value? returned = Returned(_body.Main, state);
        ValueSet result = returned is null ? ValueSet.All : FactOfResult(returned);
        return new ExitCase(conditions.ToImmutable(), result, EffectsOf(state))
        {
            Returned = returned is null ? null : ReturnedOf(returned, state),
            Own = OwnMembers(state),
            Written = WrittenParameters(state),
        };
    }

    private ImmutableArray<WrittenValue> WrittenParameters(State state)
    {
        var written = ImmutableArray.CreateBuilder<WrittenValue>();
        foreach (IParameterSymbol parameter in _body.Main.Method?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty)
        {
            if (parameter.RefKind is RefKind.Ref or RefKind.Out && state.Slots[_body.Main.ParameterSlots[parameter.Ordinal]] is { } value)
            {
                written.Add(new WrittenValue(parameter.Ordinal, TryPath(value, LockKind.Monitor), Conditions.FactOf(value, state)) { Guards = GuardsOf(value, state), Members = MembersOf(value, state) });
            }
        }

        return written.ToImmutable();
    }

    private ImmutableArray<Effect> EffectsOf(State state)
    {
        var effects = ImmutableArray.CreateBuilder<Effect>();
        foreach (Hold hold in state.Holds)
        {
            if (TryPath(hold.Lock.Value, hold.Lock.IsMonitor ? LockKind.Monitor : hold.Kind) is not { } path)
            {
                continue;
            }

            if (hold.Origin == HoldOrigin.Owed)
            {
                effects.AddRange(Enumerable.Repeat(new Effect(path, IsAcquire: false, hold.OwedAs) { WasAsked = hold.WasAsked }, hold.Owed));
            }
            else if (hold is { Origin: HoldOrigin.Assumed, Sites.IsEmpty: true, IsCompletion: false })
            {
                effects.Add(new Effect(path, IsAcquire: false, hold.Mode) { IsAssertion = true });
            }
            else if (hold.Origin == HoldOrigin.Acquired && !_ambiguous.Contains(hold.Lock) && !hold.Sites.Any(s => s.IsOneOfMany))
            {
                for (int i = 0; i < hold.Count; i++)
                {
                    effects.Add(new Effect(path, IsAcquire: true, i < hold.Exclusive ? Mode.Exclusive : i < hold.Exclusive + hold.Upgradeable ? Mode.Upgradeable : Mode.Shared)
                    {
                        Until = hold.Until is { } until ? TryPath(until.Value, until.IsMonitor ? LockKind.Monitor : hold.Kind) : null,
                    });
                }
            }
        }

        return effects.ToImmutable();
    }

    private ReturnedValue? ReturnedOf(Value returned, State state)
    {
        if (TryPath(returned, LockKind.Monitor) is { } path)
        {
            return new ReturnedValue(path, ImmutableArray<Effect>.Empty, ImmutableArray<MemberValue>.Empty) { IsOwned = state.Owned.Contains(returned) };
        }

        ImmutableArray<Effect> guards = GuardsOf(returned, state);
        ImmutableArray<MemberValue> members = MembersOf(returned, state);
        PendingAcquire? pending = state.Pending.FirstOrDefault(p => ReferenceEquals(p.Task, returned));
        return guards.IsEmpty && members.IsEmpty && pending is null
            ? null
            : new ReturnedValue(null, guards, members) { Pending = AcquiresOf(pending?.Locks ?? ImmutableArray<BoundLock>.Empty), Success = pending is { IsCertain: false } ? pending.Result : null };
    }

    /// <summary>The locks that a guard takes along to the caller.</summary>
    private ImmutableArray<Effect> GuardsOf(Value value, State state) =>
        state.Guard(value) is { IsHolding: true } guard ? AcquiresOf(guard.Locks) : ImmutableArray<Effect>.Empty;

    /// <summary>Acquires of locks, as far as callers can name them.</summary>
    private ImmutableArray<Effect> AcquiresOf(ImmutableArray<BoundLock> locks) =>
        locks.Select(l => (Path: TryPath(l.Lock.Value, l.Kind), l.Mode)).Where(l => l.Path is not null).Select(l => new Effect(l.Path!, IsAcquire: true, l.Mode)).ToImmutableArray();

    /// <summary>What a constructor puts into its object: where a later call may find a lock again.</summary>
    private ImmutableArray<MemberValue> OwnMembers(State state) =>
        _body.Main.Method is { MethodKind: MethodKind.Constructor } ? MembersOf(_values.This, state).RemoveAll(m => m.Path is null or { Root: PathRoot.This, Members.IsEmpty: true }) : ImmutableArray<MemberValue>.Empty;

    /// <summary>What an object keeps of what the caller has, and the flags beside it; one that keeps nothing of the caller's is of no interest to him.</summary>
    private ImmutableArray<MemberValue> MembersOf(Value owner, State state)
    {
        ImmutableArray<MemberValue> members = state.Heap.Where(c => ReferenceEquals(c.Owner, owner))
            .Select(c => (c.Member, c.Value, Path: TryPath(c.Value, LockKind.Monitor)))
            .Where(c => c.Path is not null || c.Value.Kind == ValueKind.Number)
            .Select(c => new MemberValue(c.Member, c.Path, c.Path is null ? c.Value.Number : 0))
            .ToImmutableArray();
        return members.Any(m => m.Path is not null) ? members : ImmutableArray<MemberValue>.Empty;
    }

    /// <summary>What a caller holds at a call, in terms of the callee; what it cannot name by path, it knows by class.</summary>
    private ImmutableArray<(LockPath Path, LockKind Kind, Mode Mode)> HeldForCallee(CallSite site)
    {
        var held = ImmutableArray.CreateBuilder<(LockPath, LockKind, Mode)>();
        foreach (Hold hold in (IsGoneThroughLater(site.Call) ? HeldAtExit() : _state.Holds).Where(h => h.Origin != HoldOrigin.Owed && !h.Kind.Transferable))
        {
            if (InTermsOf(site, hold.Lock.Value, hold.Lock.IsMonitor ? LockKind.Monitor : hold.Kind) is { } path)
            {
                held.Add((path, hold.Kind, hold.Mode));
            }

            if (KeepsOthersOut(hold) && ClassOf(hold.Lock.Value) is { } @class)
            {
                held.Add((LockPath.OfClass(@class), hold.Kind, hold.Mode));
            }
        }

        return held.ToImmutable();
    }

    /// <summary>Whether a call makes a sequence that nobody goes through before the body returns: an iterator's body runs when whoever gets it does.</summary>
    private static bool IsGoneThroughLater(CallStep call) => !call.IsGoneThrough && call.Method.ReturnType.Name == "IEnumerable" && BodyLowering.IsIterator(call.Method);

    private LockPath? InTermsOf(CallSite site, Value value, LockKind kind)
    {
        var members = new Stack<LockMember>();
        for (Value? current = value; current is not null; current = current.First)
        {
            if (ReferenceEquals(current, site.Receiver))
            {
                return new LockPath(PathRoot.This, 0, members.ToImmutableArray(), kind, TextOf(members));
            }

            if (site.Receiver is { } receiver && MemberWith(current, receiver) is { } kept)
            {
                // The callee knows it as what its object was given.
                members.Push(kept);
                return new LockPath(PathRoot.This, 0, members.ToImmutableArray(), kind, TextOf(members));
            }

            int argument = site.Arguments.IndexOf(current);
            if (argument >= 0)
            {
                return new LockPath(PathRoot.Parameter, argument, members.ToImmutableArray(), kind, TextOf(members));
            }

            if (current.Kind is not (ValueKind.Member or ValueKind.Static))
            {
                return null;
            }

            members.Push((LockMember)current.Data!);
            if (current.Kind == ValueKind.Static)
            {
                return new LockPath(PathRoot.Static, 0, members.ToImmutableArray(), kind, TextOf(members));
            }
        }

        return null;
    }

    /// <summary>The readonly member of an object in which the body has seen a value put.</summary>
    private LockMember? MemberWith(Value value, Value owner)
    {
        foreach (HeapCell cell in _state.Heap)
        {
            if (ReferenceEquals(cell.Owner, owner) && ReferenceEquals(cell.Value, value) && cell.Member.IsReadOnly)
            {
                return cell.Member;
            }
        }

        return null;
    }

    private static string TextOf(Stack<LockMember> members) => members.Count == 0 ? "this" : string.Join(".", members.Select(m => m.Name));
}
