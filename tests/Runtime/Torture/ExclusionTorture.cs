// Locks under stress: nobody gets in who should not, nobody is kept out for ever, and nothing leaks. After Linux's locktorture.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Torture;

public sealed class ExclusionTorture : ValidatedTest
{
    private static readonly Dictionary<string, Func<Exclusive>> s_kinds = new()
    {
        ["mutex"] = static () => new OfMutex(),
        ["spin"] = static () => new OfSpin(),
        ["rwsem"] = static () => new OfRwSemaphore(),
        ["seqlock"] = static () => new OfSeqLock(),
        ["async"] = static () => new OfAsyncMutex(),
    };

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Holder_IsAlone_WhateverEndsTheSection(string kind)
    {
        Exclusive tested = s_kinds[kind]();
        int inside = 0;
        long sections = 0;
        new TortureRun().With(3, random =>
        {
            try
            {
                if (tested.TryWithin(random, () =>
                {
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    Thread.SpinWait(random.Next(100));
                    sections++;
                    Assert.Equal(0, Interlocked.Decrement(ref inside));
                    if (random.Next(50) == 0)
                    {
                        throw new FormatException();
                    }
                }))
                {
                    Thread.SpinWait(random.Next(100));
                }
            }
            catch (FormatException)
            {
                // The section ended by an exception, as some do; its guard released.
            }
        }).Finish();
        Assert.True(sections > 0);
        Assert.True(tested.TryWithin(new Random(0), static () => { }));
    }

    [Fact]
    public void ReadersShare_WritersAreAlone_AndDowngradesKeepWritersOut()
    {
        var semaphore = new RwSemaphore(LockClass.Named("torture.rw"));
        int readers = 0;
        int writers = 0;
        new TortureRun().With(2, random =>
        {
            if (random.Next(8) == 0 ? semaphore.TryAcquireRead() : random.Next(8) == 0 ? semaphore.TryAcquireRead(TimeSpan.FromMilliseconds(1)) : Acquire(semaphore))
            {
                Interlocked.Increment(ref readers);
                Assert.Equal(0, Volatile.Read(ref writers));
                Thread.SpinWait(random.Next(100));
                Interlocked.Decrement(ref readers);
                semaphore.ReleaseRead();
            }
        }).With(2, random =>
        {
            if (random.Next(8) == 0 && !semaphore.TryAcquireWrite(TimeSpan.FromMilliseconds(1)))
            {
                return;
            }

            if (!semaphore.IsWriteHeldByCurrentThread)
            {
                semaphore.AcquireWrite();
            }

            Assert.Equal(1, Interlocked.Increment(ref writers));
            Assert.Equal(0, Volatile.Read(ref readers));
            Thread.SpinWait(random.Next(50));
            Interlocked.Decrement(ref writers);
            if (random.Next(4) != 0)
            {
                semaphore.ReleaseWrite();
                return;
            }

            Interlocked.Increment(ref readers);
            semaphore.Downgrade();
            Assert.Equal(0, Volatile.Read(ref writers));
            Interlocked.Decrement(ref readers);
            semaphore.ReleaseRead();
        }).Finish();
        Assert.True(semaphore.TryAcquireWrite());
        semaphore.ReleaseWrite();

        static bool Acquire(RwSemaphore semaphore)
        {
            semaphore.AcquireRead();
            return true;
        }
    }

    [Fact]
    public void WriterAmongReadersWhoOverlap_IsNotStarved()
    {
        var semaphore = new RwSemaphore(LockClass.Named("torture.readers"));
        int written = 0;
        new TortureRun().With(3, random =>
        {
            using (semaphore.EnterRead())
            {
                // Long enough that some reader is always inside, were it not for the writer in the queue.
                Thread.SpinWait(500);
            }
        }).With(1, _ =>
        {
            using (semaphore.EnterWrite())
            {
                written++;
            }
        }).Finish();
        Assert.InRange(written, 20, int.MaxValue);
    }

    [Fact]
    public void ReaderAmongWriters_IsNotStarved()
    {
        var semaphore = new RwSemaphore(LockClass.Named("torture.writers"));
        int read = 0;
        new TortureRun().With(3, random =>
        {
            using (semaphore.EnterWrite())
            {
                Thread.SpinWait(200);
            }
        }).With(1, _ =>
        {
            using (semaphore.EnterRead())
            {
                read++;
            }
        }).Finish();
        Assert.InRange(read, 20, int.MaxValue);
    }

