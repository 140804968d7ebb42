// Locks: acquiring, releasing, and asking what is held.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>What is lacking where a capability is asked for.</summary>
internal enum Lack
{
    None,

    /// <summary>Held, but not in the mode that is asked for.</summary>
    Mode,

    Hold,
}

/// <summary>What a release met.</summary>
internal enum ReleaseOutcome
{
    Released,
    NotHeld,
    WrongMode,

    /// <summary>The lock was acquired through the same expression, which has led to another object since.</summary>
    ThroughAnother,

    /// <summary>Some instance of the same member is held that cannot be told from this one.</summary>
    Unknown,
}

internal sealed partial class Execution
{
    private static LockId Identify(LockPath path, Value value) => new(value, path.Kind.IsMonitor);

    /// <summary>The declaration of a lock knows more than the contract that names it: a semaphore of one, a recursion policy.</summary>
    private LockKind KindOf(LockPath path, Value value) =>
        value.Member?.Kind is { } declared && declared.IsMonitor == path.Kind.IsMonitor ? declared
        : value is { Kind: ValueKind.New, Data: CallStep { IsCreation: true, Syntax: var creation } } && LockCreation.IsSignal(path.Kind, creation) ? path.Kind with { Counting = true, IsSignal = true }
        : value is { Kind: ValueKind.Element, First.Member.Symbol: { } keeper } && _reader.Members.Elements(path.Kind, keeper) is { } element ? element
        : value.Kind is ValueKind.Result or ValueKind.Element or ValueKind.Phi or ValueKind.New or ValueKind.Operation ? _reader.Members.Undeclared(path.Kind, MakerOf(value))
        : LockCreation.Refine(path.Kind, null);

    /// <summary>The type that knows what a lock is that it does not declare: the one that hands it out, where that is in sight; else the one that has it.</summary>
    private INamedTypeSymbol MakerOf(Value value) =>
        (value.Kind == ValueKind.Operation ? value.First : value) is { Kind: ValueKind.Result, Data: CallStep { Method.ContainingType: { DeclaringSyntaxReferences.IsEmpty: false } callee } } ? callee : _body.Main.Symbol.ContainingType;

    /// <summary>A lock of the body's own object, or a static one, is held from here on.</summary>
    private void NoteAcquired(LockId @lock, LockKind kind)
    {
        if (Recorder is not null && RelativeTo(_values.This, @lock.Value, @lock.IsMonitor ? LockKind.Monitor : kind) is { } own)
        {
            Recorder.AcquireAt(_node, own);
        }
    }

    private void Acquire(Step step, BoundLock acquired, Expr? spelling, bool isTry, bool isGuard, bool isOrdered = false)
    {
        LockId @lock = acquired.Lock;
        Hold? before = _state.Find(@lock);
        if (before is { IsHearsay: true } && NestingOf(before, acquired.Mode) is Nesting.Deadlock or Nesting.Upgrade)
        {
            // Whoever held it while a callee asked would wait for himself here, and is told so.
            _state.Remove(@lock);
            before = null;
        }

        AcquireSite site = SiteOf(step, acquired, spelling, isTry, isGuard);
        _state.GivenUp = _state.GivenUp.Remove(@lock);
        _state.Pay(fence: acquired.Kind.Capability == CapabilityKind.Lock, grace: false);
        if (!isTry)
        {
            NoteBlockingAcquire(step, acquired.Kind, acquired.Name);
            Recorder?.Need(new FunctionWork(_node.Owner), @lock, new NeededNotes(step.Syntax.GetLocation(), TryPath(@lock.Value, @lock.IsMonitor ? LockKind.Monitor : acquired.Kind), @lock.Value, acquired.Kind, acquired.Mode));
        }

        if (before is null or { Origin: HoldOrigin.Owed })
        {
            HoldOrigin origin = before is null ? HoldOrigin.Acquired : HoldOrigin.Assumed;
            var hold = new Hold(@lock, acquired.Kind, origin, 0, 0, 0, ImmutableArray<AcquireSite>.Empty);
            Recorder?.Acquire(step, acquired, site, before, Nesting.None, _state, TryPath(@lock.Value, acquired.Kind), ClassOf(@lock.Value), PremisesOf());
            NoteAcquired(@lock, acquired.Kind);

            if (!isTry && !isOrdered && before is null)
            {
                NoteOrder(step, @lock.Value, acquired.Kind, acquired.Mode, acquired.Name, null);
            }

            _state.Set(hold.Add(acquired.Mode, 1, site) with { Until = acquired.Until });
            if (@lock.Value.Kind is ValueKind.Result or ValueKind.Phi or ValueKind.Former or ValueKind.Member or ValueKind.Static)
            {
                // Null cannot be locked.
                Restrict(_state, @lock.Value, ValueSet.NonZero);
            }

            return;
        }

        Nesting nesting = NestingOf(before, acquired.Mode);
        Recorder?.Acquire(step, acquired, site, before, before.Origin == HoldOrigin.Inherited ? Nesting.None : nesting, _state);
        if (nesting != Nesting.Deadlock)
        {
            _state.Set(before.Add(acquired.Mode, 1, site));
        }
        else
        {
            // One mistake: whether it is released once more or not is part of it.
            _state.Doubtful = _state.Doubtful.Add(@lock);
        }
    }

