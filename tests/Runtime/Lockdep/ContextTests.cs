// Callbacks, non-blockable regions, virtual locks, flows: the families that this project adds to the kernel's self-test.
using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Validation;

/// <summary>The rows of section 2.12 of the self-test inventory, by their ids, and what else contexts promise.</summary>
public sealed class ContextTests : ValidatedTest
{
    private readonly UmemMutex _umem = new();
    private readonly SrcuDomain _srcu = new();

    [Fact]
    public void Sync1_SynchronizeInsideASectionOfTheSameDomain_IsReported()
    {
        using (_srcu.EnterRead())
        {
            Assert.Throws<InvalidOperationException>(() => _srcu.Synchronize());
        }

        SingleReport(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public void Sync2_MutexInsideASection_AndSynchronizeUnderThatMutex_IsReported()
    {
        using (_srcu.EnterRead())
        using (_umem.Enter())
        {
        }

        using (_umem.Enter())
        {
            _srcu.Synchronize();
        }

        LockdepReport report = SingleReport(LockdepReportKind.CircularDependency);
        Assert.StartsWith("Waiting for '", report.Message);
        Assert.StartsWith("wait-for(", report.Scenario[^1].Operation);
    }

    [Fact]
    public void Sync3_SynchronizeOfAnotherDomain_IsSilent_UntilItIsDoneTheOtherWayRoundToo()
    {
        var other = new SrcuDomain();
        using (_srcu.EnterRead())
        {
            other.Synchronize();
        }

        Assert.Empty(Reports);
        using (other.EnterRead())
        {
            _srcu.Synchronize();
        }

        SingleReport(LockdepReportKind.CircularDependency);
    }

    [Fact]
    public void Win1_FaultUnderALockThatTheCallbackTakes_IsReportedOnTheFirstRun()
    {
        using (VirtualLocks.InvalidateWindow.Enter())
        using (_umem.Enter())
        {
        }

        using (_umem.Enter())
        {
            VirtualLocks.InvalidateWindow.MightAcquire();
        }

        SingleReport(LockdepReportKind.CircularDependency);
    }

    [Fact]
    public void Win2_WaitForAWindowUnderALockThatTheCallbackTakes_IsReported()
    {
        using (_umem.Enter())
        {
            VirtualLocks.InvalidateWindow.MightAcquire();
        }

        using (VirtualLocks.InvalidateWindow.Enter())
        using (_umem.Enter())
        {
        }

        SingleReport(LockdepReportKind.CircularDependency);
    }

    [Fact]
    public void Fault_WithALockThatACallbackTakes_IsReported()
    {
        using (Lockdep.EnterCallback(CallbackContexts.Blockable))
        using (_umem.Enter())
        {
        }

        using (_umem.Enter())
        {
            Lockdep.MayFault();
        }

        SingleReport(LockdepReportKind.InconsistentCallbackUse);
    }

    [Fact]
    public void Fault_WithTheMmapSemaphoreOnly_IsSilent()
    {
        var mmap = new MmapSem();
        using (Lockdep.EnterCallback(CallbackContexts.Blockable))
        using (_umem.Enter())
        {
        }

        using (mmap.EnterRead())
        {
            Lockdep.MayFault();
        }
    }

    [Fact]
    public void Cond_CallbackThatLeavesALockHeld_IsReported()
    {
        using (Lockdep.EnterCallback(CallbackContexts.Blockable))
        {
            _umem.Acquire();
        }

        _umem.Release();
        SingleReport(LockdepReportKind.HeldAtExit);
    }

    [Fact]
    public void Pair1_WorkThatEndsWithALockHeld_IsReported()
    {
        Lockdep.AssertNoneHeld();
        Assert.Empty(Reports);
        using (_umem.Enter())
        {
            Lockdep.AssertNoneHeld();
        }

        LockdepReport report = SingleReport(LockdepReportKind.HeldAtExit);
        Assert.Matches(@"^'umem_mutex', acquired at ContextTests\.cs:\d+, is still held at the end of its scope$", report.Message);
    }

    [Fact]
    public void Pin1_PinnedLockReleased_IsReported()
    {
        _umem.Acquire();
        LockPin pin = Lockdep.Pin(_umem.Map!);
        _umem.Release();
        SingleReport(LockdepReportKind.PinViolation);
        Assert.False(_umem.IsHeldByCurrentThread);
        Assert.NotEqual(default, pin);
    }

    [Fact]
    public void PinnedAndUnpinned_MayBeReleased()
    {
        using (_umem.Enter())
        {
            LockPin first = Lockdep.Pin(_umem.Map!);
            LockPin second = Lockdep.Pin(_umem.Map!);
            Lockdep.Unpin(_umem.Map!, first);
            Lockdep.Unpin(_umem.Map!, second);
        }
    }

    [Fact]
    public void WrongPin_IsReported()
    {
        LockPin none = Lockdep.Pin(_umem.Map!);
        Lockdep.Unpin(_umem.Map!, none);
        Assert.Equal("'umem_mutex' is pinned, but not held", SingleReport(LockdepReportKind.PinViolation).Message);
        using (_umem.Enter())
        {
            LockPin pin = Lockdep.Pin(_umem.Map!);
            Lockdep.Unpin(_umem.Map!, pin);
            Lockdep.Unpin(_umem.Map!, pin);
        }

        Assert.Single(Reports);
    }

    [Fact]
    public void Root1_ParentAndLeafOfOneClass_AreReported()
    {
        ImplicitFault(new UmemMutex(), default);
        SingleReport(LockdepReportKind.CircularDependency);
    }

    [Fact]
    public void Root2_ParentAtALevelOfItsOwn_IsSilent() => ImplicitFault(new UmemMutex(), UmemMutex.ImplicitParent);

    [Fact]
    public async Task Async1_ThreadsLockHeldWhereAnAsyncMutexIsAwaited_IsReported()
    {
        var mutex = new AsyncMutex();
        await EnterUnderUmem(mutex);
        LockdepReport report = SingleReport(LockdepReportKind.InvalidWaitContext);
        Assert.EndsWith("is awaited where something is held that belongs to the thread", report.Message);
    }

    [Fact]
    public void AsyncMutexUnderAMutex_ByBlocking_IsSilent()
    {
        var mutex = new AsyncMutex();
        using (_umem.Enter())
        using (mutex.Enter())
        {
        }
    }

    [Fact]
    public void Free1_HeldLockDisposed_IsReported()
    {
        var mutex = new MutexLock();
        mutex.Acquire();
        Assert.Throws<SynchronizationLockException>(mutex.Dispose);
        mutex.Release();
        SingleReport(LockdepReportKind.HeldLockDisposed);
    }

    [Fact]
    public void Nb1_BlockingInANonBlockableRegion_IsReported()
    {
        var completion = new Completion();
        completion.Complete();
        using (Lockdep.EnterCallback(CallbackContexts.NonBlockable))
        {
            Assert.True(_umem.TryAcquire());
            _umem.Release();
            Assert.Empty(Reports);
            completion.Wait();
        }

        Assert.EndsWith("may wait by Sleep where only Spin is allowed", SingleReport(LockdepReportKind.InvalidWaitContext).Message);
    }

    [Fact]
    public void MightBlock_NamesWhatBlocks()
    {
        var spin = new SpinMutex();
        Lockdep.MightBlock("Thread.Sleep");
        Assert.Empty(Reports);
        using (spin.Enter())
        {
            Lockdep.MightBlock("Thread.Sleep");
        }

        Assert.Equal("Thread.Sleep may wait by Sleep where only Spin is allowed", SingleReport(LockdepReportKind.InvalidWaitContext).Message);
    }

    [Fact]
    public void Contexts_EndWithTheirScopes()
    {
        using (Lockdep.Restrict(WaitType.Spin))
        using (Lockdep.Restrict(WaitType.Sleep))
        {
        }

        using (Lockdep.EnterCallback(CallbackContexts.NonBlockable))
        {
        }

        using (_umem.Enter())
        {
            Lockdep.MightBlock("anything");
        }
    }

    [Fact]
    public void ManyLocksUnderANestLock_TakeOneEntry()
    {
        LockClass lockClass = LockClass.Named("contexts.many");
        MutexLock[] many = [.. Enumerable.Range(0, 200).Select(_ => new MutexLock(lockClass))];
        using (_umem.Enter())
        {
            foreach (MutexLock one in many)
            {
                one.Acquire(LockNesting.Under(_umem));
            }

            foreach (MutexLock one in many)
            {
                one.Release();
            }

            Assert.False(Lockdep.IsHeld(many[0].Map!));
            Assert.True(Lockdep.IsHeld(_umem.Map!));
        }
    }

    [Fact]
    public void TooManyHeldLocks_AreReportedAsALimit_AndCheckingEnds()
    {
        MutexLock[] many = [.. Enumerable.Range(0, 49).Select(i => new MutexLock(LockClass.Named($"contexts.deep{i}")))];
        Array.ForEach(many, m => m.Acquire());
        Array.ForEach(many, m => m.Release());
        Assert.Equal("More than 48 held locks of one thread; the validator is off from here on", SingleReport(LockdepReportKind.LimitReached).Message);
        Assert.False(Lockdep.IsActive);
    }

    [Fact]
    public void ReleaseOutOfOrder_IsRight_AndWhatIsGoneIsNoOuterLock()
    {
        MutexLock[] locks = [.. "ABC".Select(c => new MutexLock(LockClass.Named("contexts.order" + c)))];
        locks[0].Acquire();
        locks[1].Acquire();
        locks[0].Release();
        locks[2].Acquire();
        locks[1].Release();
        locks[2].Release();
        Assert.Equal(
            ["contexts.orderA -> contexts.orderB", "contexts.orderB -> contexts.orderC"],
            LockOrderGraph.Observed().Edges.Select(e => $"{e.Outer} -> {e.Inner}"));
    }

    [Fact]
    public void RecursiveReadBetween_DoesNotHideTheOuterDependency()
    {
        // An edge to the section and one from it are no strong path, so the outer lock needs an edge of its own to the inner one.
        var outer = new MutexLock(LockClass.Named("contexts.outer"));
        var inner = new MutexLock(LockClass.Named("contexts.inner"));
        using (outer.Enter())
        using (_srcu.EnterRead())
        using (inner.Enter())
        {
        }

        using (inner.Enter())
        using (outer.Enter())
        {
        }

        SingleReport(LockdepReportKind.CircularDependency);
    }

    [Fact]
    public void Downgrade_ChangesWhatIsLearned()
    {
        var semaphore = new RwSemaphore(LockClass.Named("contexts.downgrade"));
        semaphore.AcquireWrite();
        semaphore.Downgrade();
        Lockdep.AssertHeld(semaphore.Map!);
        Assert.Empty(Reports);
        Lockdep.AssertHeldWrite(semaphore.Map!);
        semaphore.ReleaseRead();
        Assert.Equal("'contexts.downgrade' should be held exclusively here, not shared", SingleReport(LockdepReportKind.NotHeld).Message);
    }

    [Fact]
    public void Asserts_OfTheValidator_TellWhoHolds()
    {
        Lockdep.AssertNotHeld(_umem.Map!);
        using (_umem.Enter())
        {
            Lockdep.AssertHeld(_umem.Map!);
            Lockdep.AssertHeldWrite(_umem.Map!);
            Threads.Run(() => Lockdep.AssertHeld(_umem.Map!));
        }

        Assert.Equal("'umem_mutex' should be held here", SingleReport(LockdepReportKind.NotHeld).Message);
    }

    private void ImplicitFault(UmemMutex parent, LockNesting level)
    {
        var tree = new UmemRwsem();
        using (tree.EnterRead())
        using (_umem.Enter())
        {
        }

        using (parent.Enter(level))
        using (tree.EnterWrite())
        {
        }
    }

    private ValueTask EnterUnderUmem(AsyncMutex mutex)
    {
        ValueTask<AsyncMutex.Guard> entered;
        using (_umem.Enter())
        {
            entered = mutex.EnterAsync();
        }

        entered.Result.Dispose();
        return ValueTask.CompletedTask;
    }
}
