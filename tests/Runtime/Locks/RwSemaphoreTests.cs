// The reader/writer semaphore: sharing, exclusion, fairness, downgrade, and every way to misuse it.
using System;
using System.Collections.Generic;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Locks;

public sealed class RwSemaphoreTests : ValidatedTest
{
    private readonly RwSemaphore _semaphore = new();

    [Fact]
    public void Readers_Share()
    {
        using (_semaphore.EnterRead())
        {
            Assert.True(_semaphore.IsReadHeldByCurrentThread);
            Threads.Run(() =>
            {
                using (_semaphore.EnterRead())
                {
                    Assert.True(_semaphore.IsReadHeldByCurrentThread);
                }
            });
            Threads.Run(() => Assert.False(_semaphore.TryAcquireWrite()));
        }

        Assert.False(_semaphore.IsReadHeldByCurrentThread);
        Threads.Run(() => Assert.True(_semaphore.TryAcquireWrite()));
    }

    [Fact]
    public void Writer_IsAlone()
    {
        using (_semaphore.EnterWrite())
        {
            Assert.True(_semaphore.IsWriteHeldByCurrentThread);
            Threads.Run(() => Assert.False(_semaphore.TryAcquireRead()));
            Threads.Run(() => Assert.False(_semaphore.TryEnterRead(out _)));
            Threads.Run(() => Assert.False(_semaphore.TryAcquireWrite()));
            Threads.Run(() => Assert.False(_semaphore.TryEnterWrite(out _)));
        }

        Assert.False(_semaphore.IsWriteHeldByCurrentThread);
    }

    [Fact]
    public void TryEnter_OfAFreeSemaphore_Holds()
    {
        Assert.True(_semaphore.TryEnterRead(out RwSemaphore.ReadGuard read));
        read.Dispose();
        Assert.True(_semaphore.TryEnterWrite(out RwSemaphore.WriteGuard write));
        write.Dispose();
        Assert.False(_semaphore.IsReadHeldByCurrentThread || _semaphore.IsWriteHeldByCurrentThread);
    }

    [Fact]
    public void WaitingWriter_HoldsNewReadersBack_AndComesFirst()
    {
        var order = new List<string>();
        _semaphore.AcquireRead();
        Threads.Running writer = Threads.Start(() =>
        {
            using (_semaphore.EnterWrite())
            {
                order.Add("writer");
            }
        });
        Threads.AwaitBlocked(writer);
        Threads.Run(() => Assert.False(_semaphore.TryAcquireRead()));
        Threads.Running reader = Threads.Start(() =>
        {
            using (_semaphore.EnterRead())
            {
                order.Add("reader");
            }
        });
        Threads.AwaitBlocked(reader);
        _semaphore.ReleaseRead();
        writer.End();
        reader.End();
        Assert.Equal(["writer", "reader"], order);
    }

    [Fact]
    public void ReleasedWriter_LetsAllWaitingReadersInTogether()
    {
        using var together = new Barrier(3);
        _semaphore.AcquireWrite();
        Threads.Running[] readers = new Threads.Running[3];
        for (int i = 0; i < readers.Length; i++)
        {
            readers[i] = Threads.Start(() =>
            {
                using (_semaphore.EnterRead())
                {
                    Assert.True(together.SignalAndWait(Threads.Bound));
                }
            });
            Threads.AwaitBlocked(readers[i]);
        }

        _semaphore.ReleaseWrite();
        Array.ForEach(readers, r => r.End());
    }

    [Fact]
    public void Downgrade_KeepsWritersOut_AndLetsReadersIn()
    {
        _semaphore.AcquireWrite();
        bool entered = false;
        Threads.Running reader = Threads.Start(() =>
        {
            using (_semaphore.EnterRead())
            {
                entered = true;
            }
        });
        Threads.AwaitBlocked(reader);
        _semaphore.Downgrade();
        reader.End();
        Assert.True(entered);
        Assert.True(_semaphore.IsReadHeldByCurrentThread);
        Assert.False(_semaphore.IsWriteHeldByCurrentThread);
        Threads.Run(() => Assert.False(_semaphore.TryAcquireWrite()));
        _semaphore.ReleaseRead();
        Threads.Run(() => Assert.True(_semaphore.TryAcquireWrite()));
    }