    private static Nesting NestingOf(Hold before, Mode mode)
    {
        if (before.Kind.Counting)
        {
            return Nesting.Counted;
        }

        if (mode == Mode.Exclusive && before is { Exclusive: 0, Upgradeable: 0, Shared: > 0, Kind.HasExclusiveMode: true })
        {
            return Nesting.Upgrade;
        }

        bool opens = before.Upgradeable > 0 && before.Exclusive == 0 && mode != Mode.Upgradeable;
        return before.Kind.Nests ? Nesting.Counted : opens ? Nesting.None : Nesting.Deadlock;
    }

    private AcquireSite SiteOf(Step step, BoundLock acquired, Expr? spelling, bool isTry, bool isGuard)
    {
        if (!_sites.TryGetValue((step, acquired.Lock), out AcquireSite? site))
        {
            _sites[(step, acquired.Lock)] = site = new AcquireSite(step, acquired.Lock, acquired.Name) { Mode = acquired.Mode, Spelling = spelling, IsTry = isTry, IsGuard = isGuard, IsOneOfMany = IsOneOfMany(spelling), Loop = _node.Loop };
        }

        return site;
    }

    /// <summary>Whether a helper goes through the objects of a list, or an array, and acquires or releases one after the other.</summary>
    private bool IsOneOfMany(Expr? spelling) => _node.IsInLoop && spelling is Expr.Slot variable && ChangesInLoop?.Invoke(variable.Index) == true;

    /// <summary>Gives a lock up in a mode and says what that met; a guard's Dispose does not mind if there is nothing to give up.</summary>
    private ReleaseOutcome Release(Step step, BoundLock released, Expr? spelling)
    {
        if (released.Kind.Transferable)
        {
            return GiveBack(step, released);
        }

        Hold? hold = _state.Find(released.Lock);
        ReleaseOutcome outcome = Release(step, released, hold, spelling, out Hold? affected);
        bool isOneMore = hold is { Origin: HoldOrigin.Owed, Kind.Nests: true, Owed: < Hold.MaxDepth };
        if (outcome == ReleaseOutcome.NotHeld && (hold is null || isOneMore) && !IsTriedHere(released.Lock) && !_state.HasFailed(released.Lock) && TryPath(released.Lock.Value, released.Kind) is not null)
        {
            // Whoever calls this body holds it no more; what runs later has no such callers, but for what the body has handed to it.
            bool isForCallers = !_state.IsDeferred || _state.Outer.Any(h => h.Lock == released.Lock);
            Recorder?.Borrow(step, released.Lock);
            Owe(released, hold);
            outcome = (isForCallers && (_callers.AreKnown || _callers.UseDelegates)) || IsDisposalOfGuard() ? ReleaseOutcome.Released : outcome;
        }

        if (outcome == ReleaseOutcome.NotHeld && (released.Kind.IsUndeclared || IsKeptElsewhere(released) || CameHeld(released.Lock)))
        {
            outcome = ReleaseOutcome.Unknown;
            if (released.Lock.Value.First is { Kind: ValueKind.New })
            {
                // Of what an object that is made here came with there is one.
                _state.GivenUp = _state.GivenUp.Add(released.Lock);
            }
        }

        Recorder?.Release(step, released, outcome, affected, _state);
        return outcome;
    }