    [Fact]
    public void MutexWaiter_IsNotOvertakenForLong()
    {
        var mutex = new MutexLock(LockClass.Named("torture.overtaken"));
        var waits = new List<TimeSpan>();
        new TortureRun().With(2, _ =>
        {
            // Releases and comes back at once, which without handing over would win every time.
            using (mutex.Enter())
            {
                Thread.SpinWait(2000);
            }
        }).With(1, _ =>
        {
            long since = Stopwatch.GetTimestamp();
            using (mutex.Enter())
            {
                waits.Add(Stopwatch.GetElapsedTime(since));
            }

            Thread.Sleep(1);
        }).Finish();
        Assert.InRange(waits.Count, 5, int.MaxValue);
    }

    [Fact]
    public void SequenceReaders_NeverAcceptATornPair()
    {
        var seq = new SeqLock(LockClass.Named("torture.seq"));
        long left = 0;
        long right = 0;
        long accepted = 0;
        new TortureRun().With(1, random =>
        {
            using (seq.EnterWrite())
            {
                left++;
                Thread.SpinWait(random.Next(5));
                right++;
            }
        }).With(2, _ =>
        {
            long first;
            long second;
            uint start;
            do
            {
                start = seq.ReadBegin();
                first = Volatile.Read(ref left);
                second = Volatile.Read(ref right);
            }
            while (seq.ReadRetry(start));
            Assert.Equal(first, second);
            Interlocked.Increment(ref accepted);
        }).Finish();
        Assert.True(accepted > 0);
    }

    [Fact]
    public void References_AreReleasedExactlyOnce()
    {
        int released = 0;
        int objects = 0;
        Kref current = new();
        new TortureRun().With(3, random =>
        {
            Kref count = Volatile.Read(ref current);
            if (count.TryGet())
            {
                Thread.SpinWait(random.Next(20));
                Put(count);
            }
        }).With(1, _ =>
        {
            var next = new Kref();
            Kref old = Interlocked.Exchange(ref current, next);
            old.Adopt();
            next.Disown();
            Put(old);
            objects++;
        }).Finish();
        current.Adopt();
        Put(current);
        Assert.Equal(objects + 1, released);
        _ = Reports;

        void Put(Kref count) => count.Put(() => Interlocked.Increment(ref released));
    }

    /// <summary>One lock kind: runs something alone, by one of the ways it has, or answers that it could not.</summary>
    private abstract class Exclusive
    {
        public abstract bool TryWithin(Random random, Action body);
    }

    private sealed class OfMutex : Exclusive
    {
        private readonly MutexLock _lock = new(LockClass.Named("torture.mutex"));

        public override bool TryWithin(Random random, Action body)
        {
            bool acquired = random.Next(4) switch
            {
                0 => _lock.TryAcquire(),
                1 => _lock.TryAcquire(TimeSpan.FromMilliseconds(random.Next(2))),
                _ => false,
            };
            if (acquired)
            {
                try
                {
                    body();
                }
                finally
                {
                    _lock.Release();
                }
            }
            else
            {
                using (_lock.Enter())
                {
                    body();
                }
            }

            return true;
        }
    }

    private sealed class OfSpin : Exclusive
    {
        private readonly SpinMutex _lock = new(LockClass.Named("torture.spin"));

        public override bool TryWithin(Random random, Action body)
        {
            if (random.Next(4) == 0 && !_lock.TryAcquire())
            {
                return false;
            }

            if (!_lock.IsHeldByCurrentThread)
            {
                _lock.Acquire();
            }

            try
            {
                body();
            }
            finally
            {
                _lock.Release();
            }

            return true;
        }
    }

    private sealed class OfRwSemaphore : Exclusive
    {
        private readonly RwSemaphore _lock = new(LockClass.Named("torture.rwsem"));

        public override bool TryWithin(Random random, Action body)
        {
            if (random.Next(4) == 0 && !_lock.TryAcquireWrite(TimeSpan.FromMilliseconds(random.Next(2))))
            {
                return false;
            }

            if (!_lock.IsWriteHeldByCurrentThread)
            {
                _lock.AcquireWrite();
            }

            try
            {
                body();
            }
            finally
            {
                _lock.ReleaseWrite();
            }

            return true;
        }
    }

    private sealed class OfSeqLock : Exclusive
    {
        private readonly SeqLock _lock = new(LockClass.Named("torture.seqlock"));

        public override bool TryWithin(Random random, Action body)
        {
            using (_lock.EnterWrite())
            {
                body();
            }

            return true;
        }
    }

    private sealed class OfAsyncMutex : Exclusive
    {
        private readonly AsyncMutex _lock = new(LockClass.Named("torture.async"));

        public override bool TryWithin(Random random, Action body)
        {
            if (random.Next(2) == 0)
            {
                if (!_lock.TryEnter(TimeSpan.FromMilliseconds(random.Next(2)), out AsyncMutex.ThreadGuard timed))
                {
                    return false;
                }

                using (timed)
                {
                    body();
                }

                return true;
            }

            using (_lock.EnterAsync().AsTask().GetAwaiter().GetResult())
            {
                body();
            }

            return true;
        }
    }
}