    [Fact]
    public void DowngradeWithAWriterFirstInTheQueue_LetsNobodyPast()
    {
        _semaphore.AcquireWrite();
        bool wrote = false;
        Threads.Running writer = Threads.Start(() =>
        {
            using (_semaphore.EnterWrite())
            {
                wrote = true;
            }
        });
        Threads.AwaitBlocked(writer);
        _semaphore.Downgrade();
        Threads.Run(() => Assert.False(_semaphore.TryAcquireRead()));
        Assert.False(wrote);
        _semaphore.ReleaseRead();
        writer.End();
        Assert.True(wrote);
    }

    [Fact]
    public void WriterThatGivesUp_LetsTheReadersBehindItIn()
    {
        _semaphore.AcquireRead();
        Threads.Running writer = Threads.Start(() => Assert.False(_semaphore.TryAcquireWrite(TimeSpan.FromMilliseconds(200))));
        Threads.AwaitBlocked(writer);
        bool entered = false;
        Threads.Running reader = Threads.Start(() =>
        {
            using (_semaphore.EnterRead())
            {
                entered = true;
            }
        });
        Threads.AwaitBlocked(reader);
        writer.End();
        reader.End();
        Assert.True(entered);
        _semaphore.ReleaseRead();
    }

    [Fact]
    public void TimedReader_GivesUp_AndLeavesNothingBehind()
    {
        _semaphore.AcquireWrite();
        Threads.Run(() => Assert.False(_semaphore.TryAcquireRead(TimeSpan.FromMilliseconds(20))));
        _semaphore.ReleaseWrite();
        Threads.Run(() => Assert.True(_semaphore.TryAcquireWrite(TimeSpan.FromMilliseconds(20))));
    }

    [Fact]
    public void InterruptedWaiters_Throw_AndLeaveNothingBehind()
    {
        _semaphore.AcquireWrite();
        Threads.Running reader = Threads.Start(() => Assert.Throws<ThreadInterruptedException>(() => _semaphore.AcquireRead()));
        Threads.AwaitBlocked(reader);
        Threads.Running writer = Threads.Start(() => Assert.Throws<ThreadInterruptedException>(() => _semaphore.AcquireWrite()));
        Threads.AwaitBlocked(writer);
        reader.Interrupt();
        writer.Interrupt();
        reader.End();
        writer.End();
        _semaphore.ReleaseWrite();
        Threads.Run(() => Assert.True(_semaphore.TryAcquireWrite()));
    }

