// Guards that an asynchronous factory makes, and guards with asynchronous methods of their own.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Flow;

public sealed class AsyncGuardsTests() : RuleTests("LOCK1001")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        [ScopedCapability]
        public sealed class Held : IDisposable
        {
            [Requires("gate")] public Held(AsyncGate gate) => GC.KeepAlive(gate);
            [Releases("this")] public void Dispose() { }
        }

        [ScopedCapability]
        public sealed class Later : IAsyncDisposable
        {
            [Excludes("gate")] public Later(AsyncGate gate) => GC.KeepAlive(gate);
            [Acquires("this")] public Task EnterAsync() => Task.CompletedTask;
            [TryAcquires(true, "this")] public Task<bool> TryEnterAsync() => Task.FromResult(true);
            [Releases("this")] public void Exit() { }
            [Releases("this")] public ValueTask DisposeAsync() => default;
        }

        public class Room
        {
            private readonly AsyncGate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _guests;

            [Acquires(nameof(_gate))]
            private async ValueTask<Held> HoldAsync() { await _gate.EnterAsync(); return new Held(_gate); }

            public async Task M() { {{body}} }
        }
        """);

    [Theory]
    [InlineData("using (await HoldAsync()) { _guests++; } [|_guests|]++;")]
    [InlineData("using Held held = await HoldAsync().ConfigureAwait(false); _guests++; await Task.Yield(); _guests++;")]
    [InlineData("ValueTask<Held> pending = HoldAsync(); [|_guests|]++; using (await pending) { _guests++; }")]
    [InlineData("Held held = await {|LOCK2001:HoldAsync()|}; _guests++;")]
    [InlineData("await {|LOCK2001:HoldAsync()|}; _guests++;")]
    public void Factory_HoldsWhereItIsAwaited(string body) => VerifyIn(body);

    [Theory]
    [InlineData("await using var later = new Later(_gate); [|_guests|]++; await later.EnterAsync(); _guests++;")]
    [InlineData("await using var later = new Later(_gate); await later.EnterAsync(); later.Exit(); [|_guests|]++;")]
    [InlineData("await using var later = new Later(_gate); if (await later.TryEnterAsync()) { _guests++; } else { [|_guests|]++; }")]
    [InlineData("await using var later = new Later(_gate); await later.EnterAsync(); await {|LOCK2004:later.EnterAsync()|};")]
    [InlineData("await using var later = new Later(_gate); {|LOCK2008:later.EnterAsync()|}; await Task.Yield();")]
    [InlineData("var later = new Later(_gate); await {|LOCK2001:later.EnterAsync()|}; _guests++;")]
    public void MethodOfTheGuard_HoldsWhereItIsAwaited(string body) => VerifyIn(body);

    /// <summary>When the task of somebody else's making completes, and with what, nobody follows.</summary>
    [Theory]
    [InlineData("using (await _one.EnterAsync()) { }")]
    [InlineData("using (await _one.EnterAsync().ConfigureAwait(false)) { }")]
    public void OwnKindOfTask_SaysNothing(string body) => Verify(
        $$"""
        using System.Runtime.CompilerServices;

        [AsyncMethodBuilder(typeof(Builder<>))]
        public readonly struct Work<T>(Task<T> task)
        {
            public TaskAwaiter<T> GetAwaiter() => task.GetAwaiter();
            public ConfiguredTaskAwaitable<T> ConfigureAwait(bool back) => task.ConfigureAwait(back);
        }

        public struct Builder<T>
        {
            private AsyncTaskMethodBuilder<T> _inner;
            public static Builder<T> Create() => default;
            public Work<T> Task => new(_inner.Task);
            public void SetResult(T value) => _inner.SetResult(value);
            public void SetException(Exception e) => _inner.SetException(e);
            public void SetStateMachine(IAsyncStateMachine machine) { }
            public void Start<S>(ref S machine) where S : IAsyncStateMachine => _inner.Start(ref machine);
            public void AwaitOnCompleted<A, S>(ref A awaiter, ref S machine) where A : INotifyCompletion where S : IAsyncStateMachine => _inner.AwaitOnCompleted(ref awaiter, ref machine);
            public void AwaitUnsafeOnCompleted<A, S>(ref A awaiter, ref S machine) where A : ICriticalNotifyCompletion where S : IAsyncStateMachine => _inner.AwaitUnsafeOnCompleted(ref awaiter, ref machine);
        }

        internal readonly struct Releaser(SemaphoreSlim one) : IDisposable
        {
            public void Dispose() => one.Release();
        }

        internal static class Semaphores
        {
            internal static async Work<Releaser> EnterAsync(this SemaphoreSlim one) { await one.WaitAsync().ConfigureAwait(false); return new Releaser(one); }
        }

        public class Room
        {
            private readonly SemaphoreSlim _one = new(1, 1);

            public async Task Use() { {{body}} }
        }
        """);
}
