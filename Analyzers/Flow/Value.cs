// What an expression evaluates to on a path: a symbolic value with identity.
using System;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal enum ValueKind
{
    /// <summary>Nothing is known, not even whether two of them are the same.</summary>
    Unknown,
    This,
    Parameter,
    Static,
    Member,
    Element,
    Number,
    Text,
    TypeOf,

    /// <summary>An object made at a place in the body.</summary>
    New,

    /// <summary>What an operation in the body returned.</summary>
    Result,

    /// <summary>What a variable holds where several ways meet on which it holds different values.</summary>
    Phi,

    /// <summary>A value of the turn of a loop before this one.</summary>
    Former,
    Operation,
    Boxed,
    Ref,

    /// <summary>A reference to what is in an array; nobody follows to which element.</summary>
    RefElement,
    Function,
    MethodGroup,
}

/// <summary>Made by a <see cref="ValueTable"/>, which makes equal ones only once: compared by reference.</summary>
internal sealed class Value(int id, ValueKind kind, Value? first, Value? second, object? data, long number)
{
    public int Id { get; } = id;

    public ValueKind Kind { get; } = kind;

    /// <summary>The object that a member or element belongs to, the operand of an operation, the value that a former one was.</summary>
    public Value? First { get; } = first;

    public Value? Second { get; } = second;

    /// <summary>A symbol, member, step, operator detail or text, as the kind wants.</summary>
    public object? Data { get; } = data;

    /// <summary>The number, or the slot of a variable.</summary>
    public long Number { get; } = number;

    /// <summary>The longest way down to a value that has no parts.</summary>
    public int Depth { get; } = 1 + Math.Max(first?.Depth ?? 0, second?.Depth ?? 0);

    /// <summary>The next one in the same bucket of its table.</summary>
    public Value? Next { get; set; }

    public bool IsUnknown => Kind == ValueKind.Unknown;

    /// <summary>Whether it is what a guarded member led to before the section ended that it was read in.</summary>
    public bool IsEarlier => Data is OperationDetail { Detail: ValueTable.AsItWas };

    /// <summary>A test that is made of one that nobody knows: two of them may differ, even if they are made of the same.</summary>
    public bool IsPartlyUnknown { get; } = kind == ValueKind.Operation && (first is { IsUnknown: true } or { IsPartlyUnknown: true } || second is { IsUnknown: true } or { IsPartlyUnknown: true });

    /// <summary>The member that the value was read from.</summary>
    public LockMember? Member => Kind is ValueKind.Member or ValueKind.Static ? (LockMember)Data! : null;

    public Operator Operator => Kind == ValueKind.Operation ? ((OperationDetail)Data!).Operator : Operator.Other;

    /// <summary>What the value was reached from: the value itself where it is no member or element.</summary>
    public Value Root
    {
        get
        {
            Value current = this;
            while (current.Kind is ValueKind.Member or ValueKind.Element && current.First is { } owner)
            {
                current = owner;
            }

            return current;
        }
    }

    public bool IsMadeOf(ValueKind kind, Value? first, Value? second, object? data, long number) =>
        Kind == kind && ReferenceEquals(First, first) && ReferenceEquals(Second, second) && Number == number && Equals(Data, data);

    public bool Mentions(Value other) => ReferenceEquals(this, other) || First?.Mentions(other) == true || Second?.Mentions(other) == true;

