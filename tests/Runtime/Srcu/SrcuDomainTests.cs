// SRCU: sections, grace periods, callbacks, polling, and every way to misuse them.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Srcu;

public sealed class SrcuDomainTests : ValidatedTest
{
    private readonly SrcuDomain _domain = new();

    [Fact]
    public void Sections_Nest()
    {
        Assert.False(_domain.IsReadHeldByCurrentThread);
        using (_domain.EnterRead())
        {
            using (_domain.EnterRead())
            {
                Assert.True(_domain.IsReadHeldByCurrentThread);
            }

            Assert.True(_domain.IsReadHeldByCurrentThread);
            Threads.Run(() => Assert.False(_domain.IsReadHeldByCurrentThread));
        }

        Assert.False(_domain.IsReadHeldByCurrentThread);
    }

    [Fact]
    public void Synchronize_WithoutReaders_Returns()
    {
        _domain.Synchronize();
        _domain.SynchronizeExpedited();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Synchronize_WaitsForSectionsThatWereOpen(bool isExpedited)
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        Threads.Running reader = Threads.Start(() =>
        {
            using (_domain.EnterRead())
            using (_domain.EnterRead())
            {
                entered.Set();
                leave.Wait();
            }
        });
        Assert.True(entered.Wait(Threads.Bound));
        bool passed = false;
        Threads.Running updater = Threads.Start(() =>
        {
            if (isExpedited)
            {
                _domain.SynchronizeExpedited();
            }
            else
            {
                _domain.Synchronize();
            }

            Volatile.Write(ref passed, true);
        });
        Threads.AwaitBlocked(updater);
        Assert.False(Volatile.Read(ref passed));
        leave.Set();
        updater.End();
        reader.End();
        Assert.True(passed);
    }

    [Fact]
    public void Synchronize_DoesNotWaitForSectionsEnteredLater()
    {
        using var first = new ManualResetEventSlim();
        using var leaveFirst = new ManualResetEventSlim();
        Threads.Running reader = Threads.Start(() =>
        {
            using (_domain.EnterRead())
            {
                first.Set();
                leaveFirst.Wait();
            }
        });
        Assert.True(first.Wait(Threads.Bound));
        Threads.Running updater = Threads.Start(() => _domain.Synchronize());
        Threads.AwaitBlocked(updater);
        using (_domain.EnterRead())
        {
            leaveFirst.Set();
            updater.End();
        }

        reader.End();
    }

