// The lock kinds that the self-test is stamped for, behind one face.
using System;
using System.Threading;

namespace Locking.Tests.SelfTest;

/// <summary>A lock as the self-test sees it: one mode, acquired and released by name.</summary>
internal abstract class TestLock
{
    public abstract void Acquire();

    public abstract void Release();

    /// <summary>Ends the life of the lock, as initialising its memory again does.</summary>
    public abstract void Reinitialise();

    /// <summary>Acquires, does something, releases.</summary>
    public void With(Action? inside = null)
    {
        Acquire();
        inside?.Invoke();
        Release();
    }
}

internal sealed class SpinTestLock(LockClass lockClass) : TestLock
{
    private readonly SpinMutex _lock = new(lockClass);

    public override void Acquire() => _lock.Acquire();

    public override void Release() => _lock.Release();

    public override void Reinitialise() => _lock.Dispose();
}

internal sealed class MutexTestLock(LockClass lockClass) : TestLock
{
    public MutexLock Lock { get; } = new(lockClass);

    public override void Acquire() => Lock.Acquire();

    public override void Release() => Lock.Release();

    public override void Reinitialise() => Lock.Dispose();
}

/// <summary>Our rt-mutex column: the other sleeping mutex, held by a flow.</summary>
internal sealed class AsyncTestLock(LockClass lockClass) : TestLock
{
    private readonly AsyncMutex _lock = new(lockClass);
    private AsyncMutex.Guard _guard;

    public override void Acquire() => _guard = _lock.EnterAsync().AsTask().GetAwaiter().GetResult();

    public override void Release()
    {
        // A second release is refused by the guard; the validator is told as by any lock type.
        if (!_lock.IsHeld)
        {
            Lockdep.Release(_lock.Map!);
        }

        _guard.Dispose();
    }

    public override void Reinitialise() => _lock.Dispose();
}

internal sealed class WriteTestLock(RwSemaphore semaphore) : TestLock
{
    public override void Acquire() => semaphore.AcquireWrite();

    public override void Release() => semaphore.ReleaseWrite();

    public override void Reinitialise() => semaphore.Dispose();
}

internal sealed class ReadTestLock(RwSemaphore semaphore) : TestLock
{
    public override void Acquire() => semaphore.AcquireRead();

    public override void Release() => semaphore.ReleaseRead();

    public override void Reinitialise() => semaphore.Dispose();
}

internal sealed class SeqTestLock(LockClass lockClass) : TestLock
{
    private readonly SeqLock _lock = new(lockClass);

    public override void Acquire() => _lock.AcquireWrite();

    public override void Release() => _lock.ReleaseWrite();

    public override void Reinitialise() => Lockdep.AssertNotHeldAtDispose(_lock.Map!);
}

internal sealed class SrcuTestLock(LockClass lockClass) : TestLock
{
    private readonly SrcuDomain _domain = new(lockClass);
    private int _section;

    public override void Acquire() => _section = _domain.AcquireRead();

    public override void Release() => _domain.ReleaseRead(_section--);

    public override void Reinitialise() => _domain.Dispose();
}

/// <summary>
/// The kernel's rwlock, which this library does not have: a spinning reader/writer lock whose readers recurse. Reports to the validator as a
/// lock type of a user's would, and excludes nobody.
/// </summary>
internal sealed class ModelRwLock(LockClass lockClass)
{
    private readonly LockMap _map = new(new object(), lockClass, WaitType.Spin);

    /// <summary>Whether readers outside callbacks queue behind waiting writers. Linux: the queued rwlock.</summary>
    public bool IsQueued { get; init; }

    public TestLock Write => new Mode(this, LockMode.Exclusive);

    public TestLock Read => new Mode(this, IsQueued ? LockMode.Shared : LockMode.SharedRecursive);

    /// <summary>A reader inside a callback never queues.</summary>
    public TestLock ReadInCallback => new Mode(this, LockMode.SharedRecursive);

    private sealed class Mode(ModelRwLock owner, LockMode mode) : TestLock
    {
        public override void Acquire() => Lockdep.Acquire(owner._map, mode);

        public override void Release() => Lockdep.Release(owner._map);

        public override void Reinitialise() => Lockdep.AssertNotHeldAtDispose(owner._map);
    }
}
