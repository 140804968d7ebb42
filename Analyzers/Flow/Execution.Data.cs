// Data: whether what guards a variable, or what a reference points to, is held where it is used.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow.Lowering;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>How a value is told that shows what is in a collection.</summary>
    private const string AsAView = "as a view";

    /// <summary>How one is told that goes on at each step, and leaves the collection as it is.</summary>
    private const string AsAnEnumerator = "as an enumerator";

    private void Access(AccessStep step)
    {
        if (step.Place is not Place.Member member)
        {
            return;
        }

        Value? owner = EvaluateOwner(member);
        if (member.Contract.Guards.IsEmpty)
        {
            NoteField(step, owner, member.Symbol, step.Kind, isContents: false, step.IsTest);
        }
        else
        {
            Access(step, owner, member.Symbol, member.Contract, step.Kind);
        }
    }

    private void AccessThrough(Step step, Value reference, AccessKind kind)
    {
        if (reference is { Kind: ValueKind.Ref, Data: RefTarget target })
        {
            Access(step, reference.First, target.Member, target.Contract, kind);
            AccessAround(step, reference.First, kind);
        }
        else if (reference is { Kind: ValueKind.RefElement, First: { } array })
        {
            Use(step, array, isCopy: true, kind, isTest: false);
        }
    }

    /// <summary>A field of a struct lies in the variable that the struct is in; what lies in an object is among its contents.</summary>
    private void AccessAround(Step step, Value? owner, AccessKind kind)
    {
        while (owner?.Member is { Type: { IsValueType: true }, Symbol: { } symbol } member)
        {
            Value? next = owner.Kind == ValueKind.Static ? null : owner.First;
            Access(step, next, member, _reader.Data(symbol), kind);
            owner = next;
        }

        if (owner is not null)
        {
            Use(step, owner, isCopy: false, kind, isTest: false);
        }
    }

    private void Access(Step step, Value? owner, LockMember member, DataContract contract, AccessKind kind)
    {
        if (contract.Guards.IsEmpty || owner is { IsUnknown: true })
        {
            return;
        }

        foreach (Guard guard in contract.Guards)
        {
            bool isPointer = kind == AccessKind.Read && HasSection(guard) && member.Type is { IsReferenceType: true };
            if (isPointer)
            {
                // Only its use is a mistake, not a look at whether it is there.
                NoteOwnRead(guard, owner, member);
                continue;
            }

            if (Recorder is null)
            {
                continue;
            }

            Missing missing = IsFresh(owner) || IsUnderConstruction(owner, member) ? default : Check(guard, owner, member, kind);
            Recorder.Access(step, member, kind, guard, missing, isContents: false, _state);
        }
    }

    private void Use(UseStep use, Expr used) => Use(use, used, use.Kind, use.IsTest);

    private void Use(Step step, Expr used, AccessKind kind, bool isTest)
    {
        // What a member with a contract leads to is its contents, whatever was put into it last.
        Value? member = used switch
        {
            Expr.Member read when GuardsContents(read.Symbol) && Evaluate(read.Target) is { IsUnknown: false } owner => _values.Member(owner, read.Symbol),
            Expr.Static read when GuardsContents(read.Symbol) => _values.Static(read.Symbol),
            _ => null,
        };
        Value reference = Evaluate(used);
        Use(step, member is null || IsFresh(reference) ? reference : member, isCopy: used is Expr.Slot, kind, isTest);
    }

    /// <summary>A method of what a reference points to becomes a delegate that is kept: whoever runs it has none of the locks that are held here.</summary>
    private void UseLater(Step step, Expr used, AccessKind kind)
    {
        State current = _state;
        _state = current.Copy();
        _state.Detach();
        Use(step, used, kind, isTest: false);
        _state = current;
    }

    private bool GuardsContents(LockMember member) => member.Symbol is { } symbol && !_reader.Data(symbol).Contents.IsEmpty;

    /// <summary>
    /// What a reference points to is used. The reference may have been copied to a local: the value remembers which member it was read from. Who has
    /// put another object into that member has the old one for himself.
    /// </summary>
    /// <param name="isCopy">It is a local that leads to it here.</param>
    private void Use(Step step, Value reference, bool isCopy, AccessKind kind, bool isTest)
    {
        bool isEarlier = reference.IsEarlier;
        kind = reference is { Kind: ValueKind.Operation, Data: OperationDetail { Detail: AsAnEnumerator } } ? AccessKind.Read : kind;
        reference = Original(reference);
        foreach (Value source in Recorder is null || IsReferenced(reference) ? Enumerable.Empty<Value>() : _state.SourcesOf(reference))
        {
            UseSource(step, source.IsEarlier ? source.First! : source, kind, isEarlier || source.IsEarlier);
        }

        if (isCopy && reference.Member is { } left && _state.Stored(reference.Kind == ValueKind.Static ? null : reference.First, left) is { IsUnknown: false } now && !ReferenceEquals(now, reference))
        {
            return;
        }

        if (Recorder is null || reference.Member is not { Symbol: { } symbol } member)
        {
            return;
        }

        Value? owner = reference.Kind == ValueKind.Static ? null : reference.First;
        UseProtected(step, reference, owner, member, isEarlier);
        if (GuardableFields.IncludesContents(member, _reader))
        {
            NoteField(step, owner, member, kind, isContents: true, isTest);
        }

        foreach (Guard guard in _reader.Data(symbol).Contents)
        {
            Missing missing = IsFresh(owner) || IsUnderConstruction(owner, member) ? default : Check(guard, owner, member, kind);
            Recorder.Access(step, member, kind, guard, missing, isContents: true, _state);
        }
    }

    /// <summary>One of the members whose object it may be. What a walk has left behind cannot be named: only a lock that is nobody's in particular can.</summary>
    private void UseSource(Step step, Value source, AccessKind kind, bool isEarlier)
    {
        LockMember member = source.Member!;
        Value? owner = source.Kind == ValueKind.Static ? null : source.First;
        if (CanName(source, SectionGuard(source)))
        {
            UseProtected(step, source, owner, member, isEarlier);
        }

        foreach (Guard guard in _reader.Data(member.Symbol!).Contents.Where(g => CanName(source, g)))
        {
            Recorder!.Access(step, member, kind, guard, IsFresh(owner) || IsUnderConstruction(owner, member) ? default : Check(guard, owner, member, kind), isContents: true, _state);
        }
    }

    private Value? GuardedSource(Value value) =>
        Original(value) is { Member: { Symbol: { } symbol, Type.IsReferenceType: true } } source && (!_reader.Data(symbol).Contents.IsEmpty || SectionGuard(source) is not null) ? source : null;

    private static bool CanName(Value source, Guard? guard) =>
        guard is not null && (source.Root.Kind is ValueKind.This or ValueKind.Parameter or ValueKind.Static || guard.AnyOf.All(p => p.Root != PathRoot.This));

    /// <summary>By another type it is the same object.</summary>
    private static Value Original(Value reference) =>
        reference is { Kind: ValueKind.Operation, First: { } tried, Data: OperationDetail { Detail: { } detail } } && detail.StartsWith("as ", System.StringComparison.Ordinal) ? tried
        : reference is { First: { } collection } && IsView(reference) ? collection
        : reference;

    /// <summary>
    /// What LINQ makes of guarded contents looks at them when somebody goes through it, an enumerator at each step, and a span whenever it is used: it is
    /// the same contents.
    /// </summary>
    private Value? ViewOf(CallSite site)
    {
        IMethodSymbol method = site.Call.Method;
        if (!LazySequences.GoesThroughLater(method) && !Views.Makes(method))
        {
            return null;
        }

        Value? over = method.IsStatic || method.ReducedFrom is not null ? site.Arguments.FirstOrDefault() : site.Receiver;
        return over is not null && Original(over) is { Member: { Symbol: { } source } member } contents && (!_reader.Data(source).Contents.IsEmpty || GuardableFields.IncludesContents(member, _reader))
            ? _values.Operation(Operator.Other, contents, null, Views.IsEnumerator(method.ReturnType) ? AsAnEnumerator : AsAView)
            : null;
    }

    private static bool IsView(Value value) =>
        value is { Kind: ValueKind.Operation, Data: OperationDetail { Detail: AsAView or AsAnEnumerator } } || value is { Kind: ValueKind.Member, Member.Symbol: IPropertySymbol property } && Views.Includes(property);

    /// <summary>A view of guarded contents leaves the lock that the body took to make it: by return, or into a member.</summary>
    private void KeepView(Step step, Value view, AccessKind kind)
    {
        if (Recorder is null || _node.Function != _body.Main || !IsView(view) || Original(view) is not { Member: { Symbol: { } symbol } member } contents)
        {
            return;
        }

        Value? owner = contents.Kind == ValueKind.Static ? null : contents.First;
        if (GuardableFields.IncludesContents(member, _reader))
        {
            NoteLater(step, owner, member, kind == AccessKind.StoredForReading ? ImmutableArray<Hold>.Empty : HeldAtExit());
        }

        foreach (Guard guard in IsFresh(owner) || IsUnderConstruction(owner, member) ? ImmutableArray<Guard>.Empty : _reader.Data(symbol).Contents)
        {
            // Made without the lock it is told where it is made.
            if (Check(guard, owner, member, AccessKind.Read).Lack == Lack.None)
            {
                Recorder.Access(step, member, kind, guard, Check(guard, owner, member, kind), isContents: true, _state);
            }
        }
    }

    /// <summary>Any of a guard's locks for a read, in any mode; for a write, all that have an exclusive mode.</summary>
    private Missing Check(Guard guard, Value? owner, LockMember member, AccessKind kind)
    {
        bool writes = kind is AccessKind.Write or AccessKind.PassedForWriting or AccessKind.ReturnedForWriting;
        ImmutableArray<Hold> holds = kind switch
        {
            AccessKind.ReturnedForReading or AccessKind.ReturnedForWriting => HeldAtExit(),
            AccessKind.StoredForReading => ImmutableArray<Hold>.Empty,
            _ => _state.Holds,
        };
        Missing worst = default;
        foreach (LockPath path in guard.AnyOf)
        {
            Missing found = Check(path, owner, member, writes && path.Kind.HasExclusiveMode ? Mode.Exclusive : Mode.Shared, holds);
            if (!writes && found.Lack == Lack.None)
            {
                return default;
            }

            if (writes && !path.Kind.HasExclusiveMode && guard.AnyOf.Length > 1)
            {
                continue;
            }

            if (found.Lack > worst.Lack)
            {
                worst = found;
            }
        }

        return worst;
    }

    private Missing Check(LockPath path, Value? owner, LockMember member, Mode mode, ImmutableArray<Hold> holds)
    {
        ITypeSymbol? through = member.Symbol?.ContainingType;
        Value? value = Resolve(path, owner, ImmutableArray<Value>.Empty, null, through);
        Lack lack = LackOf(path, value, mode, holds);
        if (value is not null)
        {
            Recorder?.Mention(value);
        }

        return lack == Lack.None
            ? default
            : new Missing(lack, value is null ? path.Text : NameOf(value) ?? path.Text, mode, LackOf(path, value, mode, _state.Outer) == Lack.None);
    }

    /// <summary>What is still held when the method has returned, as its contract says.</summary>
    private ImmutableArray<Hold> HeldAtExit()
    {
        ImmutableArray<Hold>.Builder held = ImmutableArray.CreateBuilder<Hold>();
        foreach (Hold hold in _state.Holds)
        {
            if (hold.Origin is HoldOrigin.Required or HoldOrigin.Inherited || IsPromised(hold))
            {
                held.Add(hold);
            }
        }

        return held.ToImmutable();
    }

    private bool IsPromised(Hold hold)
    {
        foreach (Clause clause in _body.Main.Contract.Clauses)
        {
            if (clause.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires)
            {
                foreach (LockPath path in clause.Paths)
                {
                    if (Resolve(path, _values.This, ImmutableArray<Value>.Empty, null, null) is { } value && Identify(path, value) == hold.Lock)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }
}

/// <summary>A lock that is lacking at a use.</summary>
/// <param name="Lock">Its name.</param>
/// <param name="Asked">The mode that would do.</param>
/// <param name="HeldWhereMade">In a function that runs later: it was held where the function was made.</param>
internal readonly record struct Missing(Lack Lack, string Lock, Mode Asked, bool HeldWhereMade);
