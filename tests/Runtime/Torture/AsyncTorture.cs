// The async mutex under stress: many flows, cancelled at any moment.
using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Torture;

public sealed class AsyncTorture : ValidatedTest
{
    [Fact]
    public async Task Flows_AreAlone_AndCancelledOnesLeaveNothingBehind()
    {
        var mutex = new AsyncMutex(LockClass.Named("torture.flows"));
        var run = new TortureRun();
        int inside = 0;
        int entered = 0;
        int cancelled = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(flow => Task.Run(() => Flow(new Random(flow)))));
        Assert.True(entered > 0);
        Assert.True(cancelled > 0);
        Assert.False(mutex.IsHeld);
        using (await mutex.EnterAsync())
        {
            Assert.True(mutex.IsHeld);
        }

        async Task Flow(Random random)
        {
            while (run.GoesOn)
            {
                using var cancellation = new CancellationTokenSource();
                ValueTask<AsyncMutex.Guard> entering = mutex.EnterAsync(cancellation.Token);
                if (random.Next(3) == 0)
                {
                    // Often at the very moment in which the mutex is handed over.
                    Thread.SpinWait(random.Next(200));
                    cancellation.Cancel();
                }

                try
                {
                    using AsyncMutex.Guard guard = await entering;
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    entered++;
                    if (random.Next(4) == 0)
                    {
                        await Task.Yield();
                    }
                    else if (random.Next(50) == 0)
                    {
                        // So long that others do not get by with spinning: they wait, and can be cancelled.
                        await Task.Delay(1);
                    }

                    Assert.Equal(0, Interlocked.Decrement(ref inside));
                    if (random.Next(50) == 0)
                    {
                        throw new FormatException();
                    }
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
                catch (FormatException)
                {
                    // The section ended by an exception, as some do; its guard released.
                }
            }
        }
    }

    [Fact]
    public async Task Semaphore_KeepsCount_WhateverIsCancelled()
    {
        const int Permits = 3;
        var semaphore = new CountingSemaphore(Permits, LockClass.Named("torture.semaphore"));
        var run = new TortureRun();
        int inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(flow => Task.Run(() => Flow(new Random(flow)))));
        Assert.Equal(Permits, semaphore.Available);

        async Task Flow(Random random)
        {
            while (run.GoesOn)
            {
                using var cancellation = new CancellationTokenSource();
                Task acquiring = semaphore.AcquireAsync(cancellation.Token);
                if (random.Next(3) == 0)
                {
                    Thread.SpinWait(random.Next(200));
                    cancellation.Cancel();
                }

                try
                {
                    await acquiring;
                }
                catch (OperationCanceledException)
                {
                    continue;
                }

                Assert.InRange(Interlocked.Increment(ref inside), 1, Permits);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                semaphore.Release();
            }
        }
    }
}
