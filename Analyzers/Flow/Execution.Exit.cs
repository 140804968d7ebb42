// The end of a function: what it still holds, and whether that is what its contract promises.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>Judges a state in which a function is left.</summary>
    public void Exit(Node node, State state)
    {
        _node = node;
        _state = state;
        FunctionBody function = node.Function;
        LeaveScopes(null);
        if (function.Contract.Trusted)
        {
            return;
        }

        bool byThrow = node.Kind == NodeKind.ThrowExit;
        Dictionary<LockId, int> promised = byThrow ? new() : CheckPromises(function);
        if (!byThrow)
        {
            CheckWaits(function);
            NoteReturnedWork(function);
        }

        foreach (Hold hold in state.Holds)
        {
            if (hold.Origin == HoldOrigin.Owed && !byThrow)
            {
                Recorder!.Owe(hold.Lock, isMain: node.Depth == 0 && !state.IsDeferred);
            }

            int allowed = promised.TryGetValue(hold.Lock, out int count) ? count : hold.Origin == HoldOrigin.Acquired ? 0 : 1;
            bool isForCaller = _callers.AreKnown && !_ambiguous.Contains(hold.Lock) && node.Depth == 0 && !state.IsDeferred && TryPath(hold.Lock.Value, hold.Kind) is not null;
            bool isExcused = hold.Kind.Transferable && (byThrow || state.HasThrown);
            bool isOneOfMany = _callers.AreKnown && (IsInArray(hold.Lock.Value) || hold.Sites.Any(s => s.IsOneOfMany));
            if (hold.Origin != HoldOrigin.Owed && hold.Count > allowed && !isForCaller && !isOneOfMany && !isExcused && !IsCarriedOut(function, hold))
            {
                foreach (AcquireSite site in hold.Sites.Skip(hold.Origin == HoldOrigin.Acquired ? System.Math.Min(allowed, hold.Sites.Length - 1) : 0))
                {
                    Recorder!.Leak(site, hold.Kind, byThrow, KeptIn(hold.Lock.Value));
                }
            }
        }

        foreach (PendingAcquire pending in byThrow ? ImmutableArray<PendingAcquire>.Empty : state.Pending)
        {
            if (!state.Escaped.Contains(pending.Task))
            {
                Recorder!.LeaveUnawaited(pending.Call, pending.Locks);
            }
        }
    }

    /// <summary>
    /// What a helper leaves held on some of its ways is for its callers where they can tell which way it went: by what they passed, or by what came
    /// back. Where nobody can tell, it is the helper's own leak, and told there, once.
    /// </summary>
    public void FindAmbiguous(Node exit, IReadOnlyList<State> states)
    {
        _node = exit;
        List<(State State, ExitCase Case)> ways = states.Select(s => (_state = s, CaseOf(s))).ToList();
        for (int i = 0; i < ways.Count; i++)
        {
            for (int j = i + 1; j < ways.Count; j++)
            {
                if (!ways[i].Case.CanBeToldFrom(ways[j].Case))
                {
                    AddDifferences(ways[i].State, ways[j].State);
                    AddDifferences(ways[j].State, ways[i].State);
                }
            }
        }
    }

    private void AddDifferences(State one, State other)
    {
        foreach (Hold hold in one.Holds.Where(h => h.Origin == HoldOrigin.Acquired && h.Count > (other.Find(h.Lock)?.Count ?? 0)))
        {
            _ambiguous.Add(hold.Lock);
        }
    }

    /// <summary>A lock that was passed in or made here and stored in a field is that field's from then on; null for any other.</summary>
    private Value? KeptIn(Value @lock) => _state.Heap.Where(c => ReferenceEquals(c.Value, @lock) && c.Owner is null or { Kind: ValueKind.This })
        .Select(c => c.Owner is null ? _values.Static(c.Member) : _values.Member(c.Owner, c.Member))
        .FirstOrDefault();

    /// <summary>A guard that is returned or kept carries its locks out of the function, and so does a lock that is returned itself.</summary>
    private bool IsCarriedOut(FunctionBody function, Hold hold) =>
        _state.Guards.Any(g => g.IsHolding && (_state.Escaped.Contains(g.Guard) || IsGivenOut(function, g.Guard)) && g.Locks.Any(l => l.Lock == hold.Lock))
        || _state.Heap.Any(c => c.Owner is { Kind: ValueKind.New } owner && _state.Escaped.Contains(owner) && (ReferenceEquals(c.Value, hold.Lock.Value) || IsWayTo(c, hold.Lock.Value)))
        || (hold.Kind.Capability == CapabilityKind.Lock && IsGivenOut(function, hold.Lock.Value))
        || (hold.Kind.Capability == CapabilityKind.Reference && hold.Lock.Value.First is { } counted && IsHandedOver(function, hold, counted));

    /// <summary>A reference goes with its object: to whoever gets it returned, or to an owner that puts it.</summary>
    private bool IsHandedOver(FunctionBody function, Hold hold, Value counted) =>
        IsGivenOut(function, counted)
        || _state.Heap.Any(c => ReferenceEquals(c.Value, counted) && References.ArePutBy(c.Member, hold.Lock.Member, _reader));

    private bool IsGivenOut(FunctionBody function, Value value) =>
        GivenOut(function).Any(slot => slot < _state.Slots.Length && ReferenceEquals(_state.Slots[slot], value));

    /// <summary>The slots that callers see afterwards. A slot that no step mentions has no place in the state.</summary>
    private static IEnumerable<int> GivenOut(FunctionBody function) =>
        function.ParameterSlots.Where((_, i) => function.Method!.Parameters[i].RefKind is RefKind.Ref or RefKind.Out).Append(function.ReturnSlot);

    /// <summary>A guard may keep the object that has the lock, to release it there.</summary>
    private static bool IsWayTo(HeapCell cell, Value @lock) =>
        cell.Owner is { Data: CallStep { IsCreation: true, Method.ContainingType: var type } } && @lock.Mentions(cell.Value)
        && type.AllInterfaces.Any(i => i.Name is "IDisposable" or "IAsyncDisposable");

    /// <summary>Compares what is held with what the contract promises; returns how often each promised lock may be held.</summary>
    private Dictionary<LockId, int> CheckPromises(FunctionBody function)
    {
        var promised = new Dictionary<LockId, int>();
        foreach (Clause clause in function.Contract.Clauses.AddRange(function.Invoked.Clauses).Where(c => !c.IsAboutHandedOut && (c.Parameter < 0 || IsResult(c) || _reader.IsScoped(function.Method!.Parameters[c.Parameter].Type))))
        {
            Value? returned = clause.Parameter < 0 ? InTask(_state.Slots[function.ReturnSlot]) : _state.Slots[function.ParameterSlots[clause.Parameter]];
            foreach (LockPath path in clause.Paths)
            {
                if (FindOwn(path, function, IsOfReturned(path, returned) ? returned : null) is not { } value)
                {
                    continue;
                }

                if (IsNothing(value))
                {
                    // What is not there is neither held nor released.
                    promised[Identify(path, value)] = 1;
                }
                else
                {
                    CheckPromise(function, clause, path, Identify(path, value), returned, promised);
                }
            }
        }

        return promised;
    }

    private bool IsNothing(Value value)
    {
        Value? part = value;
        while (part is not null && !Conditions.FactOf(part, _state).IsSubsetOf(ValueSet.Zero))
        {
            part = part.First;
        }

        return part is not null;
    }

    /// <summary>A reference on what is returned, or a lock of it. A guard is judged as a guard; and of what may be one object or another nobody knows which is meant.</summary>
    private bool IsOfReturned(LockPath path, Value? returned) =>
        path is { Root: PathRoot.Result, Members.IsEmpty: false, Kind.Capability: CapabilityKind.Reference or CapabilityKind.Lock }
        && returned is not (null or { Kind: ValueKind.Phi }) && _state.Guard(returned) is null;

    /// <summary>On a parameter, a conditional contract speaks about what the body stores there.</summary>
    private static bool IsResult(Clause clause) => clause.Kind is ClauseKind.TryAcquires or ClauseKind.ReleasesWhen;

    private void CheckPromise(FunctionBody function, Clause clause, LockPath path, LockId @lock, Value? returned, Dictionary<LockId, int> promised)
    {
        Hold? hold = _state.Find(@lock) is { Origin: not HoldOrigin.Owed } found ? found : null;
        bool isReacquired = function.Contract.Clauses.Any(c => c.Kind == ClauseKind.Acquires && c.Paths.Contains(path));
        switch (clause.Kind)
        {
            case ClauseKind.Requires when !function.Contract.Clauses.Any(c => c.Kind is ClauseKind.Releases or ClauseKind.ReleasesWhen or ClauseKind.Acquires && c.Paths.Contains(path)):
                promised[@lock] = 1;
                Promise(function, hold?.Satisfies(clause.Mode) == true || _state.Doubtful.Contains(@lock), $"'{path}' is still held");
                break;
            case ClauseKind.Acquires:
                int before = function.Contract.Clauses.Any(c => c.Kind == ClauseKind.Requires && c.Paths.Contains(path)) && !function.Contract.Clauses.Any(c => c.Kind == ClauseKind.Releases && c.Paths.Contains(path)) ? 1 : 0;
                promised[@lock] = before + 1;
                bool isPending = returned is not null && _state.Pending.Any(p => ReferenceEquals(p.Task, returned) && p.Locks.Any(l => l.Lock == @lock));
                Promise(function, isPending || (hold?.Satisfies(clause.Mode) == true && (hold.Count > before || !hold.Kind.Nests)), $"'{path}' is held{ModeText(clause.Mode)}");
                break;
            case ClauseKind.Releases when !isReacquired:
                Promise(function, hold is null or { Origin: HoldOrigin.Acquired }, $"'{path}' is released");
                break;
            case ClauseKind.TryAcquires:
                promised[@lock] = MayReturn(returned, clause.Result.Complement()) ? 0 : 1;
                Promise(function, hold?.Satisfies(clause.Mode) == true || !MayReturn(returned, clause.Result), $"'{path}' is held{ModeText(clause.Mode)} where {ResultText(function, clause)}");
                break;
            case ClauseKind.ReleasesWhen:
                promised[@lock] = 1;
                bool right = hold is null ? !MayReturn(returned, clause.Result.Complement()) : !MayReturn(returned, clause.Result);
                Promise(function, right, $"'{path}' is released exactly where {ResultText(function, clause)}");
                break;
        }
    }

    /// <summary>A body that is not asynchronous itself may hand its result out in a task that is complete: contracts are about what that yields.</summary>
    private Value? InTask(Value? returned) =>
        returned is { Data: CallStep { Arguments: { Length: 1 } yielded } made }
        && (made.IsCreation || made.Method.Name == nameof(System.Threading.Tasks.Task.FromResult))
        && Yielded(made.IsCreation ? made.Method.ContainingType : made.ResultType) is { } type
        && SymbolEqualityComparer.Default.Equals(type, made.Method.Parameters[0].Type)
        && IsAwaitable(made.IsCreation ? made.Method.ContainingType : made.ResultType)
            ? Evaluate(yielded[0])
            : returned;

    private bool MayReturn(Value? returned, ValueSet results) =>
        returned is null || !FactOfResult(returned).Intersect(results).IsEmpty;

    /// <summary>A member that is not declared to be null at times is taken at its word.</summary>
    private ValueSet FactOfResult(Value returned)
    {
        ValueSet fact = Conditions.FactOf(returned, _state);
        bool isThere = returned.Member?.Type is { IsReferenceType: true, NullableAnnotation: not NullableAnnotation.Annotated };
        return isThere ? fact.Intersect(ValueSet.NonZero) : fact;
    }

    /// <summary>The result that a clause speaks about, in words: "it returns true", "'taken' is true".</summary>
    private static string ResultText(FunctionBody function, Clause clause)
    {
        IParameterSymbol? parameter = clause.Parameter < 0 ? null : function.Method!.Parameters[clause.Parameter];
        ITypeSymbol type = parameter?.Type ?? function.Method!.ReturnType;
        return (parameter is null ? "it returns " : $"'{parameter.Name}' is ") + clause.Result.Describe(Yielded(type) ?? type);
    }

    private static string ModeText(Mode mode) => mode == Mode.Shared ? " shared" : "";

    private void Promise(FunctionBody function, bool isKept, string text)
    {
        if (isKept || function.Contract.Problems.Any(p => p.Kind == ProblemKind.Contradiction))
        {
            return;
        }

        // A getter without braces has no place of its own.
        ISymbol named = function.Method is { AssociatedSymbol: { } property } getter && getter.DeclaringSyntaxReferences.All(r => r.GetSyntax() is not AccessorDeclarationSyntax) ? property : function.Symbol;
        Location location = named.Locations.FirstOrDefault(l => l.IsInSource) ?? function.Syntax.GetLocation();
        Recorder!.Break(function, location, SpokenName.Of(function.Symbol), text);
    }
}
