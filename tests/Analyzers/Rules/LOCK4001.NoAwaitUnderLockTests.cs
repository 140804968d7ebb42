// LOCK4001: a method is not suspended while it holds a lock that belongs to its thread.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class NoAwaitUnderLockTests() : RuleTests("LOCK4001")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Service
        {
            private readonly object _gate = new();
            private readonly Lock _lock = new();
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly Mutex _mutex = new();
            private readonly SemaphoreSlim _semaphore = new(1, 1);
            private readonly AsyncGate _asyncGate = new();
            private SpinLock _spin = new(false);

            {{member}}
        }
        """,
        message);

    [Theory]
    [InlineData("Monitor.Enter(_gate); try { [|await Task.Yield()|]; } finally { Monitor.Exit(_gate); }")]
    [InlineData("Monitor.Enter(_gate); [|await Task.Delay(1).ConfigureAwait(false)|]; Monitor.Exit(_gate);")]
    [InlineData("_lock.Enter(); try { [|await Task.Yield()|]; } finally { _lock.Exit(); }")]
    [InlineData("_mutex.WaitOne(); try { [|await Task.Yield()|]; } finally { _mutex.ReleaseMutex(); }")]
    [InlineData("_rw.EnterReadLock(); try { [|await Task.Yield()|]; } finally { _rw.ExitReadLock(); }")]
    [InlineData("_rw.EnterUpgradeableReadLock(); try { [|await Task.Yield()|]; } finally { _rw.ExitUpgradeableReadLock(); }")]
    [InlineData("bool taken = false; try { _spin.Enter(ref taken); [|await Task.Yield()|]; } finally { if (taken) _spin.Exit(); }")]
    [InlineData("if (Monitor.TryEnter(_gate)) { try { [|await Task.Yield()|]; } finally { Monitor.Exit(_gate); } }")]
    [InlineData("if (flag) Monitor.Enter(_gate); [|await Task.Yield()|]; if (flag) Monitor.Exit(_gate);")]
    [InlineData("Monitor.Enter(_gate); [|await foreach (int n in numbers) { }|] Monitor.Exit(_gate);")]
    [InlineData("Monitor.Enter(_gate); int n = 1 + [|await Task.FromResult(1)|]; Monitor.Exit(_gate);")]
    [InlineData("Func<Task> later = async () => { Monitor.Enter(_gate); [|await Task.Yield()|]; Monitor.Exit(_gate); }; await later();")]
    [InlineData("await Local(); async Task Local() { Monitor.Enter(_gate); [|await Task.Yield()|]; Monitor.Exit(_gate); }")]
    [InlineData("Monitor.Enter(_gate); [|await _semaphore.WaitAsync()|]; _semaphore.Release(); Monitor.Exit(_gate);")]
    [InlineData("Monitor.Enter(_gate); try { } finally { [|await Task.Yield()|]; Monitor.Exit(_gate); }")]
    [InlineData("try { await Task.Yield(); } catch (Exception) { Monitor.Enter(_gate); [|await Task.Yield()|]; Monitor.Exit(_gate); }")]
    public void AwaitUnderAThreadsLock_IsReported(string body) => VerifyIn($"public async Task M(bool flag, IAsyncEnumerable<int> numbers) {{ {body} }}");

    [Theory]
    [InlineData("await _semaphore.WaitAsync(); try { await Task.Yield(); } finally { _semaphore.Release(); }")]
    [InlineData("await _asyncGate.EnterAsync(); await Task.Yield(); _asyncGate.Exit();")]
    [InlineData("lock (_gate) { } await Task.Yield();")]
    [InlineData("Monitor.Enter(_gate); Task later = Task.Delay(1); Monitor.Exit(_gate); await later;")]
    [InlineData("lock (_gate) { _ = Task.Run(async () => await Task.Yield()); }")]
    [InlineData("if (Monitor.TryEnter(_gate)) { Monitor.Exit(_gate); } else { await Task.Yield(); }")]
    [InlineData("try { await Task.Yield(); } catch (Exception) { lock (_gate) { } }")]
    [InlineData("await _semaphore.WaitAsync(); lock (_gate) { } await Task.Yield(); _semaphore.Release();")]
    public void AwaitWithoutAThreadsLock_IsSilent(string body) => VerifyIn($"public async Task M() {{ {body} }}");

    [Fact]
    public void AwaitUsing_IsReported() => VerifyIn(
        "public async Task M(IAsyncDisposable d) { Monitor.Enter(_gate); try { await using var [|own = d|]; } finally { Monitor.Exit(_gate); } }");

    [Fact]
    public void AsyncVoidValueTaskAndAsyncIterator_AreReported() => VerifyIn(
        """
        public async void Void() { Monitor.Enter(_gate); [|await Task.Yield()|]; Monitor.Exit(_gate); }
        public async ValueTask<int> Value() { _lock.Enter(); try { return [|await new ValueTask<int>(1)|]; } finally { _lock.Exit(); } }
        public async IAsyncEnumerable<int> Iterator()
        {
            Monitor.Enter(_gate);
            [|await Task.Yield()|];
            Monitor.Exit(_gate);
            yield return 1;
        }
        """);

    [Fact]
    public void RequiredLock_IsHeld() => VerifyIn("[Requires(nameof(_gate))] public async Task M() => [|await Task.Yield()|];");

    [Fact]
    public void LockThatAHelperEnters_IsHeld() => VerifyIn(
        "public async Task M() { Enter(); [|await Task.Yield()|]; Monitor.Exit(_gate); } private void Enter() => Monitor.Enter(_gate);");

    [Fact]
    public void LockOfTheCaller_IsNotThatOfTheAsyncHelper() => VerifyIn(
        """
        private int _count;
        private Task? _last;
        public void M() { lock (_gate) { _last = Later(); } }
        private async Task Later() { await Task.Yield(); }
        """);

    [Fact]
    public void AfterAnAwait_TheCallersLockIsGone() => VerifyIn(
        """
        [GuardedBy(nameof(_gate))]
        private int _count;
        private Task? _last;
        public void M() { lock (_gate) { _last = Later(); } }
        private async Task Later()
        {
            _count++;
            await Task.Yield();
            {|LOCK1001:_count|}++;
        }
        """);

    [Fact]
    public void Message_NamesLockAndKind() => VerifyIn(
        "public async Task M() { _rw.EnterReadLock(); [|await Task.Yield()|]; _rw.ExitReadLock(); }",
        "await while holding '_rw': a reader/writer lock must be released by the thread that acquired it");

    [Fact]
    public void AdditionalLocation_IsTheAcquire() => VerifyIn(
        "public async Task M(bool b) { if (b) {|#0:Monitor.Enter(_gate)|}; else {|#1:Monitor.Enter(_gate)|}; [|await Task.Yield()|]; Monitor.Exit(_gate); }");

    [Fact]
    public void TopLevelStatements_AreReported() => Verify(
        """
        Monitor.Enter(Locks.Gate);
        [|await Task.Yield()|];
        Monitor.Exit(Locks.Gate);

        internal static class Locks
        {
            public static readonly object Gate = new();
        }
        """);

    [Fact]
    public void LockThatACalleeAssertsUnderAnotherOfItsMember_GoesWithThat() => Verify(
        """
        public class Node
        {
            private readonly object _gate = new();

            private void Touch() => System.Diagnostics.Debug.Assert(Monitor.IsEntered(_gate));

            private void Add(Node child)
            {
                lock (_gate)
                {
                    child.Touch();
                }
            }

            public async Task UseAsync(Node child)
            {
                Add(child);
                await Task.Yield();
            }

            public async Task AssertAsync(Node child)
            {
                child.Touch();
                [|await Task.Yield()|];
            }
        }
        """);

    [Fact]
    public void LockThatACalleeOnlyAskedFor_IsSilent() => Verify(
        """
        public class Node
        {
            private readonly object _gate = new();
            private int _count;

            private void Leave()
            {
                if (Monitor.IsEntered(_gate))
                {
                    return;
                }

                _count++;
            }

            public async Task UseAsync()
            {
                Leave();
                await Task.Yield();
            }
        }
        """);
}