    [Fact]
    public void Synchronize_IsNotStarvedByAStreamOfReaders()
    {
        bool stop = false;
        Threads.Running[] readers = [.. Enumerable.Range(0, 2).Select(_ => Threads.Start(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                using (_domain.EnterRead())
                {
                    Thread.SpinWait(20);
                }
            }
        }))];
        for (int i = 0; i < 200; i++)
        {
            _domain.Synchronize();
        }

        Volatile.Write(ref stop, true);
        Array.ForEach(readers, r => r.End());
    }

    [Fact]
    public void Domains_DoNotHoldEachOtherUp()
    {
        var other = new SrcuDomain();
        using (_domain.EnterRead())
        {
            other.Synchronize();
        }
    }

    [Fact]
    public void SynchronizeInsideItsOwnSection_IsRefusedAtOnce_AndTheSectionGoesOn()
    {
        using (_domain.EnterRead())
        {
            InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => _domain.Synchronize());
            Assert.StartsWith("Synchronize of ", thrown.Message);
            Assert.EndsWith(" inside one of its read sections waits for itself.", thrown.Message);
            Assert.Throws<InvalidOperationException>(() => _domain.SynchronizeExpedited());
            Assert.Throws<InvalidOperationException>(() => _domain.Barrier());
            Assert.True(_domain.IsReadHeldByCurrentThread);
        }

        _domain.Synchronize();
        AssertReported(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public void SectionLeftTwice_OrInTheWrongOrder_OrByAnotherThread_IsRefused()
    {
        Assert.Throws<SynchronizationLockException>(() => _domain.ReleaseRead(0));
        int outer = _domain.AcquireRead();
        int inner = _domain.AcquireRead();
        Assert.Equal((1, 2), (outer, inner));
        Assert.Throws<SynchronizationLockException>(() => _domain.ReleaseRead(outer));
        Threads.Run(() => Assert.Throws<SynchronizationLockException>(() => _domain.ReleaseRead(inner)));
        _domain.ReleaseRead(inner);
        Assert.Throws<SynchronizationLockException>(() => _domain.ReleaseRead(inner));
        _domain.ReleaseRead(outer);
        Assert.Throws<SynchronizationLockException>(() => _domain.ReleaseRead(outer));
        _domain.Synchronize();
    }

    [Fact]
    public void GuardDisposedTwice_Throws()
    {
        SrcuDomain.ReadGuard guard = _domain.EnterRead();
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

        Assert.EndsWith("is not the innermost one of this thread: left twice, in the wrong order, or by another thread.", message);
    }

    [Fact]
    public void ThreadThatDiesInsideASection_IsNotWaitedForForEver()
    {
        Threads.Run(() => _domain.AcquireRead());
        _domain.Synchronize();
        AssertReported(LockdepReportKind.HeldAtExit);
    }

    [Fact]
    public void Callbacks_RunInOrder_AfterAGracePeriod_OnAnotherThread()
    {
        var ran = new List<int>();
        int thread = 0;
        using (_domain.EnterRead())
        {
            for (int i = 0; i < 3; i++)
            {
                int number = i;
                _domain.Call(() =>
                {
                    thread = Environment.CurrentManagedThreadId;
                    ran.Add(number);
                });
            }

            Assert.Equal(3, _domain.PendingCallbacks);
            Assert.Empty(ran);
        }

        _domain.Barrier();
        Assert.Equal([0, 1, 2], ran);
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
        Assert.Equal(0, _domain.PendingCallbacks);
    }

    [Fact]
    public void CallbackQueuedTwice_IsRefused_AndRunsOnce()
    {
        int runs = 0;
        var callback = new SrcuCallback(() => runs++);
        using (_domain.EnterRead())
        {
            _domain.Call(callback);
            InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => _domain.Call(callback));
            Assert.Equal("The callback is queued already.", thrown.Message);
            Assert.Equal(1, _domain.PendingCallbacks);
        }

        _domain.Barrier();
        Assert.Equal(1, runs);
        _domain.Call(callback);
        _domain.Barrier();
        Assert.Equal(2, runs);
    }

    [Fact]
    public void CallbackThatQueuesItselfAgain_Runs()
    {
        int runs = 0;
        SrcuCallback? callback = null;
        callback = new SrcuCallback(() =>
        {
            if (++runs < 3)
            {
                _domain.Call(callback!);
            }
        });
        _domain.Call(callback);
        Threads.Await(() => Volatile.Read(ref runs) == 3, "the callback runs three times");
    }

    [Fact]
    public void CallbackThatThrows_IsReported_AndTheNextRuns()
    {
        bool ran = false;
        _domain.Call(() => throw new FormatException("bad"));
        _domain.Call(() => ran = true);
        _domain.Barrier();
        Assert.True(ran);
        Assert.Equal(0, _domain.PendingCallbacks);
        LockdepReport report = SingleReport(LockdepReportKind.CallbackThrew);
        Assert.Equal("An SRCU callback threw FormatException: bad", report.Message);
        Assert.Contains(nameof(CallbackThatThrows_IsReported_AndTheNextRuns), report.Hint);
    }

    [Fact]
    public void BarrierInsideACallback_IsRefused()
    {
        Exception? thrown = null;
        _domain.Call(() => thrown = Record.Exception(() => _domain.Barrier()));
        _domain.Barrier();
        Assert.IsType<InvalidOperationException>(thrown);
        AssertReported(LockdepReportKind.InvalidWaitContext);
    }

    [Fact]
    public void PolledState_TurnsTrueAfterAGracePeriod()
    {
        GracePeriodState state = _domain.GetState();
        Assert.False(_domain.Poll(state));
        _domain.Synchronize();
        Assert.True(_domain.Poll(state));
        _domain.Synchronize(state);
        Assert.False(_domain.Poll(_domain.GetState()));
    }

    [Fact]
    public void StartPolling_BringsTheGracePeriodAbout()
    {
        GracePeriodState state = _domain.StartPolling();
        Threads.Await(() => _domain.Poll(state), "the grace period passes");
        state = _domain.GetState();
        _domain.Synchronize(state);
        Assert.True(_domain.Poll(state));
    }

    [Fact]
    public void StateOfAnotherDomain_IsRefused()
    {
        GracePeriodState state = new SrcuDomain().GetState();
        Assert.Throws<ArgumentException>(() => _domain.Poll(state));
        Assert.Throws<ArgumentException>(() => _domain.Synchronize(state));
        Assert.Throws<ArgumentException>(() => _domain.Poll(default));
    }

    [Fact]
    public async Task SynchronizeAsync_EndsAfterTheSection()
    {
        Task passed = StartInsideASection();
        await passed.WaitAsync(Threads.Bound);
    }

    [Fact]
    public void DisposeWithAnOpenSection_OrAPendingCallback_IsRefused()
    {
        using (_domain.EnterRead())
        {
            Assert.Throws<SynchronizationLockException>(_domain.Dispose);
            _domain.Call(() => { });
            Assert.Throws<SynchronizationLockException>(_domain.Dispose);
        }

        _domain.Barrier();
        _domain.Dispose();
        _domain.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _domain.AcquireRead());
        Assert.Throws<ObjectDisposedException>(() => _domain.Synchronize());
        Assert.Throws<ObjectDisposedException>(() => _domain.Call(() => { }));
        Assert.False(_domain.IsReadHeldByCurrentThread);
        AssertReported(LockdepReportKind.HeldLockDisposed);
    }

    [Fact]
    public void DomainAfterADisposedOne_StartsClean()
    {
        for (int i = 0; i < 50; i++)
        {
            var domain = new SrcuDomain();
            using (domain.EnterRead())
            {
                Assert.True(domain.IsReadHeldByCurrentThread);
            }

            domain.Synchronize();
            domain.Dispose();
        }
    }

    [Fact]
    public void Section_AllocatesNothing() => Assert.Equal(0, Allocations.Of(() =>
    {
        using (_domain.EnterRead())
        {
        }
    }));

    private Task StartInsideASection()
    {
        using (_domain.EnterRead())
        {
            Task passed = _domain.SynchronizeAsync();
            Assert.False(passed.IsCompleted);
            return passed;
        }
    }
}
