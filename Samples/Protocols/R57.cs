// Parents and leaves are different lock classes.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R57;

public sealed class OneClass
{
    [LockClass("samples.umem")]
    private readonly Mutex _mutex = new();

    public void Wrong(OneClass leaf)
    {
        _mutex.Lock();
        leaf._mutex.Lock(); // LOCK3003
        leaf._mutex.Unlock();
        _mutex.Unlock();
    }
}

public sealed class Leaf
{
    [LockClass("samples.umem.leaf")]
    internal readonly Mutex Mutex = new();
}

public sealed class Parent
{
    [LockClass("samples.umem.parent")]
    private readonly Mutex _mutex = new();

    public void Right(Leaf leaf)
    {
        _mutex.Lock();
        leaf.Mutex.Lock();
        leaf.Mutex.Unlock();
        _mutex.Unlock();
    }
}
