// All the locks of one declaration: what the validator orders, under the name that the analyzer uses.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Locking;

/// <summary>
/// All the locks of one declaration. Order is a property of classes: two locks of one class are interchangeable to the validator, except
/// by <see cref="Subclass"/>. Linux: <c>struct lock_class</c> and <c>lock_class_key</c>.
/// </summary>
/// <remarks>
/// There is one object per name, for ever: names are what the analyzer's graph and the observed one have in common. Immutable but for
/// <see cref="InstanceOrder"/>; safe for any thread.
/// </remarks>
public sealed class LockClass
{
    /// <summary>How many subclasses a class has. Linux: <c>MAX_LOCKDEP_SUBCLASSES</c>.</summary>
    public const int MaxSubclasses = 8;

    private static readonly ConcurrentDictionary<string, LockClass> s_byName = new(StringComparer.Ordinal);

    [ContentsGuardedBy(nameof(_subclasses))]
    private readonly LockSubclass?[] _subclasses = new LockSubclass?[MaxSubclasses];

    private LockClass(string name)
    {
        Name = name;
        Default = Subclass(0);
    }

    /// <summary>The name: by default the full name of the declaring member, <c>Namespace.Type.member</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// What orders the instances of the class, if anything does: negative where the first may be held while the second is acquired.
    /// The arguments are the lock objects. Linux: <c>lock_set_cmp_fn</c>. Set it once, before the locks are used.
    /// </summary>
    public Comparison<object>? InstanceOrder { get; set; }

    /// <summary>Subclass 0, which an acquisition has unless it says otherwise.</summary>
    public LockSubclass Default { get; }

    /// <summary>All classes there are, in no particular order.</summary>
    internal static ICollection<LockClass> All => s_byName.Values;

    /// <summary>The subclasses in use.</summary>
    internal IEnumerable<LockSubclass> Subclasses
    {
        get
        {
            lock (_subclasses)
            {
                return [.. _subclasses.OfType<LockSubclass>()];
            }
        }
    }

    /// <summary>The class of a name, made when first asked for.</summary>
    /// <param name="name">The name; that of a <c>[LockClass]</c> attribute, if there is one.</param>
    /// <returns>Always the same object for the same name.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static LockClass Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return s_byName.GetOrAdd(name, static n => new LockClass(n));
    }

    /// <summary>The class of a member of a type, named as the analyzer names it.</summary>
    /// <typeparam name="T">The declaring type; for a generic type its definition counts.</typeparam>
    /// <param name="member">The field or property that holds the lock.</param>
    /// <returns>The class.</returns>
    public static LockClass Of<T>(string member) => Of(typeof(T), member);

    /// <inheritdoc cref="Of{T}(string)"/>
    /// <param name="type">The declaring type.</param>
    /// <param name="member">The field or property that holds the lock.</param>
    public static LockClass Of(Type type, string member)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentException.ThrowIfNullOrEmpty(member);
        return Named(DeclaringMember.ClassName(type, member));
    }

    /// <summary>
    /// The subclass of a number, for locks of one class that nest in a known way: parent 0, child 1. Linux: the argument of <c>mutex_lock_nested</c>.
    /// </summary>
    /// <param name="index">From 0 to <see cref="MaxSubclasses"/> - 1.</param>
    /// <param name="name">A name for reports; kept from the first call that gives one.</param>
    /// <returns>Always the same object for the same number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public LockSubclass Subclass(int index, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MaxSubclasses);
        lock (_subclasses)
        {
            LockSubclass subclass = _subclasses[index] ??= new LockSubclass(this, index);
            subclass.Label ??= name;
            return subclass;
        }
    }

    /// <summary>The class of a lock that was constructed at a place, found by the member that the place initialises.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static LockClass AtSite(Type lockType, string member, string file, int line) => DeclaringMember.ClassAt(lockType, member, file, line);

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
