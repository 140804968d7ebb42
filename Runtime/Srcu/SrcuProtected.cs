// A reference that readers follow inside a read section and updaters replace.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// A reference that readers follow inside a read section, and that updaters, kept apart by a lock of their own, replace. What a reader got is
/// good until it leaves the section; what an updater took out may be reclaimed after a grace period. Linux: an <c>__rcu</c> pointer.
/// </summary>
/// <typeparam name="T">What it refers to.</typeparam>
/// <remarks>Safe for any thread.</remarks>
public sealed class SrcuProtected<T>
    where T : class
{
    private T? _value;

    /// <summary>Makes a reference.</summary>
    /// <param name="domain">The domain whose sections protect it.</param>
    /// <param name="value">What it refers to at first.</param>
    /// <exception cref="ArgumentNullException">The domain is null.</exception>
    public SrcuProtected(SrcuDomain domain, T? value = null)
    {
        Domain = domain ?? throw new ArgumentNullException(nameof(domain));
        _value = value;
    }

    /// <summary>The domain whose sections protect it.</summary>
    public SrcuDomain Domain { get; }

    /// <summary>What it refers to, good until the end of the section. Linux: <c>srcu_dereference</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The object, fully constructed; null where there is none.</returns>
    /// <exception cref="SynchronizationLockException">With validation on: the calling thread is in no section of the domain.</exception>
    [RequiresShared("Domain")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T? Read([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Validates)
        {
            Domain.AssertReadHeld(file, line);
        }

        return Volatile.Read(ref _value);
    }

    /// <summary>What it refers to, for whoever holds the lock that keeps updaters apart. Linux: <c>rcu_dereference_protected</c>.</summary>
    /// <returns>The object; null where there is none.</returns>
    public T? ReadAsUpdater() => _value;

    /// <summary>Lets readers find another object, fully constructed, from here on. Linux: <c>rcu_assign_pointer</c>.</summary>
    /// <param name="value">The object; null for none.</param>
    public void Publish(T? value) => Volatile.Write(ref _value, value);

    /// <summary>The same, and answers what was there: readers may have it until a grace period has passed. Linux: <c>rcu_replace_pointer</c>.</summary>
    /// <param name="value">The object; null for none.</param>
    /// <returns>What it referred to.</returns>
    public T? Replace(T? value) => Interlocked.Exchange(ref _value, value);

    /// <summary>Replaces, and waits until no reader has what was there.</summary>
    /// <param name="value">The object; null for none.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>What it referred to: the caller's alone now.</returns>
    /// <exception cref="InvalidOperationException">The calling thread is inside a section of the domain.</exception>
    [AwaitsGracePeriod("Domain")]
    [MayBlock]
    public T? ReplaceAndSynchronize(T? value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        T? old = Replace(value);
        Domain.Synchronize(file, line);
        return old;
    }

    /// <summary>Replaces, and hands what was there to somebody once no reader has it. Linux: <c>rcu_replace_pointer</c> and <c>call_srcu</c>.</summary>
    /// <param name="value">The object; null for none.</param>
    /// <param name="reclaim">Gets what was there, on the domain's callback thread; not called where there was nothing.</param>
    /// <exception cref="ArgumentNullException">The action is null.</exception>
    [MustNotBlock]
    public void ReplaceAndCall(T? value, [AfterGracePeriod("Domain")] Action<T> reclaim)
    {
        ArgumentNullException.ThrowIfNull(reclaim);
        if (Replace(value) is { } old)
        {
            Domain.Call(() => reclaim(old));
        }
    }
}
