// The references that keep the contents of an address space.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// The references that keep the contents of an address space: mappings, page tables, pages. Whoever walks them needs one. Linux:
/// <c>mm_users</c>, <c>mmget</c>, <c>mmget_not_zero</c>, <c>mmput</c>.
/// </summary>
/// <remarks>
/// Any put may be the last one and then runs the exit path, with its callbacks, in that thread; so every put touches
/// <see cref="VirtualLocks.MmExit"/>, and the validator reports one under a lock that a release callback takes, also where it is not the last.
/// With validation on it is recorded which thread owns how many. Safe for any thread.
/// </remarks>
[Capability("mm user", Kind = CapabilityKind.Reference, ThreadAffine = false)]
public sealed class MmUsers
{
    private readonly RefCount _count = new("mm users", 1);
    private readonly Action _exit;
    private readonly MmGrabs _grabs;

    internal MmUsers(Action exit, MmGrabs grabs)
    {
        _exit = exit;
        _grabs = grabs;
        _count.Own();
    }

    /// <summary>How many there are. A hint: it may have changed already.</summary>
    public int Count => _count.Value;

    /// <summary>One more; the caller is certain that there is one. Linux: <c>mmget</c>.</summary>
    /// <exception cref="InvalidOperationException">The address space has exited; nothing has changed.</exception>
    [Acquires("this")]
    public void Get() => _count.Get();

    /// <summary>One more, unless the address space has exited or is exiting: a normal outcome, not a mistake. Linux: <c>mmget_not_zero</c>.</summary>
    /// <returns>Whether the caller owns one more.</returns>
    [TryAcquires(true, "this")]
    public bool TryGet() => _count.TryGet();

    /// <summary>One less; the last runs the exit path here. Not under anything that a release callback takes. Linux: <c>mmput</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it was the last.</returns>
    /// <exception cref="InvalidOperationException">There was none; nothing has changed.</exception>
    [Releases("this")]
    [MayBlock]
    public bool Put([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        VirtualLocks.MmExit.MightAcquire(file, line);
        bool isLast = _count.Put(new LockPlace(file, line));
        if (isLast)
        {
            Exit();
        }

        return isLast;
    }

    /// <summary>One less; the last runs the exit path on the thread pool. May be called under any lock. Linux: <c>mmput_async</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it was the last.</returns>
    /// <exception cref="InvalidOperationException">There was none; nothing has changed.</exception>
    [Releases("this")]
    public bool PutAsync([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        bool isLast = _count.Put(new LockPlace(file, line));
        if (isLast)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static users => users.Exit(), this, preferLocal: false);
        }

        return isLast;
    }

    /// <summary>The calling thread gives its reference to another thread or to an object. The count stays.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    [ReleasesShared("this")]
    public void Disown([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => _count.Disown(new LockPlace(file, line));

    /// <summary>The calling thread owns a reference that another one gave up. The count stays.</summary>
    [Acquires("this")]
    public void Adopt() => _count.Own();

    /// <summary>With validation on: reports where the calling thread owns no reference. A walk of the mappings begins with this.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    [AssertsHeldShared("this")]
    public void AssertOwned([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => _count.AssertOwned(new LockPlace(file, line));

    /// <summary>One less that no thread owns, but an object. The last runs the exit path here.</summary>
    [MayBlock]
    internal void PutUnowned([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        VirtualLocks.MmExit.MightAcquire(file, line);
        if (_count.PutUnowned())
        {
            Exit();
        }
    }

    private void Exit()
    {
        try
        {
            using (VirtualLocks.MmExit.Enter())
            {
                ExitInside();
            }
        }
        finally
        {
            _grabs.DropUnowned();
        }
    }

    [Requires("Locking.VirtualLocks.MmExit")]
    private void ExitInside() => _exit();
}
