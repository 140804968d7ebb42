// The references that keep the structure of an address space.
using System;
using System.Runtime.CompilerServices;

namespace Locking;

/// <summary>
/// The references that keep the structure of an address space, and nothing of what it describes. Linux: <c>mm_count</c>, <c>mmgrab</c>,
/// <c>mmdrop</c>.
/// </summary>
/// <remarks>With validation on it is recorded which thread owns how many. Safe for any thread.</remarks>
[Capability("mm grab", Kind = CapabilityKind.Reference, ThreadAffine = false)]
public sealed class MmGrabs
{
    private readonly RefCount _count = new("mm grabs", 1);
    private readonly Action _free;

    internal MmGrabs(Action free) => _free = free ?? throw new ArgumentNullException(nameof(free));

    /// <summary>How many there are, that of the users included. A hint: it may have changed already.</summary>
    public int Count => _count.Value;

    /// <summary>One more; the caller has a reference of either kind. Linux: <c>mmgrab</c>.</summary>
    /// <exception cref="InvalidOperationException">The structure is gone; nothing has changed.</exception>
    [Acquires("this")]
    public void Grab() => _count.Get();

    /// <summary>One less; the last frees the structure. Linux: <c>mmdrop</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it was the last.</returns>
    /// <exception cref="InvalidOperationException">There was none; nothing has changed.</exception>
    [Releases("this")]
    public bool Drop([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        bool isLast = _count.Put(new LockPlace(file, line));
        if (isLast)
        {
            _free();
        }

        return isLast;
    }

    /// <summary>The calling thread gives its grab to another thread or to an object. The count stays.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    [ReleasesShared("this")]
    public void Disown([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => _count.Disown(new LockPlace(file, line));

    /// <summary>The calling thread owns a grab that another one gave up. The count stays.</summary>
    [Acquires("this")]
    public void Adopt() => _count.Own();

    /// <summary>With validation on: reports where the calling thread owns no grab.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    [AssertsHeldShared("this")]
    public void AssertOwned([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => _count.AssertOwned(new LockPlace(file, line));

    /// <summary>One less that no thread owns, but an object: the grab of all users goes with the last of them.</summary>
    internal void DropUnowned()
    {
        if (_count.PutUnowned())
        {
            _free();
        }
    }
}
