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

    private void VerifyMethods(string member) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private Action<int>? _kept;
            private Action? _reset;

            [ContentsGuardedBy(nameof(_gate))]
            private readonly List<int> _rows = new();

            private event Action<int>? Changed;

            {{member}}

            private static void Now(Action action) => action();

            public void Raise() { Changed?.Invoke(1); _kept?.Invoke(1); _reset?.Invoke(); }
        }
        """);

    /// <summary>A method of guarded contents is as much a function as a lambda that calls it.</summary>
    [Theory]
    [InlineData("public void M() { lock (_gate) { _kept = [|_rows.Add|]; } }")]
    [InlineData("public void M() { lock (_gate) { _reset += [|_rows.Clear|]; } }")]
    [InlineData("public void M() { lock (_gate) { Changed += [|_rows.Add|]; } }")]
    [InlineData("public Action<int> M() { lock (_gate) { return [|_rows.Add|]; } }")]
    [InlineData("public void M() { lock (_gate) { Task.Run([|_rows.Clear|]); } }")]
    [InlineData("public void M() { lock (_gate) { new Thread([|_rows.Clear|]).Start(); } }")]
    [InlineData("public IEnumerable<int> M(int[] all) { lock (_gate) { return all.Where([|_rows.Contains|]); } }")]
    public void MethodOfContentsThatIsKept_IsReported(string member) => VerifyMethods(member);

    [Theory]
    [InlineData("public void M(List<int> all) { lock (_gate) { all.ForEach(_rows.Add); } }")]
    [InlineData("public void M() { lock (_gate) { Now(_rows.Clear); } }")]
    [InlineData("public void M() { lock (_gate) { Action clear = _rows.Clear; clear(); } }")]
    [InlineData("public int[] M(int[] all) { lock (_gate) { return all.Where(_rows.Contains).ToArray(); } }")]
    [InlineData("public void M() { _kept = {|LOCK1004:_rows.Add|}; }")]
    public void MethodOfContentsThatRunsAtOnce_IsSilent(string member) => VerifyMethods(member);

    /// <summary>An iterator that is gone through on the spot runs there.</summary>
    [Theory]
    [InlineData("return Counts().ToArray();", "_count")]
    [InlineData("foreach (int count in Counts()) { return new[] { count }; } return null;", "_count")]
    [InlineData("return Counts();", "[|_count|]")]
    public void IteratorThatIsGoneThroughAtOnce_RunsUnderTheLock(string body, string count) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _count;

            public IEnumerable<int> Run()
            {
                lock (_gate)
                {
                    {{body}}
                }

                IEnumerable<int> Counts()
                {
                    yield return {{count}};
                }
            }
        }
        """);
}
