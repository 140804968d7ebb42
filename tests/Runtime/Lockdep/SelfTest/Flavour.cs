// A column of the self-test: how to make locks of a kind.
using System;
using System.Collections.Generic;

namespace Locking.Tests.SelfTest;

/// <summary>A column of the self-test.</summary>
/// <param name="Name">The kernel's word for the column, or ours where it has none.</param>
/// <param name="Make">Makes a lock of a class.</param>
/// <param name="Recurses">Whether it is a recursive read, which never blocks another.</param>
internal sealed record Flavour(string Name, Func<LockClass, TestLock> Make, bool Recurses = false)
{
    public static readonly Flavour Spin = new("spin", c => new SpinTestLock(c));
    public static readonly Flavour WriteLock = new("wlock", c => new ModelRwLock(c).Write);
    public static readonly Flavour ReadLock = new("rlock", c => new ModelRwLock(c).Read, Recurses: true);
    public static readonly Flavour Mutex = new("mutex", c => new MutexTestLock(c));
    public static readonly Flavour WriteSem = new("wsem", c => new WriteTestLock(new RwSemaphore(c)));
    public static readonly Flavour ReadSem = new("rsem", c => new ReadTestLock(new RwSemaphore(c)));
    public static readonly Flavour RtMutex = new("rtmutex", c => new AsyncTestLock(c));

    /// <summary>Kinds of ours that the kernel's suite has no column for.</summary>
    public static readonly IReadOnlyList<Flavour> Ours =
    [
        new("seqlock", c => new SeqTestLock(c)),
        new("srcu", c => new SrcuTestLock(c), Recurses: true),
    ];

    /// <summary>The kernel's columns.</summary>
    public static readonly IReadOnlyList<Flavour> Kernel = [Spin, WriteLock, ReadLock, Mutex, WriteSem, ReadSem, RtMutex];

    /// <summary>Those that the interrupt families use.</summary>
    public static readonly IReadOnlyList<Flavour> Interrupt = [Spin, WriteLock, ReadLock];
}