    /// <summary>What the body releases although its own try has failed is its own mistake, not the release of what its caller holds.</summary>
    private bool IsTriedHere(LockId @lock) => _sites.Any(s => s.Value.IsTry && s.Key.Item2 == @lock);

    private void Owe(BoundLock released, Hold? before)
    {
        Hold owed = before ?? new Hold(released.Lock, released.Kind, HoldOrigin.Owed, 0, 0, 0, ImmutableArray<AcquireSite>.Empty) { OwedAs = released.Mode };
        _state.Set(owed with { Owed = owed.Owed + 1 });
    }

    /// <summary>To release what somebody else acquired is what a guard's Dispose is for, whether or not the type says that it is one; or its <c>Dispose(bool)</c>.</summary>
    private bool IsDisposalOfGuard() =>
        _node.Depth == 0 && !_state.IsDeferred && _body.Main.Method is { } method && MemberCode.IsDisposal(method)
        && method.Parameters.All(p => p.Type.SpecialType == SpecialType.System_Boolean)
        && method.ContainingType.AllInterfaces.Any(i => i.Name is "IDisposable" or "IAsyncDisposable");

    /// <summary>
    /// A reference that an object keeps in a member, from its making on, or that came with what a call returned: taken before, by somebody else. Where the contract says
    /// the mode in which it is held, only who calls can hold it so.
    /// </summary>
    private bool IsKeptElsewhere(BoundLock released)
    {
        Value value = released.Lock.Value;
        bool isPhantom = value.Member is { Symbol: null };
        ValueKind? counted = (value.First ?? value).Kind;
        return released is { Kind.Capability: CapabilityKind.Reference, Mode: not Mode.Shared }
            && !_state.GivenUp.Contains(released.Lock)
            && (counted is ValueKind.Member or ValueKind.Static or ValueKind.Element or ValueKind.Result or ValueKind.Former
                || (!isPhantom && (counted == ValueKind.This || (counted == ValueKind.New && value.First is not null))));
    }

    /// <summary>A lock that another type put into a variable, and that the body acquires nowhere, may have come acquired.</summary>
    private bool CameHeld(LockId @lock)
    {
        int slot = @lock.Value switch
        {
            { Kind: ValueKind.Operation, Operator: Operator.Other, First.Data: CallStep call, Second: { Kind: ValueKind.Number } parameter } when parameter.Number < call.Written.Length => call.Written[(int)parameter.Number],
            { Kind: ValueKind.Phi } merged => (int)merged.Number,
            _ => -1,
        };
        return slot >= 0
            && Steps.Of(_node.Function).OfType<CallStep>().Any(c => c.Written.Contains(slot) && _summaries.IsForeign(c.Method))
            && !_sites.Keys.Any(s => IsRelated(s.Item2, @lock));
    }

