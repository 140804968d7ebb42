// The instruments: what a listener hears of contention, waiting and holding.
using System;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Metrics;

public sealed class LockMetricsTests : ValidatedTest
{
    private readonly ConcurrentQueue<(string Instrument, double Value, string? Class)> _heard = [];

    [Fact]
    public void Statistics_ComeWithoutValidation()
    {
        Assert.False(Lockdep.IsEnabled);
        Lockdep.EnableStatistics();
        var mutex = new MutexLock(LockClass.Named("metrics.switch"));
        Assert.Equal("metrics.switch", mutex.Map?.Class.Name);
        Assert.Throws<SynchronizationLockException>(mutex.Release);
        Assert.Empty(Reports);
    }

    [Fact]
    public void ContendedMutex_TellsContentionWaitAndHold()
    {
        var mutex = new MutexLock(LockClass.Named("metrics.mutex"));
        using MeterListener listener = Listen();
        mutex.Acquire();
        Threads.Running waiter = Threads.Start(() =>
        {
            using (mutex.Enter())
            {
            }
        });
        Threads.AwaitBlocked(waiter);
        mutex.Release();
        waiter.End();

        Assert.Equal([1.0], Values("locking.lock.contentions", "metrics.mutex"));
        Assert.True(Assert.Single(Values("locking.lock.wait_time", "metrics.mutex")) > 0);
        Assert.Equal(2, Values("locking.lock.hold_time", "metrics.mutex").Length);
        Assert.All(Values("locking.lock.hold_time", "metrics.mutex"), seconds => Assert.InRange(seconds, 0, 60));
    }

    [Fact]
    public void ContendedSemaphore_TellsContention()
    {
        var semaphore = new RwSemaphore(LockClass.Named("metrics.semaphore"));
        using MeterListener listener = Listen();
        semaphore.AcquireWrite();
        Threads.Running reader = Threads.Start(() =>
        {
            using (semaphore.EnterRead())
            {
            }
        });
        Threads.AwaitBlocked(reader);
        semaphore.ReleaseWrite();
        reader.End();
        Assert.Equal([1.0], Values("locking.lock.contentions", "metrics.semaphore"));
    }

    [Fact]
    public void UncontendedLock_TellsNoContention()
    {
        var mutex = new MutexLock(LockClass.Named("metrics.free"));
        using MeterListener listener = Listen();
        using (mutex.Enter())
        {
        }

        Assert.Empty(Values("locking.lock.contentions", "metrics.free"));
        Assert.Single(Values("locking.lock.hold_time", "metrics.free"));
    }

    [Fact]
    public void Listening_AllocatesNothingPerAcquire()
    {
        var mutex = new MutexLock(LockClass.Named("metrics.allocation"));
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, l) =>
        {
            if (instrument.Meter.Name == "Locking.Runtime")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
        Assert.Equal(0, Allocations.Of(() =>
        {
            using (mutex.Enter())
            {
            }
        }));
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, l) =>
            {
                if (instrument.Meter.Name == "Locking.Runtime")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.Start();
        return listener;
    }

    private void Hear(Instrument instrument, double value, ReadOnlySpan<System.Collections.Generic.KeyValuePair<string, object?>> tags) =>
        _heard.Enqueue((instrument.Name, value, tags[0].Key == "lock.class" ? tags[0].Value as string : null));

    private double[] Values(string instrument, string lockClass) =>
        [.. _heard.Where(h => h.Instrument == instrument && h.Class == lockClass).Select(h => h.Value)];
}
