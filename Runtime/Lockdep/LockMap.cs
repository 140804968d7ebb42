// One lock, as the validator sees it.
using System;
using System.Threading;

namespace Locking;

/// <summary>
/// One lock, as the validator sees it: an instance of a class. A lock type of your own has one and reports through <see cref="Lockdep"/>.
/// Linux: <c>struct lockdep_map</c>.
/// </summary>
/// <remarks>Immutable; safe for any thread.</remarks>
public sealed class LockMap
{
    private static long s_instances;

    /// <summary>Describes a lock.</summary>
    /// <param name="owner">The lock object, or what stands for the resource; handed to <see cref="LockClass.InstanceOrder"/>.</param>
    /// <param name="lockClass">Its class.</param>
    /// <param name="inner">How much waiting its holder may do.</param>
    /// <param name="outer">How much waiting acquiring it may need; as <paramref name="inner"/> where unchecked.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public LockMap(object owner, LockClass lockClass, WaitType inner = WaitType.Sleep, WaitType outer = WaitType.Unchecked)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(lockClass);
        Owner = owner;
        Class = lockClass;
        Vertex = lockClass.Default;
        Inner = inner;
        Outer = outer == WaitType.Unchecked ? inner : outer;
        Instance = Interlocked.Increment(ref s_instances);
    }

    /// <summary>The class.</summary>
    public LockClass Class { get; }

    /// <summary>A number that no other instance has, for reports.</summary>
    public long Instance { get; }

    /// <summary>How much waiting the holder may do.</summary>
    public WaitType Inner { get; }

    /// <summary>How much waiting acquiring it may need.</summary>
    public WaitType Outer { get; }

    /// <summary>The lock object.</summary>
    internal object Owner { get; }

    /// <summary>The vertex of an acquisition without a level.</summary>
    internal LockSubclass Vertex { get; }

    /// <summary>Class and instance.</summary>
    /// <returns>For example <c>Mm.MmapSem #3</c>.</returns>
    public override string ToString() => Class.Name + " #" + Instance;
}
