// Flows: a held stack that moves between threads with the code.
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Validation;

public sealed class FlowTests : ValidatedTest
{
    private readonly AsyncMutex _a = new(LockClass.Named("flow.A"));
    private readonly AsyncMutex _b = new(LockClass.Named("flow.B"));

    [Fact]
    public async Task OrderAcrossAwaits_IsLearned_AndItsReverseReported()
    {
        await InOrder(_a, _b);
        Assert.Empty(Reports);
        await InOrder(_b, _a);
        LockdepReport report = SingleReport(LockdepReportKind.CircularDependency);
        Assert.StartsWith("flow \"test\" on thread ", report.Actor);
    }

    [Fact]
    public async Task SecondEnterOfAFlow_IsReported()
    {
        using (Lockdep.BeginFlow("test"))
        {
            using AsyncMutex.Guard guard = await _a.EnterAsync();
            using var cancellation = new CancellationTokenSource();
            Task<AsyncMutex.Guard> second = _a.EnterAsync(cancellation.Token).AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        }

        SingleReport(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public async Task WithoutAFlow_EnterAsyncIsCheckedAndNotRecorded()
    {
        using (await _a.EnterAsync())
        {
            Assert.False(Lockdep.IsHeld(_a.Map!));
        }

        Assert.Empty(LockOrderGraph.Observed().Edges);
    }

    [Fact]
    public async Task LockOfAThread_HeldWhereTheFlowMoved_IsReported()
    {
        await HoldAcrossAnAwait();
        Assert.Matches("^'flow.thread' belongs to thread [0-9]+, and the flow went on on another thread while holding it$", SingleReport(LockdepReportKind.HeldAcrossAwait).Message);
    }

    [Fact]
    public async Task FlowThatEndsWithALockHeld_IsReported()
    {
        AsyncMutex.Guard guard;
        using (Lockdep.BeginFlow("test"))
        {
            guard = await _a.EnterAsync();
        }

        guard.Dispose();
        SingleReport(LockdepReportKind.HeldAtExit);
    }

    [Fact]
    public async Task FlowsInParallel_HaveStacksOfTheirOwn()
    {
        var bothHeld = new TaskCompletionSource();
        Task first = Hold(_a, bothHeld.Task);
        Task second = Hold(_b, Task.CompletedTask);
        await second;
        bothHeld.SetResult();
        await first;
        Assert.Empty(LockOrderGraph.Observed().Edges);
    }

    [Fact]
    public async Task ReferencesOfAFlow_MoveWithIt()
    {
        using (Lockdep.BeginFlow("test"))
        {
            var count = new Kref();
            await MoveToAnotherThread();
            count.AssertOwned();
            count.Put(static () => { });
        }
    }

    private async Task HoldAcrossAnAwait()
    {
        var mutex = new MutexLock(LockClass.Named("flow.thread"));
        using (Lockdep.BeginFlow("test"))
        {
            mutex.Acquire();
            await MoveToAnotherThread();
            Assert.False(mutex.IsHeldByCurrentThread);
            (await _a.EnterAsync()).Dispose();
            Lockdep.Abandon(mutex.Map!);
        }
    }

    private static async Task InOrder(AsyncMutex outer, AsyncMutex inner)
    {
        using (Lockdep.BeginFlow("test"))
        {
            using AsyncMutex.Guard first = await outer.EnterAsync();
            await MoveToAnotherThread();
            using AsyncMutex.Guard second = await inner.EnterAsync();
            await Task.Yield();
        }
    }

    private static async Task Hold(AsyncMutex mutex, Task until)
    {
        using (Lockdep.BeginFlow())
        {
            using AsyncMutex.Guard guard = await mutex.EnterAsync();
            await until;
        }
    }

    /// <summary>Continues on a thread that was not there before.</summary>
    private static NewThread MoveToAnotherThread() => default;

    private readonly struct NewThread : INotifyCompletion
    {
        public bool IsCompleted => false;

        public NewThread GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => new Thread(() => continuation()) { IsBackground = true }.Start();
    }
}