    [Fact]
    public void RecursiveRead_IsRefusedAtOnce_AndTheFirstHolds()
    {
        _semaphore.AcquireRead();
        LockRecursionException thrown = Assert.Throws<LockRecursionException>(() => _semaphore.AcquireRead());
        Assert.EndsWith("is already held for reading by this thread, and is not recursive.", thrown.Message);
        Assert.Throws<LockRecursionException>(() => _semaphore.TryAcquireRead());
        Assert.True(_semaphore.IsReadHeldByCurrentThread);
        _semaphore.ReleaseRead();
        Threads.Run(() => Assert.True(_semaphore.TryAcquireWrite()));
        AssertReported(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public void Upgrade_IsRefusedAtOnce_AndTheReadHolds()
    {
        _semaphore.AcquireRead();
        Assert.Throws<LockRecursionException>(() => _semaphore.AcquireWrite());
        Assert.False(_semaphore.TryAcquireWrite());
        Assert.True(_semaphore.IsReadHeldByCurrentThread);
        _semaphore.ReleaseRead();
        AssertReported(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public void WriterThatReads_IsRefusedAtOnce()
    {
        _semaphore.AcquireWrite();
        LockRecursionException thrown = Assert.Throws<LockRecursionException>(() => _semaphore.AcquireRead());
        Assert.EndsWith("is already held for writing by this thread, and is not recursive.", thrown.Message);
        Assert.Throws<LockRecursionException>(() => _semaphore.AcquireWrite());
        Assert.False(_semaphore.TryAcquireRead());
        _semaphore.ReleaseWrite();
        AssertReported(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public void ReleaseInTheWrongMode_Throws_AndTheHoldStays()
    {
        _semaphore.AcquireRead();
        SynchronizationLockException thrown = Assert.Throws<SynchronizationLockException>(_semaphore.ReleaseWrite);
        Assert.EndsWith("is not held for writing by this thread.", thrown.Message);
        Assert.True(_semaphore.IsReadHeldByCurrentThread);
        _semaphore.ReleaseRead();
        _semaphore.AcquireWrite();
        thrown = Assert.Throws<SynchronizationLockException>(_semaphore.ReleaseRead);
        Assert.EndsWith("is not held for reading by this thread.", thrown.Message);
        Assert.True(_semaphore.IsWriteHeldByCurrentThread);
        _semaphore.ReleaseWrite();
        Assert.Throws<SynchronizationLockException>(_semaphore.Downgrade);
    }

    [Fact]
    public void ReleaseByAnotherThread_Throws_AndTheHolderKeepsIt()
    {
        _semaphore.AcquireRead();
        Threads.Run(() => Assert.Throws<SynchronizationLockException>(_semaphore.ReleaseRead));
        Threads.Run(() => Assert.Throws<SynchronizationLockException>(_semaphore.ReleaseWrite));
        Assert.True(_semaphore.IsReadHeldByCurrentThread);
        _semaphore.ReleaseRead();
        Assert.Throws<SynchronizationLockException>(_semaphore.ReleaseRead);
        AssertReported(LockdepReportKind.ReleaseOfFreeLock);
    }

    [Fact]
    public void ReadsOfManySemaphores_AreReleasedInAnyOrder()
    {
        var semaphores = new RwSemaphore[20];
        for (int i = 0; i < semaphores.Length; i++)
        {
            semaphores[i] = new RwSemaphore(LockClass.Named($"many.{i}"));
            semaphores[i].AcquireRead();
        }

        foreach (RwSemaphore semaphore in semaphores)
        {
            semaphore.ReleaseRead();
            Assert.False(semaphore.IsReadHeldByCurrentThread);
        }
    }

    [Fact]
    public void GuardDisposedTwice_Throws()
    {
        RwSemaphore.ReadGuard guard = _semaphore.EnterRead();
        guard.Dispose();
        string message = "";
        try
        {
            guard.Dispose();
        }
        catch (SynchronizationLockException e)
        {
            message = e.Message;
        }

        Assert.Equal("This guard holds nothing: it was disposed before, or its try failed.", message);
    }

    [Fact]
    public void DisposeWhileHeld_Throws_AndItStaysUsable()
    {
        _semaphore.AcquireRead();
        Assert.Throws<SynchronizationLockException>(_semaphore.Dispose);
        _semaphore.ReleaseRead();
        _semaphore.Dispose();
        _semaphore.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _semaphore.AcquireRead());
        Assert.Throws<ObjectDisposedException>(() => _semaphore.AcquireWrite());
        Assert.Throws<ObjectDisposedException>(() => _semaphore.TryAcquireRead());
        Assert.Throws<ObjectDisposedException>(() => _semaphore.TryAcquireWrite());
        AssertReported(LockdepReportKind.HeldLockDisposed);
    }

    [Fact]
    public void Asserts_TellWhoHoldsAndHow()
    {
        Assert.Throws<SynchronizationLockException>(() => _semaphore.AssertHeld());
        using (_semaphore.EnterRead())
        {
            _semaphore.AssertHeld();
            Assert.Throws<SynchronizationLockException>(() => _semaphore.AssertHeldWrite());
            Assert.Throws<SynchronizationLockException>(() => _semaphore.AssertNotHeld());
        }

        using (_semaphore.EnterWrite())
        {
            _semaphore.AssertHeld();
            _semaphore.AssertHeldWrite();
        }

        _semaphore.AssertNotHeld();
        AssertReported(LockdepReportKind.NotHeld, LockdepReportKind.HeldUnexpectedly);
    }

    [Fact]
    public void Guards_AllocateNothing()
    {
        Assert.Equal(0, Allocations.Of(() =>
        {
            using (_semaphore.EnterRead())
            {
            }
        }));
        Assert.Equal(0, Allocations.Of(() =>
        {
            using (_semaphore.EnterWrite())
            {
            }
        }));
    }

    [Fact]
    public void NamedSemaphores_HaveTheirClasses()
    {
        string?[] expected = Lockdep.IsEnabled ? ["mmap_sem", "umem_rwsem", "umem_mutex"] : [null, null, null];
        Assert.Equal(expected, new[] { new MmapSem().Map?.Class.Name, new UmemRwsem().Map?.Class.Name, new UmemMutex().Map?.Class.Name });
    }
}
