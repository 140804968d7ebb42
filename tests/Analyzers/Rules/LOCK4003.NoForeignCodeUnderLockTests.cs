// LOCK4003: code that is not in sight is not called while a lock is held.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class NoForeignCodeUnderLockTests() : RuleTests("LOCK4003")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Model
        {
            private readonly object _gate = new();
            private readonly SemaphoreSlim _semaphore = new(1, 1);
            private readonly Action _callback = () => { };
            private readonly Func<int>? _compute = null;
            private readonly List<int> _items = new();

            public event Action? Changed;

            {{member}}
        }
        """,
        message);

    [Theory]
    [InlineData("lock (_gate) { Changed?[|.Invoke()|]; }")]
    [InlineData("lock (_gate) { [|_callback()|]; }")]
    [InlineData("lock (_gate) { [|_callback.Invoke()|]; }")]
    [InlineData("lock (_gate) { int n = [|_compute!()|]; }")]
    [InlineData("lock (_gate) { [|given()|]; }")]
    [InlineData("Monitor.Enter(_gate); [|given()|]; Monitor.Exit(_gate);")]
    [InlineData("await _semaphore.WaitAsync(); [|given()|]; _semaphore.Release();")]
    [InlineData("lock (_gate) { Local(); void Local() => [|given()|]; }")]
    [InlineData("lock (_gate) { foreach (int n in _items) { [|given()|]; } }")]
    public void Delegates_AreReported(string body) => VerifyIn($"public async Task M(Action given) {{ await Task.Yield(); {body} }}");

    [Theory]
    [InlineData("Action? changed; lock (_gate) { changed = Changed; } changed?.Invoke();")]
    [InlineData("lock (_gate) { } given();")]
    [InlineData("lock (_gate) { Task.Run(given); }")]
    [InlineData("lock (_gate) { Action own = () => { }; own(); }")]
    [InlineData("lock (_gate) { _items.ForEach(n => { }); }")]
    [InlineData("lock (_gate) { Local(); } void Local() { }")]
    [InlineData("lock (_gate) { new System.IO.MemoryStream().Flush(); }")]
    [InlineData("lock (_gate) { Own(); }")]
    public void OwnCodeAndLaterCode_IsSilent(string body) => VerifyIn($"public void M(Action given) {{ {body} }} internal virtual void Own() {{ }}");

    [Theory]
    [InlineData("[|_stop.Cancel()|];")]
    [InlineData("[|observer.OnNext(1)|];")]
    [InlineData("[|_source.SetResult(1)|];")]
    [InlineData("var own = new TaskCompletionSource(); [|own.TrySetCanceled()|];")]
    [InlineData("_elsewhere.SetResult(1);")]
    [InlineData("given.SetResult(1);")]
    [InlineData("_stop.CancelAfter(9);")]
    public void WhoWaitsOrObserves_IsCalledBack(string statement) => VerifyIn(
        $$"""
        private readonly CancellationTokenSource _stop = new();
        private readonly TaskCompletionSource<int> _source = new();
        private readonly TaskCompletionSource<int> _elsewhere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public void M(IObserver<int> observer, TaskCompletionSource<int> given) { lock (_gate) { {{statement}} } }
        """);

    [Fact]
    public void Message_NamesWhatIsCalledAndTheLock() => VerifyIn(
        "public void M() { lock ({|#0:_gate|}) { Changed?[|.Invoke()|]; } }", "A delegate is called while '_gate' is held, and nobody here knows what it locks");

    [Fact]
    public void RequiredLock_IsHeld() => VerifyIn("[Requires(nameof(_gate))] public void M() => [|_callback()|];");

    [Fact]
    public void Miss_DelegateInAHelperOfALockedCaller_IsSilent() => VerifyIn("public void M() { lock (_gate) { Raise(); } } private void Raise() => Changed?.Invoke();");
}
