// Why it is right to acquire a lock while another of its class may be held.
namespace Locking;

/// <summary>
/// Why it is right to acquire a lock while another of its class may be held: it is at another level, or an outer lock keeps everybody else out.
/// </summary>
public readonly struct LockNesting
{
    private LockNesting(LockSubclass? subclass, LockMap? outer)
    {
        Subclass = subclass;
        Outer = outer;
    }

    /// <summary>The level, if one was given.</summary>
    internal LockSubclass? Subclass { get; }

    /// <summary>The lock that must be held and that serialises everybody who holds several of this class.</summary>
    internal LockMap? Outer { get; }

    /// <summary>Acquires at a level. Linux: <c>mutex_lock_nested</c>.</summary>
    /// <param name="subclass">A subclass of the lock's own class.</param>
    public static implicit operator LockNesting(LockSubclass subclass) => new(subclass, null);

    /// <summary>Acquires at a level. Linux: <c>mutex_lock_nested</c>.</summary>
    /// <param name="subclass">A subclass of the lock's own class.</param>
    /// <returns>The nesting.</returns>
    public static LockNesting At(LockSubclass subclass) => new(subclass, null);

    /// <summary>Acquires under a lock that serialises everybody who holds several of this class. Linux: <c>mutex_lock_nest_lock</c>.</summary>
    /// <param name="outer">That lock; the caller must hold it.</param>
    /// <returns>The nesting.</returns>
    public static LockNesting Under(TrackedLock outer)
    {
        System.ArgumentNullException.ThrowIfNull(outer);
        return new(null, outer.Map);
    }

    /// <inheritdoc cref="Under(TrackedLock)"/>
    public static LockNesting Under(LockMap outer)
    {
        System.ArgumentNullException.ThrowIfNull(outer);
        return new(null, outer);
    }
}
