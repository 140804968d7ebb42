// A set of whole numbers: what is known of a value on a path, and what a contract says about a result.
using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>
/// An interval with at most one hole. It stands for booleans (false is 0, true is anything else), references (null is 0),
/// enums and integers alike, so that one refinement serves every kind of test. Immutable.
/// Unions are widened to the smallest interval; at most one excluded value survives.
/// </summary>
internal readonly struct ValueSet : IEquatable<ValueSet>
{
    public static readonly ValueSet All = new(long.MinValue, long.MaxValue, null);
    public static readonly ValueSet Zero = Of(0);
    public static readonly ValueSet NonZero = new(long.MinValue, long.MaxValue, 0);
    public static readonly ValueSet Negative = new(long.MinValue, -1, null);
    public static readonly ValueSet NonNegative = new(0, long.MaxValue, null);
    public static readonly ValueSet Empty = new(1, 0, null);

    private readonly long _low;
    private readonly long _high;
    private readonly long? _hole;

    private ValueSet(long low, long high, long? hole)
    {
        if (hole == low && low <= high)
        {
            _low = low == long.MaxValue ? low : low + 1;
            _high = low == long.MaxValue ? low - 1 : high;
            _hole = null;
        }
        else if (hole == high && low <= high)
        {
            _low = low;
            _high = high - 1;
            _hole = null;
        }
        else
        {
            _low = low;
            _high = high;
            _hole = hole > low && hole < high ? hole : null;
        }
    }

    public bool IsEmpty => _low > _high;

    public bool IsAll => _low == long.MinValue && _high == long.MaxValue && _hole is null;

    public static ValueSet Of(long value) => new(value, value, null);

    public static ValueSet Below(long value) => value == long.MinValue ? Empty : new(long.MinValue, value - 1, null);

    public static ValueSet Above(long value) => value == long.MaxValue ? Empty : new(value + 1, long.MaxValue, null);

    public bool Contains(long value) => value >= _low && value <= _high && value != _hole;

    /// <summary>Whether every member of this set is one of <paramref name="other"/>.</summary>
    public bool IsSubsetOf(ValueSet other) =>
        IsEmpty || (_low >= other._low && _high <= other._high && (other._hole is not { } hole || !Contains(hole)));

    public ValueSet Intersect(ValueSet other)
    {
        long low = Math.Max(_low, other._low);
        long high = Math.Min(_high, other._high);
        var narrowed = new ValueSet(low, high, _hole);
        return other._hole is { } hole ? narrowed.Without(hole) : narrowed;
    }

    public ValueSet Union(ValueSet other)
    {
        if (IsEmpty)
        {
            return other;
        }

        if (other.IsEmpty)
        {
            return this;
        }

        long low = Math.Min(_low, other._low);
        long high = Math.Max(_high, other._high);
        return new(low, high, SharedGap(this, other) ?? SharedGap(other, this));
    }

    /// <summary>Everything that is not a member, as far as one interval with one hole can say it.</summary>
    public ValueSet Complement()
    {
        if (IsEmpty)
        {
            return All;
        }

        if (_hole is { } hole && _low == long.MinValue && _high == long.MaxValue)
        {
            return Of(hole);
        }

        if (_low == _high)
        {
            return new(long.MinValue, long.MaxValue, _low);
        }

        if (_low == long.MinValue)
        {
            return Above(_high);
        }

        return _high == long.MaxValue ? Below(_low) : All;
    }

    /// <summary>The same of a value of some type: an enum has no value beyond its first and last.</summary>
    public ValueSet ComplementIn(ITypeSymbol? type)
    {
        if (type is not { TypeKind: TypeKind.Enum } || _hole is not null || IsEmpty)
        {
            return Complement();
        }

        (long low, long high) = (_low, _high);
        List<long> members = type.GetMembers().OfType<IFieldSymbol>().Where(f => f is { HasConstantValue: true, ConstantValue: not ulong })
            .Select(f => System.Convert.ToInt64(f.ConstantValue, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        bool isFlags = type.GetAttributes().Any(a => a.AttributeClass is { Name: nameof(FlagsAttribute), ContainingNamespace.Name: nameof(System) });
        ValueSet named = isFlags || members.Count == 0 ? All : new(members.Min(), members.Max(), null);
        return members.Any(m => m < low) && !members.Any(m => m > high) ? Below(low).Intersect(named)
            : members.Any(m => m > high) && !members.Any(m => m < low) ? Above(high).Intersect(named)
            : Complement().Intersect(named);
    }

    /// <summary>Whether the union of two sets is no more than both.</summary>
    public bool IsNextTo(ValueSet other) =>
        Equals(other) || (_hole is null && other._hole is null && !IsEmpty && !other.IsEmpty && (Touches(this, other) || Touches(other, this)));

    private static bool Touches(ValueSet below, ValueSet above) => below._high != long.MaxValue && below._low <= above._low && below._high + 1 >= above._low;

    public bool Equals(ValueSet other) => _low == other._low && _high == other._high && _hole == other._hole;

    public override bool Equals(object? obj) => obj is ValueSet other && Equals(other);

    public override int GetHashCode() => (_low.GetHashCode() * 31) + _high.GetHashCode();

    public override string ToString() =>
        IsAll ? "any" : IsEmpty ? "none" : _low == _high ? _low.ToString() : $"{_low}..{_high}{(_hole is { } h ? " but " + h : "")}";

    /// <summary>The set as a user would say it of a value of some type.</summary>
    public string Describe(ITypeSymbol type)
    {
        bool isZero = Equals(Zero);
        bool isNonZero = Equals(NonZero);
        return type switch
        {
            { SpecialType: SpecialType.System_Boolean } when isZero || isNonZero => isZero ? "false" : "true",
            { IsReferenceType: true } when isZero || isNonZero => isZero ? "null" : "an object",
            { TypeKind: TypeKind.Enum } when _low == _high => NameIn(type) ?? ToString(),
            _ => isNonZero ? "a number other than 0" : Equals(Negative) ? "a negative number" : Equals(NonNegative) ? "a number that is not negative" : ToString(),
        };
    }

    private string? NameIn(ITypeSymbol type)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IFieldSymbol { HasConstantValue: true, ConstantValue: { } value } && value is not ulong && System.Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) == _low)
            {
                return member.Name;
            }
        }

        return null;
    }

    private ValueSet Without(long value) =>
        value == _low || value == _high || _hole is null ? new(_low, _high, Contains(value) ? value : _hole) : this;

    /// <summary>The hole of one set, or the single value between the two, where neither has it.</summary>
    private static long? SharedGap(ValueSet one, ValueSet other)
    {
        if (one._hole is { } hole && !other.Contains(hole))
        {
            return hole;
        }

        return one._high != long.MaxValue && one._high + 1 < other._low && one._high + 2 == other._low ? one._high + 1 : null;
    }
}