    /// <summary>As good as the identity, and cheaper.</summary>
    public override int GetHashCode() => Id;

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override string ToString() => Kind switch
    {
        ValueKind.This => "this",
        ValueKind.Parameter => ((ISymbol)Data!).Name,
        ValueKind.Static => ((LockMember)Data!).Container.Name + "." + ((LockMember)Data!).Name,
        ValueKind.Member => First + "." + ((LockMember)Data!).Name,
        ValueKind.Element => $"{First}[{Second}]",
        ValueKind.Number => Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ValueKind.Former => "former " + First,
        _ => Kind + "#" + Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

internal sealed record OperationDetail(Operator Operator, string? Detail);

/// <summary>The values of one body. Not thread-safe.</summary>
internal sealed class ValueTable
{
    /// <summary>Values that are built of more than this many layers are unknown: they are arithmetic, or walks through a structure.</summary>
    public const int MaxDepth = 8;

    /// <summary>How a value is told that a local got before the section that is held.</summary>
    public const string AsItWas = "as it was";

    /// <summary>Values by hash, those of one bucket in a chain. A dictionary would keep beside each value what it is made of, which it has itself.</summary>
    private Value?[] _buckets = new Value?[64];
    private int _count;

    public ValueTable()
    {
        Unknown = Intern(ValueKind.Unknown);
        This = Intern(ValueKind.This);
        Boxed = Intern(ValueKind.Boxed);
    }

    /// <summary>The member that a value was read from, where that asks for a lock of whoever uses what is in it.</summary>
    public Func<Value, Value?> GuardedSource { get; set; } = _ => null;

    public Value Unknown { get; }

    public Value This { get; }

    public Value Boxed { get; }

    public Value Number(long number) => Intern(ValueKind.Number, number: number);

    public Value Parameter(ISymbol parameter) => Intern(ValueKind.Parameter, data: parameter);

    public Value Static(LockMember member) => Intern(ValueKind.Static, data: member);

    public Value Member(Value owner, LockMember member) => owner.IsUnknown ? Unknown : Intern(ValueKind.Member, owner, data: member);

    public Value Element(Value array, Value index) => array.IsUnknown || index.IsUnknown ? Unknown : Intern(ValueKind.Element, array, index);

    /// <summary>What the operation of a step yields in one copy of the code.</summary>
    public Value At(ValueKind kind, Step step, Node node) => Intern(kind, data: step, number: node.Id);

    public Value Phi(Node node, int slot) => Intern(ValueKind.Phi, data: node, number: slot);

    public Value Former(Value value) => Intern(ValueKind.Former, value);

    public Value Text(string text) => Intern(ValueKind.Text, data: text);

    public Value TypeOf(string type) => Intern(ValueKind.TypeOf, data: type);

    public Value Function(FunctionBody function) => Intern(ValueKind.Function, data: function);

    public Value MethodGroup(IMethodSymbol method, Value? target) => Intern(ValueKind.MethodGroup, target, data: method);

    public Value RefSlot(int slot) => Intern(ValueKind.Ref, number: slot);

    public Value RefElement(Value array) => Intern(ValueKind.RefElement, array);

    public Value RefMember(Value? owner, LockMember member, DataContract contract) => Intern(ValueKind.Ref, owner, data: new RefTarget(member, contract), number: -1);

    public Value Earlier(Value value) => value.IsEarlier ? value : Operation(Operator.Other, value, null, AsItWas);

    public Value Operation(Operator @operator, Value left, Value? right, string? detail)
    {
        // A conjunction with something that nobody knows still tells what its other part does, and so does a disjunction.
        bool isHalfKnown = @operator is Operator.And or Operator.Or && right is not null && left.IsUnknown != right.IsUnknown;
        if (!isHalfKnown && (left.IsUnknown || right is { IsUnknown: true }))
        {
            return Unknown;
        }

        if (@operator == Operator.Equal && right is not null)
        {
            if (ReferenceEquals(left, right))
            {
                return Number(1);
            }

            if (left.Kind == ValueKind.Number || (right.Kind != ValueKind.Number && left.Id > right.Id))
            {
                (left, right) = (right, left);
            }
        }

        return Intern(ValueKind.Operation, left, right, new OperationDetail(@operator, detail));
    }

    /// <summary>The value with every mention of one value replaced; unknown where that leaves nothing to name.</summary>
    public Value Replace(Value value, Value old, Value replacement)
    {
        if (ReferenceEquals(value, old))
        {
            return replacement;
        }

        if (!value.Mentions(old))
        {
            return value;
        }

        Value? first = value.First is null ? null : Replace(value.First, old, replacement);
        Value? second = value.Second is null ? null : Replace(value.Second, old, replacement);
        return first is { IsUnknown: true } || second is { IsUnknown: true }
            ? Unknown
            : Intern(value.Kind, first, second, value.Data, value.Number);
    }

    private Value Intern(ValueKind kind, Value? first = null, Value? second = null, object? data = null, long number = 0)
    {
        if (first?.Depth >= MaxDepth || second?.Depth >= MaxDepth)
        {
            return Unknown;
        }

        int hash = Hash(kind, first, second, data, number);
        for (Value? known = _buckets[hash & (_buckets.Length - 1)]; known is not null; known = known.Next)
        {
            if (known.IsMadeOf(kind, first, second, data, number))
            {
                return known;
            }
        }

        if (_count == _buckets.Length)
        {
            Grow();
        }

        var value = new Value(_count++, kind, first, second, data, number);
        Add(value, hash);
        return value;
    }

    private void Add(Value value, int hash)
    {
        ref Value? bucket = ref _buckets[hash & (_buckets.Length - 1)];
        value.Next = bucket;
        bucket = value;
    }

    private void Grow()
    {
        Value?[] old = _buckets;
        _buckets = new Value?[2 * old.Length];
        foreach (Value? bucket in old)
        {
            for (Value? value = bucket, next; value is not null; value = next)
            {
                next = value.Next;
                Add(value, Hash(value.Kind, value.First, value.Second, value.Data, value.Number));
            }
        }
    }

    private static int Hash(ValueKind kind, Value? first, Value? second, object? data, long number)
    {
        int hash = ((((((int)kind * 31) + (first?.Id ?? -1)) * 31) + (second?.Id ?? -1)) * 31) + (data?.GetHashCode() ?? 0);
        hash = (hash * 31) + number.GetHashCode();
        return hash ^ (hash >> 16);
    }
}

/// <summary>What a reference to a field or property refers to, besides its owner.</summary>
internal sealed record RefTarget(LockMember Member, DataContract Contract);