    private ReleaseOutcome Release(Step step, BoundLock released, Hold? hold, Expr? spelling, out Hold? affected)
    {
        affected = hold;
        if (hold is null or { Origin: HoldOrigin.Owed })
        {
            return ReleaseOther(released, spelling, out affected);
        }

        Mode mode = released.Mode;
        bool matches = hold.CanBeGivenUpAs(mode);

        // Callers may hold it in different modes, each the one in which it is then released; they are told if it is not.
        matches |= hold.Origin == HoldOrigin.Inherited || hold.IsInAnyMode;
        if (!matches && _state.Doubtful.Contains(hold.Lock))
        {
            _state.Doubtful = _state.Doubtful.Remove(hold.Lock);
            return ReleaseOutcome.Unknown;
        }

        bool isHeldSo = matches && mode != Mode.Any && hold is { Kind.HasExclusiveMode: true, Origin: not HoldOrigin.Inherited, IsInAnyMode: false };
        Reduce(hold, isHeldSo ? mode : Strongest(hold), step);
        if (!matches && hold.Upgradeable > 0)
        {
            // What is released nests in what is held, which has a release of its own to come: one mistake.
            _state.Doubtful = _state.Doubtful.Add(hold.Lock);
        }

        return matches ? ReleaseOutcome.Released : ReleaseOutcome.WrongMode;
    }

    private static Mode Strongest(Hold hold) => hold.Exclusive > 0 ? Mode.Exclusive : hold.Shared > 0 ? Mode.Shared : Mode.Upgradeable;

    private void Reduce(Hold hold, Mode mode, Step release)
    {
        Hold rest = hold.Drop(mode, release);
        if (rest.Count > 0)
        {
            _state.Set(rest);
            return;
        }

        _state.Remove(hold.Lock);
        if (hold.IsDeeper)
        {
            _state.Lose(hold.Lock);
        }

        LoseTokens(hold.Lock);
        if (hold.Kind.Capability == CapabilityKind.ReadSection)
        {
            LeaveSection(hold.Lock);
        }

        if (hold.Origin is not HoldOrigin.Acquired)
        {
            _state.Set(rest with { Origin = HoldOrigin.Owed, Owed = 1, OwedAs = mode, Sites = ImmutableArray<AcquireSite>.Empty });
        }

        if (!hold.Kind.HasExclusiveMode || hold.Kind.Capability == CapabilityKind.Token)
        {
            _state.GivenUp = _state.GivenUp.Add(hold.Lock);
        }
    }

    /// <summary>The lock itself is not held; perhaps the one is that the same words meant before, or one that cannot be told apart.</summary>
    private ReleaseOutcome ReleaseOther(BoundLock released, Expr? spelling, out Hold? affected)
    {
        if (_state.Doubtful.Contains(released.Lock))
        {
            _state.Doubtful = _state.Doubtful.Remove(released.Lock);
            affected = null;
            return ReleaseOutcome.Unknown;
        }

        if ((_state.HasUnnamed && !released.Lock.IsMonitor) || _state.Pending.Any(p => p.Locks.Any(l => l.Lock == released.Lock)))
        {
            // It may be the one that was acquired without a name; or it was acquired by a task that nobody has awaited, and that is the mistake.
            affected = null;
            return ReleaseOutcome.Unknown;
        }

        affected = spelling is null ? null : _state.Holds.FirstOrDefault(h => h.Sites.Any(s => spelling.Equals(s.Spelling) && !(s.IsOneOfMany && s.Loop != _node.Loop)) && h.Lock.IsMonitor == released.Lock.IsMonitor);
        if (affected is not null)
        {
            _state.Remove(affected.Lock);
            return ReleaseOutcome.ThroughAnother;
        }

        affected = PerhapsSame(released.Lock);
        if (affected is not null)
        {
            _state.Remove(affected.Lock);
            return ReleaseOutcome.Unknown;
        }

        // No caller could be told which elements a helper releases.
        return IsPerhapsHeld(released.Lock) || (_callers.AreKnown && (IsInArray(released.Lock.Value) || IsOneOfMany(spelling))) ? ReleaseOutcome.Unknown : ReleaseOutcome.NotHeld;
    }

    /// <summary>What is held that cannot be told apart from a lock that is not known to be held.</summary>
    private Hold? PerhapsSame(LockId @lock) => IsLoose(@lock.Value)
        ? _state.Holds.FirstOrDefault(h => IsRelated(h.Lock, @lock) && h.Origin == HoldOrigin.Acquired && (IsLoose(h.Lock.Value) || IsInArray(h.Lock.Value)))
        : null;

