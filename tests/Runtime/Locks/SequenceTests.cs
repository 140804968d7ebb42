// The sequence lock and the sequence count: what readers see, and every way to misuse them.
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Locks;

public sealed class SequenceTests : ValidatedTest
{
    private readonly SeqLock _lock = new();
    private readonly SeqCount _count = new();

    [Fact]
    public void ReadWithoutAWriter_NeedsNoRetry()
    {
        uint start = _lock.ReadBegin();
        Assert.Equal(0u, start);
        Assert.False(_lock.ReadRetry(start));
        start = _count.ReadBegin();
        Assert.False(_count.ReadRetry(start));
    }

    [Fact]
    public void ReadThatAWriterOverlaps_MustRetry()
    {
        uint start = _lock.ReadBegin();
        using (_lock.EnterWrite())
        {
            Assert.Equal(1u, _lock.Sequence);
            Assert.True(_lock.ReadRetry(start));
        }

        Assert.Equal(2u, _lock.Sequence);
        Assert.True(_lock.ReadRetry(start));
        Assert.False(_lock.ReadRetry(_lock.ReadBegin()));
    }

    [Fact]
    public void CountThatAWriterOverlaps_MustRetry()
    {
        uint start = _count.ReadBegin();
        using (_count.EnterWrite())
        {
            Assert.Equal(1u, _count.Sequence);
        }

        Assert.True(_count.ReadRetry(start));
    }

    [Fact]
    public void ReaderDuringAWrite_WaitsForItsEnd()
    {
        _lock.AcquireWrite();
        uint seen = 0;
        Threads.Running reader = Threads.Start(() => seen = _lock.ReadBegin());
        _lock.ReleaseWrite();
        reader.End();
        Assert.Equal(0u, seen & 1);
    }

    [Fact]
    public void Writers_ExcludeEachOther()
    {
        using (_lock.EnterWrite())
        {
            Threads.Run(() => Assert.False(_lock.TryAcquireWrite()));
        }

        Assert.True(_lock.TryAcquireWrite());
        _lock.ReleaseWrite();
        Assert.Equal(4u, _lock.Sequence);
    }

    [Fact]
    public void WriterThatReads_IsRefusedAtOnce()
    {
        _lock.AcquireWrite();
        Assert.Throws<LockRecursionException>(() => _lock.ReadBegin());
        Assert.Throws<LockRecursionException>(() => _lock.AcquireWrite());
        _lock.ReleaseWrite();
        _count.BeginWrite();
        Assert.Throws<LockRecursionException>(() => _count.ReadBegin());
        _count.EndWrite();
        AssertReported(LockdepReportKind.RecursiveLocking, LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public void SecondWriterOfACount_IsRefused_AndTheFirstGoesOn()
    {
        _count.BeginWrite();
        Threads.Run(() =>
        {
            SynchronizationLockException thrown = Assert.Throws<SynchronizationLockException>(() => _count.BeginWrite());
            Assert.EndsWith("has a writer already; something else must keep writers apart.", thrown.Message);
        });
        _count.EndWrite();
        Assert.Equal(2u, _count.Sequence);
    }

    [Fact]
    public void EndOfAWriteThatIsNotOnesOwn_IsRefused()
    {
        Assert.Throws<SynchronizationLockException>(_count.EndWrite);
        _count.BeginWrite();
        Threads.Run(() => Assert.Throws<SynchronizationLockException>(_count.EndWrite));
        _count.EndWrite();
        Assert.Throws<SynchronizationLockException>(_lock.ReleaseWrite);
        AssertReported(LockdepReportKind.ReleaseOfFreeLock);
    }

    [Fact]
    public void GuardDisposedTwice_Throws()
    {
        SeqLock.WriteGuard guard = _lock.EnterWrite();
        guard.Dispose();
        bool threw = false;
        try
        {
            guard.Dispose();
        }
        catch (SynchronizationLockException)
        {
            threw = true;
        }

        Assert.True(threw);
        Assert.Equal(2u, _lock.Sequence);
    }

    [Fact]
    public void CountWithItsLock_ReportsAWriteWithoutIt()
    {
        var mutex = new MutexLock();
        var guarded = new SeqCount(mutex);
        using (mutex.Enter())
        {
            guarded.BeginWrite();
            guarded.EndWrite();
        }

        guarded.BeginWrite();
        guarded.EndWrite();
        AssertReported(LockdepReportKind.NotHeld);
    }

    [Fact]
    public void Guards_AllocateNothing()
    {
        Assert.Equal(0, Allocations.Of(() =>
        {
            using (_lock.EnterWrite())
            {
            }
        }));
        Assert.Equal(0, Allocations.Of(() =>
        {
            using (_count.EnterWrite())
            {
            }
        }));
    }
}
