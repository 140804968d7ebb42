// LOCK2008: a task that acquires is awaited.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class AcquireIsAwaitedTests() : BoxTests("LOCK2008")
{
    private void VerifyIn(string body, string? message = null) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private readonly AsyncGate _own = new();
            private Task? _pending;

            public async Task<int> Use(bool flag, CancellationToken token)
            {
                {{body}}
                await Task.Yield();
                return 0;
            }

            private static void Keep(Task task) => GC.KeepAlive(task);
        }
        """, message);

    [Theory]
    [InlineData("[|_gate.WaitAsync()|]; _gate.Release();", "The task that acquires '_gate' is not awaited")]
    [InlineData("_ = [|_gate.WaitAsync(token)|]; _gate.Release();", "The task that acquires '_gate' is not awaited")]
    [InlineData("[|_own.EnterAsync()|]; _own.Exit();", "The task that acquires '_own' is not awaited")]
    [InlineData("Task task = [|_gate.WaitAsync()|]; _gate.Release();", "The task that acquires '_gate' is not awaited")]
    [InlineData("[|_gate.WaitAsync()|].ConfigureAwait(false); _gate.Release();", "The task that acquires '_gate' is not awaited")]
    [InlineData("_ = [|_gate.WaitAsync()|].ContinueWith(t => Keep(t));", "The task that acquires '_gate' is not awaited")]
    [InlineData("Task task = [|_gate.WaitAsync()|]; Task next = task.ContinueWith(t => Keep(t)); _gate.Release();", "The task that acquires '_gate' is not awaited")]
    [InlineData("Task task = [|_gate.WaitAsync()|]; if (task.IsCompleted) _gate.Release();", "The task that acquires '_gate' is not awaited")]
    public void NotAwaited_IsReportedAtTheAcquire(string statements, string message) => VerifyIn(statements, message);

    [Theory]
    [InlineData("await _gate.WaitAsync(); _gate.Release();")]
    [InlineData("await _gate.WaitAsync().ConfigureAwait(false); _gate.Release();")]
    [InlineData("Task task = _gate.WaitAsync(); await task; _gate.Release();")]
    [InlineData("Task task = _gate.WaitAsync(token); await task.ConfigureAwait(false); _gate.Release();")]
    [InlineData("_gate.WaitAsync().Wait(); _gate.Release();")]
    [InlineData("_gate.WaitAsync().GetAwaiter().GetResult(); _gate.Release();")]
    [InlineData("await _own.EnterAsync(); _own.Exit();")]
    [InlineData("if (await _gate.WaitAsync(10)) _gate.Release();")]
    [InlineData("_pending = _gate.WaitAsync();")]
    [InlineData("Keep(_gate.WaitAsync());")]
    [InlineData("await Task.WhenAll(_gate.WaitAsync(), Task.Delay(1));")]
    [InlineData("_ = _gate.WaitAsync().ContinueWith(_ => _gate.Release());")]
    [InlineData("_ = _gate.WaitAsync().ContinueWith(async t => { try { await t; } finally { _gate.Release(); } }).Unwrap();")]
    [InlineData("await _gate.WaitAsync().ContinueWith(t => Keep(t)); _gate.Release();")]
    [InlineData("Task task = _gate.WaitAsync(); if (!task.IsCompleted) await task; _gate.Release();")]
    public void AwaitedOrHandedOn_IsSilent(string statements) => VerifyIn(statements);

    [Fact]
    public void ReturnedTask_IsTheCallersToAwait() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            [Acquires(nameof(_gate))]
            public Task EnterAsync() => _gate.WaitAsync();

            public async Task Right()
            {
                await EnterAsync();
                _gate.Release();
            }

            public async Task Wrong()
            {
                [|EnterAsync()|];
                await Task.Yield();
                _gate.Release();
            }
        }
        """);

    [Fact]
    public void AwaitedOnOneWayOnly_IsReported() => VerifyIn("Task task = [|_gate.WaitAsync()|]; if (flag) await task; _gate.Release();");

    [Fact]
    public void GuardedDataBeforeTheAwait_IsNotProtected() => Verify(
        """
        public class Table
        {
            private readonly AsyncGate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public async Task Use()
            {
                Task task = _gate.EnterAsync();
                {|LOCK1001:_count|}++;
                await task;
                _count++;
                _gate.Exit();
            }
        }
        """);

    [Fact]
    public void LambdaAndLocalFunction_AreBodiesToo() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public Action Use(bool flag)
            {
                Action later = () => { [|_gate.WaitAsync()|]; };
                if (flag)
                {
                    Local();
                }

                return later;

                void Local()
                {
                    [|_gate.WaitAsync()|];
                    _gate.Release();
                }
            }
        }
        """);

    [Fact]
    public void TaskInACollection_IsHandedOn() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly SemaphoreSlim _two = new(1, 1);

            public async Task Use()
            {
                Task[] tasks = new[] { _one.WaitAsync(), _two.WaitAsync() };
                await Task.WhenAll(tasks);
                _one.Release();
                _two.Release();
            }

            public Task Other() => Task.WhenAll(new List<Task> { _one.WaitAsync(), _two.WaitAsync() });

            public async Task Third() => await Task.WhenAny(_one.WaitAsync(), _two.WaitAsync());
        }
        """);

    [Theory]
    [InlineData("public Task Use() => _one.WaitAsync().ContinueWith(_ => { try { _count++; } finally { _one.Release(); } });")]
    [InlineData("public Task Use() { Task entered = _one.WaitAsync(); return entered.ContinueWith(_ => { _count++; _one.Release(); }); }")]
    [InlineData("public Task Use() => _one.WaitAsync(5).ContinueWith(t => { if (t.Result) { _count++; _one.Release(); } });")]
    public void Continuation_IsEnteredWithTheLock(string member) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _one = new(1, 1);
            [GuardedBy(nameof(_one))] private int _count;

            {{member}}
        }
        """);

    [Theory]
    [InlineData("if (!acquire.IsCompletedSuccessfully) await acquire; Use(); _gate.Release();")]
    [InlineData("if (!acquire.IsCompleted) await acquire; Use(); _gate.Release();")]
    [InlineData("if (acquire.IsFaulted || acquire.IsCanceled) return; await acquire; Use(); _gate.Release();")]
    [InlineData("if (acquire.IsCanceled) { {|LOCK2003:_gate.Release()|}; return; } await acquire; Use(); _gate.Release();")]
    public void TaskThatHasCompleted_NeedsNoAwait(string body) => Verify(
        $$"""
        public class Writer
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private int _written;

            public async Task Write() { Task acquire = _gate.WaitAsync(); {{body}} }

            private void Use() => _written++;
        }
        """);

    [Theory]
    [InlineData("Task", "Task.CompletedTask")]
    [InlineData("Task", "throw new NotImplementedException()")]
    [InlineData("ValueTask", "default")]
    [InlineData("ValueTask", "ValueTask.CompletedTask")]
    public void TaskOfAnAcquire_IsThatWhateverTheBodyReturns(string type, string body) => Verify(
        $$"""
        [Capability("box", ThreadAffine = false)]
        public class Box
        {
            [Acquires("this")]
            public {{type}} EnterAsync() => {{body}};

            [Releases("this")]
            public void Exit() { }
        }

        public class Table
        {
            private readonly Box _box = new();

            [GuardedBy(nameof(_box))]
            private int _count;

            public async Task Right() { await _box.EnterAsync(); _count++; _box.Exit(); }

            public async Task Wrong() { [|_box.EnterAsync()|]; await Task.Yield(); _box.Exit(); }

            public async Task AllAtOnce() { await _box.EnterAsync(); _ = Later(); _box.Exit(); }

            public async Task Twice() { await _box.EnterAsync(); await {|LOCK2004:Later()|}; _box.Exit(); }

            private async Task Later() { await _box.EnterAsync(); _box.Exit(); }
        }
        """);

    [Theory]
    [InlineData("_box.LockAsync().AsTask().Result")]
    [InlineData("_box.LockAsync().Result")]
    [InlineData("_box.LockAsync().GetAwaiter().GetResult()")]
    [InlineData("_box.LockTask().ConfigureAwait(false).GetAwaiter().GetResult()")]
    public void GuardThatIsWaitedFor_Holds(string acquire) => VerifyBox(
        "readonly struct",
        $"public void Use() {{ using ({acquire}) {{ _count++; }} {{|LOCK1001:_count|}}++; }}",
        """
        [Acquires("this")] public ValueTask<Held> LockAsync() => new(new Held(this));
        [Acquires("this")] public Task<Held> LockTask() => Task.FromResult(new Held(this));
        """);

    [Fact]
    public void HelperThatRunsAnAsynchronousLambda_IsAwaitedToo() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public async Task Right() => await Enter(_gate, async () => { await Task.Yield(); _gate.Release(); });

            public async Task Wrong()
            {
                [|Enter(_gate, async () => { await Task.Yield(); _gate.Release(); })|];
                await Task.Yield();
            }

            private static async Task Enter(SemaphoreSlim gate, Func<Task> inside) { await gate.WaitAsync(); await inside(); }
        }
        """);
}
