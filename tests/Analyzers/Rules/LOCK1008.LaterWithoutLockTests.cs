// LOCK1008: a function that may run later does not rely on a lock that is held where it is made.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class LaterWithoutLockTests() : RuleTests("LOCK1008")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            private event Action? Changed;

            private Action? _kept;

            public object? Use(bool flag)
            {
                {{body}}
                return null;
            }

            [Requires(nameof(_gate))]
            private void Add() => _count++;

            private static void Now(Action action) => action();

            private void Later(Action action) => _kept = action;
        }
        """);

    [Fact]
    public void LambdaThatRunsLater_IsReported() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Use()
            {
                lock (_gate)
                {
                    Task.Run(() => [|_count|]++);
                }
            }
        }
        """,
        "'_count' is written in a function that may run later, when '_gate' is no longer held");

    [Fact]
    public void CallThatNeedsTheLock_IsReportedTheSameWay() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Use()
            {
                _gate.Enter();
                ThreadPool.QueueUserWorkItem(_ => [|Add()|]);
                _gate.Exit();
            }

            [Requires(nameof(_gate))]
            private void Add() { }
        }
        """,
        "'Add' is called in a function that may run later, when '_gate' is no longer held");

    [Theory]
    [InlineData("Task.Run(() => { int x = [|_count|]; });")]
    [InlineData("new Thread(() => [|_count|] = 1).Start();")]
    [InlineData("Changed += () => [|_count|]++;")]
    [InlineData("_kept = () => [|_count|]++;")]
    [InlineData("Later(() => [|_count|]++);")]
    [InlineData("return new Lazy<int>(() => [|_count|]);")]
    [InlineData("return (Func<int>)(() => [|_count|]);")]
    [InlineData("return Enumerable.Range(0, 9).Select(n => n + [|_count|]);")]
    [InlineData("var all = new List<Action> { () => [|_count|]++ };")]
    [InlineData("Task.Run(Add); void Add() => [|_count|]++;")]
    [InlineData("Action add = () => [|_count|]++; Task.Run(add);")]
    [InlineData("Task.Run(() => { Now(() => [|_count|]++); });")]
    [InlineData("Action add = delegate { [|_count|]++; }; _kept = add;")]
    [InlineData("Task.Run(async () => { await Task.Yield(); [|_count|]++; });")]
    [InlineData("Task.Run(() => [|Add()|]);")]
    public void EveryWayToKeepAFunction_IsReported(string statement) => VerifyIn($"lock (_gate) {{ {statement} }}");

    [Theory]
    [InlineData("Now(() => _count++);")]
    [InlineData("Action add = () => _count++; add(); add.Invoke();")]
    [InlineData("new List<int>().ForEach(n => _count += n);")]
    [InlineData("new List<int>().RemoveAll(n => n == _count);")]
    [InlineData("Act(); void Act() => _count++;")]
    [InlineData("Task.Run(() => { lock (_gate) { _count++; Add(); } });")]
    [InlineData("Task.Run(() => Console.Write(nameof(_count)));")]
    [InlineData("Now(() => Now(() => _count++));")]
    public void FunctionThatRunsAtOnceOrLocks_IsSilent(string statement) => VerifyIn($"lock (_gate) {{ {statement} }}");

    [Fact]
    public void WithoutTheLockWhereItIsMade_IsTheOrdinaryRule() => VerifyIn("Task.Run(() => {|LOCK1001:_count|}++);");

    [Fact]
    public void CapturedValue_IsNoUseLater() => VerifyIn("lock (_gate) { int count = _count; Task.Run(() => Console.Write(count)); }");

    [Fact]
    public void IteratorLocalFunction_RunsLater() => VerifyIn(
        "lock (_gate) { return Numbers(); } IEnumerable<int> Numbers() { yield return [|_count|]; }");

    [Fact]
    public void AsyncLocalFunction_LosesTheLockBehindItsAwait() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public Task Use()
            {
                lock (_gate)
                {
                    return Task.Run(Act);
                }

                async Task Act()
                {
                    await Task.Yield();
                    [|_count|]++;
                }
            }
        }
        """);

    [Fact]
    public void DelegateParameterOfUnknownCode_RunsLater() => Verify(
        """
        public interface IQueue
        {
            void Post(Action work);
        }

        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Use(IQueue queue)
            {
                lock (_gate)
                {
                    queue.Post(() => [|_count|]++);
                }
            }
        }
        """);

    [Fact]
    public void Miss_MethodGroup_IsSilent() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Use()
            {
                _gate.Enter();
                Task.Run(Add);
                _gate.Exit();
            }

            private void Add() { }
        }
        """);
}
