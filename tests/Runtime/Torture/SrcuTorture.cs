// SRCU under stress: what a reader found is good until it leaves, whatever updaters do. After Linux's rcutorture.
using System;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Torture;

public sealed class SrcuTorture : ValidatedTest
{
    private readonly SrcuDomain _domain = new(LockClass.Named("torture.srcu"));
    private long _reads;
    private long _graces;

    /// <summary>How an updater makes sure that nobody has the old object any more.</summary>
    public enum Waiting
    {
        Synchronize,
        Expedited,
        Polled,
        Callback,
        Mixed,
    }

    [Theory]
    [InlineData(Waiting.Synchronize)]
    [InlineData(Waiting.Expedited)]
    [InlineData(Waiting.Polled)]
    [InlineData(Waiting.Callback)]
    [InlineData(Waiting.Mixed)]
    public void GracePeriods_NeverEndEarly(Waiting waiting)
    {
        Item current = new();
        new TortureRun()
            .With(3, random => Read(ref current, random))
            .With(1, random => Update(ref current, waiting == Waiting.Mixed ? (Waiting)random.Next(4) : waiting))
            .Finish();
        _domain.Barrier();
        Assert.True(_reads > 0);
        Assert.True(_graces > 0);
        _domain.Dispose();
    }

    [Fact]
    public void WithoutAGracePeriod_TheTortureNotices()
    {
        Item current = new();
        TortureRun run = new TortureRun()
            .With(2, random => Read(ref current, random))
            .With(1, _ => Interlocked.Exchange(ref current, new Item()).Poison());
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(run.Finish);
        Assert.Contains("A reader found an object that was reclaimed.", thrown.Message);
    }

    [Fact]
    public void ShortLivedThreads_AreWaitedForToo()
    {
        Item current = new();
        new TortureRun()
            .With(2, random => Threads.Run(() => Read(ref current, random)))
            .With(1, _ => Update(ref current, Waiting.Synchronize))
            .Finish();
        Assert.True(_graces > 0);
    }

    [Fact]
    public void Updaters_ShareGracePeriods_AndReadersDoNotStarveThem()
    {
        Item current = new();
        new TortureRun()
            .With(2, random => Read(ref current, random))
            .With(3, _ => Update(ref current, Waiting.Synchronize))
            .Finish();
        Assert.InRange(_graces, 10, long.MaxValue);
    }

    private void Read(ref Item current, Random random)
    {
        using (_domain.EnterRead())
        {
            Item found = Volatile.Read(ref current);
            for (int i = random.Next(4); i >= 0; i--)
            {
                using (_domain.EnterRead())
                {
                    Thread.SpinWait(random.Next(200));
                }

                if (random.Next(64) == 0)
                {
                    Thread.Yield();
                }

                if (found.IsPoisoned)
                {
                    throw new InvalidOperationException("A reader found an object that was reclaimed.");
                }
            }
        }

        Interlocked.Increment(ref _reads);
    }

    private void Update(ref Item current, Waiting waiting)
    {
        Item old = Interlocked.Exchange(ref current, new Item());
        switch (waiting)
        {
            case Waiting.Synchronize:
                _domain.Synchronize();
                old.Poison();
                break;
            case Waiting.Expedited:
                _domain.SynchronizeExpedited();
                old.Poison();
                break;
            case Waiting.Polled:
                GracePeriodState state = _domain.StartPolling();
                Threads.Await(() => _domain.Poll(state), "the grace period passes");
                old.Poison();
                break;
            default:
                _domain.Call(old.Poison);
                if (_domain.PendingCallbacks > 1000)
                {
                    _domain.Barrier();
                }

                break;
        }

        Interlocked.Increment(ref _graces);
    }

    private sealed class Item
    {
        private int _isPoisoned;

        public bool IsPoisoned => Volatile.Read(ref _isPoisoned) != 0;

        public void Poison() => Volatile.Write(ref _isPoisoned, 1);
    }
}