    /// <summary>A variable that is one lock on one way here and another on the other can be what either was read from.</summary>
    private static bool IsRelated(LockId one, LockId other) =>
        one.IsMonitor == other.IsMonitor && (one.Family.Equals(other.Family) || one.Value.Kind == ValueKind.Phi || other.Value.Kind == ValueKind.Phi);

    private bool IsPerhapsHeld(LockId @lock) =>
        PerhapsSame(@lock) is not null
        || _state.Lost.Contains(@lock)
        || (IsLoose(@lock.Value) && _state.Lost.Contains(@lock.Family))
        || (@lock.Value.Kind == ValueKind.Phi && _state.Lost.Any(l => l is LockMember or System.Type));

    /// <summary>Whether a value stands for several objects in turn, so that two of them can be one, or one of them two.</summary>
    public static bool IsLoose(Value value) => value.Root.Kind is ValueKind.Result or ValueKind.Phi or ValueKind.Former or ValueKind.New
        || (value.Kind is ValueKind.Member or ValueKind.Element && HasElement(value));

    private static bool HasElement(Value value) => ElementOf(value) is { Second.Kind: not ValueKind.Number };

    /// <summary>Whether a value is an element of an array, or reached through one.</summary>
    public static bool IsInArray(Value value) => ElementOf(value) is not null;

    private static Value? ElementOf(Value value)
    {
        Value? current = value;
        while (current is not null and not { Kind: ValueKind.Element })
        {
            current = current.First;
        }

        return current;
    }

    private static bool IsOfClass(Hold hold, LockPath path) =>
        hold.Origin != HoldOrigin.Owed && (hold.Lock.Member is { } member ? member.ClassName == path.Class : path.Text.Equals(hold.Lock.Value.Data));

    /// <summary>What is lacking to use something that needs a lock in a mode.</summary>
    private Lack LackOf(LockPath path, Value? value, Mode mode, ImmutableArray<Hold> holds)
    {
        if (path.Root == PathRoot.AnyOfClass)
        {
            return holds.Any(h => IsOfClass(h, path) && h.Satisfies(mode)) ? Lack.None : holds.Any(h => IsOfClass(h, path)) ? Lack.Mode : Lack.Hold;
        }

        if (value is null || IsNothing(value))
        {
            // One that is not there locks nobody out: the object is of one thread, or not there itself.
            return Lack.None;
        }

        LockId @lock = Identify(path, value);
        foreach (Hold hold in holds)
        {
            if ((hold.Lock == @lock || IsAskedForAgain(hold.Lock.Value, value)) && hold.Origin != HoldOrigin.Owed)
            {
                return hold.Satisfies(mode) ? Lack.None : Lack.Mode;
            }
        }

        return IsOneOfOrderedPair(value, mode, holds) ? Lack.None : Lack.Hold;
    }

    /// <summary>
    /// Whether two values are reached in the same way from what a call returned, and the two calls got the same: they are one, as far as anybody knows,
    /// unless each is kept in a variable of its own.
    /// </summary>
    private bool IsAskedForAgain(Value one, Value other)
    {
        while (one is { Kind: ValueKind.Member, First: { } owner } && other is { Kind: ValueKind.Member, First: { } next } && ReferenceEquals(one.Member, other.Member))
        {
            (one, other) = (owner, next);
        }

        return one is { Kind: ValueKind.Result, Data: CallStep { IsCreation: false } first }
            && other is { Kind: ValueKind.Result, Data: CallStep { IsCreation: false } second }
            && SymbolEqualityComparer.Default.Equals(first.Method, second.Method)
            && Equals(first.Receiver, second.Receiver)
            && first.Arguments.SequenceEqual(second.Arguments)
            && (NameOfVariable(one) is null || NameOfVariable(other) is null);
    }
}

internal enum Nesting
{
    None,

    /// <summary>Acquired again by a holder that may.</summary>
    Counted,

    /// <summary>Acquired again by a holder that waits for himself.</summary>
    Deadlock,

    /// <summary>Exclusive acquire by a shared holder, who waits for himself to leave.</summary>
    Upgrade,
}
