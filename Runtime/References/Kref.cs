// The reference count of an object.
using System;
using System.Runtime.CompilerServices;

namespace Locking;

/// <summary>A reference count: starts at one, owned by whoever makes it; the last put releases the object. Linux: <c>struct kref</c>.</summary>
/// <remarks>
/// With validation on it is recorded which thread, or flow of the validator, owns how many references, and a put by somebody who owns none is
/// reported. A reference that goes to another thread is handed over by <see cref="Disown"/> here and <see cref="Adopt"/> there. Safe for any
/// thread.
/// </remarks>
[Capability("reference", Kind = CapabilityKind.Reference, ThreadAffine = false)]
public sealed class Kref
{
    private readonly RefCount _count = new("references", 1);

    /// <summary>Makes a count of one, which the calling thread owns. Linux: <c>kref_init</c>.</summary>
    [Acquires("this")]
    public Kref() => _count.Own();

    /// <summary>How many references there are. A hint: it may have changed already.</summary>
    public int Count => _count.Value;

    /// <summary>One more; the caller has one, or is otherwise certain that there is one. Linux: <c>kref_get</c>.</summary>
    /// <exception cref="InvalidOperationException">There was none, or far too many; nothing has changed.</exception>
    [Acquires("this")]
    public void Get() => _count.Get();

    /// <summary>One more, unless the last was put. The object itself must still be there: a read section, or a lock. Linux: <c>kref_get_unless_zero</c>.</summary>
    /// <returns>Whether the caller owns one more.</returns>
    [TryAcquires(true, "this")]
    public bool TryGet() => _count.TryGet();

    /// <summary>One less, and releases the object where it was the last. Linux: <c>kref_put</c>.</summary>
    /// <param name="release">Releases the object; runs in the calling thread, with what the caller holds.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it was the last.</returns>
    /// <exception cref="ArgumentNullException">The action is null; nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">There was none; nothing has changed.</exception>
    [Releases("this")]
    public bool Put(Action release, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(release);
        return Put(release, static action => action(), file, line);
    }

    /// <summary>The same without a closure.</summary>
    /// <typeparam name="T">What the action needs.</typeparam>
    /// <param name="state">What the action gets.</param>
    /// <param name="release">Releases the object; runs in the calling thread, with what the caller holds.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it was the last.</returns>
    /// <exception cref="ArgumentNullException">The action is null; nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">There was none; nothing has changed.</exception>
    [Releases("this")]
    public bool Put<T>(T state, Action<T> release, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(release);
        bool isLast = _count.Put(new LockPlace(file, line));
        if (isLast)
        {
            release(state);
        }

        return isLast;
    }

    /// <summary>One less that no thread owns, but an object.</summary>
    internal void PutUnowned<T>(T state, Action<T> release)
    {
        if (_count.PutUnowned())
        {
            release(state);
        }
    }

    /// <summary>The calling thread gives its reference to another, which will <see cref="Adopt"/> it. The count stays.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    [ReleasesShared("this")]
    public void Disown([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => _count.Disown(new LockPlace(file, line));

    /// <summary>The calling thread owns a reference that another one gave up. The count stays.</summary>
    [Acquires("this")]
    public void Adopt() => _count.Own();

    /// <summary>With validation on: reports where the calling thread owns no reference.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    [AssertsHeldShared("this")]
    public void AssertOwned([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => _count.AssertOwned(new LockPlace(file, line));
}
