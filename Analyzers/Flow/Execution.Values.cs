// Evaluation: from expressions to values, and from values to names.
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
    private Value Evaluate(Expr expr) => expr switch
    {
        Expr.This => _values.This,
        Expr.Slot slot => ReadSlot(slot.Index),
        Expr.Member member => ReadMember(Itself(Evaluate(member.Target)), member.Symbol),
        Expr.Static member => ReadMember(null, member.Symbol),
        Expr.Element element => _values.Element(Evaluate(element.Array), Evaluate(element.Index)),
        Expr.Constant constant => _values.Number(constant.Number),
        Expr.Text text => _values.Text(text.Value),
        Expr.TypeOf type => _values.TypeOf(type.Type),
        Expr.Boxed => _values.Boxed,
        Expr.Operation operation => Evaluate(operation),
        Expr.Ref reference => Evaluate(reference.Place),
        Expr.Deref deref => Dereference(Evaluate(deref.Reference)),
        Expr.Function function => _values.Function(function.Body),
        Expr.MethodGroup group => _values.MethodGroup(group.Method, group.Target is null ? null : Evaluate(group.Target)),
        _ => _values.Unknown,
    };

    private Value Evaluate(Expr.Operation operation)
    {
        Value left = Evaluate(operation.Left);
        Value? right = operation.Right is null ? null : Evaluate(operation.Right);
        if (operation.Operator == Operator.Not && left.Kind == ValueKind.Number)
        {
            return _values.Number(left.Number == 0 ? 1 : 0);
        }

        return _values.Operation(operation.Operator, left, right, operation.Detail);
    }

    private Value ReadSlot(int slot) => _body.Slots.IsAssignedBehindTheScenes(slot) ? _values.Unknown : _state.Slots[slot] ?? _values.Unknown;

    /// <summary>
    /// A reference in a field is taken to be the same until the body stores another, for it may lead to a lock; a number or flag that others
    /// can write is a new one at each look.
    /// </summary>
    private Value ReadMember(Value? owner, LockMember member)
    {
        if (owner is { IsUnknown: true })
        {
            return _values.Unknown;
        }

        if (member.IsImplementedElsewhere && owner is not null)
        {
            member = _reader.Members.In(owner.Kind == ValueKind.This ? _body.Main.Symbol.ContainingType : Recorder.TypeOf(owner), member);
        }

        if (_state.Stored(owner, member) is { } stored)
        {
            return stored;
        }

        if (!_flagsStay && !member.IsReadOnly && IsScalar(member.Type))
        {
            return _values.Unknown;
        }

        return owner is null ? _values.Static(member) : OfKept(owner, member) ?? _values.Member(owner, member);
    }

    /// <summary>A member of an object that was made with what its keeper has: the keeper's own, by its name there. Null for any other.</summary>
    private Value? OfKept(Value owner, LockMember member)
    {
        if (owner.Member is not { } keeper || member is not { IsReadOnly: true, Type.IsReferenceType: true } || _reader.Members.Kept.Of(keeper)?.Parts.TryGetValue(member, out LockPath? part) != true)
        {
            return null;
        }

        return Resolve(part!, owner.First, ImmutableArray<Value>.Empty, null, null);
    }

    /// <summary>A local copy of a flag stays what it is, whatever it was copied from.</summary>
    private bool IsFlag(int slot) => _body.Slots.SymbolOf(slot) is ILocalSymbol { Type: var type } && IsScalar(type);

    private static bool IsScalar(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Enum } or { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_Double };

    private Value Evaluate(Place place) => place switch
    {
        Place.Slot slot => _values.RefSlot(slot.Index),
        Place.Referent referent => Evaluate(referent.Reference),
        Place.Member member => EvaluateOwner(member) is var owner && owner is { IsUnknown: true } ? owner : _values.RefMember(owner, member.Symbol, member.Contract),
        Place.Inside inside when Evaluate(inside.Owner) is { IsUnknown: false } array => _values.RefElement(array),
        _ => _values.Unknown,
    };

    /// <summary>Whoever has an object by another type has that object; where he has none, nothing can be reached through it.</summary>
    private static Value Itself(Value value) =>
        value is { Kind: ValueKind.Operation, IsEarlier: false } ? Original(value) : value;

    private Value? EvaluateOwner(Place.Member place) => place.Target is null ? null : Itself(Evaluate(place.Target));

    private Value Dereference(Value reference)
    {
        if (reference.Kind == ValueKind.RefElement)
        {
            return _values.Unknown;
        }

        if (reference.Kind != ValueKind.Ref)
        {
            // A function that runs on its own is not told what its parameters refer to.
            return reference;
        }

        return reference.Data is RefTarget target ? ReadMember(reference.First, target.Member) : ReadSlot((int)reference.Number);
    }

    /// <summary>The value that an operation yields; in a loop, the one of the turn before becomes a former value.</summary>
    private Value Define(ValueKind kind, Step step)
    {
        Value value = _values.At(kind, step, _node);
        if (_node.IsInLoop)
        {
            _state.Retire(value, _values);
        }

        return value;
    }

    private void Store(StoreStep step, Value value)
    {
        if (step.Place is not (Place.Slot or Place.Referent))
        {
            HandOn(value);
        }

        switch (step.Place)
        {
            case Place.Slot slot:
                _state.Slots[slot.Index] = value;
                break;
            case Place.Member member:
                Value? owner = EvaluateOwner(member);
                bool isLocal = member.Symbol.Symbol is { ContainingType.IsTupleType: true } && owner?.Kind == ValueKind.New;
                if (!isLocal && !member.Contract.Guards.Any(HasSection))
                {
                    KeepProtected(step, value, isReturn: false);
                }

                if (!isLocal && member.Contract is { Guards.IsEmpty: true, Contents.IsEmpty: true })
                {
                    KeepView(step, value, AccessKind.StoredForReading);
                }

                if (owner is not { IsUnknown: true })
                {
                    KeepWork(step, owner, member.Symbol, value);
                    StoreMember(owner, member.Symbol, value);
                }
                else
                {
                    Publish(value);
                }

                break;
            case Place.Referent referent:
                StoreThrough(referent.Reference, value);
                break;
            case Place.Inside inside:
                KeepInside(step, Evaluate(inside.Owner), value);
                PutWork(step, inside.Owner, value);
                PutInto(Evaluate(inside.Owner), value);
                break;
            default:
                Publish(value);
                break;
        }
    }

    private void StoreThrough(Expr reference, Value value)
    {
        Value referred = Evaluate(reference);
        if (referred is { Kind: ValueKind.Ref, Data: RefTarget target })
        {
            HandOn(value);
            StoreMember(referred.First, target.Member, value);
        }
        else if (referred.Kind == ValueKind.Ref)
        {
            _state.Slots[(int)referred.Number] = value;
        }
        else if (referred.Kind != ValueKind.RefElement && reference is Expr.Slot own)
        {
            HandOn(value);
            _state.Slots[own.Index] = value;
        }
        else
        {
            HandOn(value);
        }
    }

    /// <summary>An object goes to another. What is in an array or a plain collection that nobody else has is seen with that; anything else is seen from now on.</summary>
    private void PutInto(Value? whole, Value part)
    {
        GiveAway(part);
        if (whole is { Kind: ValueKind.New } && _state.IsFresh(whole) && (whole.Data is CallStep made ? made.IsCreation && GuardableFields.IsPlainCollection(made.Method.ContainingType) : whole.Data is not AwaitStep))
        {
            _state.Contain(whole, part);
        }
        else
        {
            Publish(part);
        }
    }

    private void StoreMember(Value? owner, LockMember member, Value value)
    {
        GiveAway(value);
        if (IsEmbedded(owner) || (owner is null or { Kind: ValueKind.This } && IsUnderConstruction(owner, member)))
        {
            Embed(value);
        }
        else if (!IsFresh(owner))
        {
            Publish(value);
        }

        Unpublish(owner, member, value);
        _state.Store(owner, member, value);
    }

    /// <summary>Whether an object was made here and nobody else can have it yet.</summary>
    private bool IsFresh(Value? value) => value is not null && (_state.IsFresh(value.Root) || IsEmbedded(value));

    /// <summary>Whether an object is part of the one that is constructed, and was given to nobody else.</summary>
    private bool IsEmbedded(Value? value) => value is not null && !_state.IsDeferred && _embedded?.Contains(value.Root) == true;

    /// <summary>An object becomes part of the one that is constructed.</summary>
    private void Embed(Value value)
    {
        if (_state.IsFresh(value))
        {
            (_embedded ??= new HashSet<Value>()).Add(value);
        }

        _state.Escape(value);
    }

    /// <summary>An object becomes visible to others.</summary>
    private void Publish(Value value)
    {
        GiveAway(value);
        _embedded?.Remove(value);
        _state.Escape(value);
    }

    /// <summary>By bit: parameters that the body lets others have, as far as they are counted.</summary>
    public int GivenAway => _body.Main is { IsIterator: false, Method.IsAsync: false } ? _givenAway | ~((1 << MaxArguments) - 1) : ~0;

    /// <summary>A parameter gets to where others may find it. What ways meet in, or an operation makes, may be any of them.</summary>
    private void GiveAway(Value value) => _givenAway |= value.Kind switch
    {
        ValueKind.Parameter => value.Data is IParameterSymbol { Ordinal: < MaxArguments and var ordinal } ? 1 << ordinal : 0,
        ValueKind.Phi or ValueKind.Former or ValueKind.Operation or ValueKind.Ref or ValueKind.RefElement or ValueKind.MethodGroup => ~0,
        _ => 0,
    };

    /// <summary>Own data is free while the object is constructed: its constructor, initialisers and init accessors, but not what they hand out.</summary>
    private bool IsUnderConstruction(Value? owner, LockMember member)
    {
        if (_state.IsDeferred)
        {
            return false;
        }

        ISymbol symbol = _body.Main.Symbol;
        bool constructs = (_callers.OnlyConstruct && !_state.HasSuspended) || (symbol is IMethodSymbol method ? MemberCode.Constructs(method) : symbol is IFieldSymbol or IPropertySymbol or IEventSymbol);
        if (!constructs)
        {
            return false;
        }

        return symbol.IsStatic
            ? owner is null && SymbolEqualityComparer.Default.Equals(member.Container.OriginalDefinition, symbol.ContainingType.OriginalDefinition)
            : owner?.Root.Kind == ValueKind.This;
    }

    /// <summary>How a user would write a value; null where it has no name.</summary>
    private string? NameOf(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.This:
                return "this";
            case ValueKind.Parameter:
                return ((ISymbol)value.Data!).Name;
            case ValueKind.Static:
                LockMember member = (LockMember)value.Data!;
                return SymbolEqualityComparer.Default.Equals(member.Container, _body.Main.Symbol.ContainingType) ? member.Name : member.Container.Name + "." + member.Name;
            case ValueKind.Member when value.First!.Kind == ValueKind.This:
                return ((LockMember)value.Data!).Name;
            case ValueKind.Member:
                return NameOf(value.First!) is { } owner ? owner + "." + ((LockMember)value.Data!).Name : NameOfVariable(value);
            case ValueKind.Element:
                return NameOf(value.First!) is { } array && NameOf(value.Second!) is { } index ? $"{array}[{index}]" : NameOfVariable(value);
            case ValueKind.Number:
                return value.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            case ValueKind.TypeOf:
                return $"typeof({value.Data})";
            case ValueKind.Text:
                return $"\"{value.Data}\"";
            default:
                return NameOfVariable(value);
        }
    }

    private string? NameOfVariable(Value value)
    {
        for (int slot = 0; slot < _state.Slots.Length; slot++)
        {
            if (ReferenceEquals(_state.Slots[slot], value) && _body.Slots.SymbolOf(slot) is { } variable)
            {
                return variable.Name;
            }
        }

        return null;
    }

    /// <summary>The value that a contract's path names, for a receiver and arguments; null where the caller cannot tell.</summary>
    private Value? Resolve(LockPath path, Value? receiver, ImmutableArray<Value> arguments, Value? result, ITypeSymbol? through)
    {
        Value? value = path.Root switch
        {
            PathRoot.This => receiver,
            PathRoot.Parameter => path.Ordinal < arguments.Length ? arguments[path.Ordinal] : null,
            PathRoot.Result => result,
            PathRoot.Static => ReadMember(null, Constructed(path.Members[0], through)),
            PathRoot.Captured => SlotOf(path.Parameter!) is { } slot && ReadSlot(slot) is { IsUnknown: false } captured ? captured : _values.Parameter(path.Parameter!),
            _ => null,
        };
        if (value is { Kind: ValueKind.Ref })
        {
            value = Dereference(value);
        }

        value = value is null ? null : Itself(value);
        int first = path.Root == PathRoot.Static ? 1 : 0;
        for (int i = first; i < path.Members.Length && value is not null; i++)
        {
            value = ReadMember(value, path.Members[i]);
        }

        return value is { IsUnknown: true } ? null : value;
    }

    /// <summary>The slot of a parameter that a contract inside names; null where no step mentions it.</summary>
    private int? SlotOf(IParameterSymbol parameter) => _body.Slots.Find(parameter) is var slot && slot >= 0 && slot < _state.Slots.Length ? slot : null;

    /// <summary>A static member of a generic type, as the member of the type that it was reached through.</summary>
    private LockMember Constructed(LockMember member, ITypeSymbol? through)
    {
        if (member.Symbol is null || through is not INamedTypeSymbol { IsGenericType: true } type
            || SymbolEqualityComparer.Default.Equals(type, member.Container)
            || !SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, member.Container.OriginalDefinition))
        {
            return member;
        }

        ISymbol? constructed = type.GetMembers(member.Name).FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, member.Symbol.OriginalDefinition));
        return constructed is null ? member : _reader.Members.Intern(constructed);
    }
}
