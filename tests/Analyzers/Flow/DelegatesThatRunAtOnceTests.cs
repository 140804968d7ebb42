// Functions that framework methods invoke before they return, and sequences that are gone through under the lock or behind it.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Flow;

public sealed class DelegatesThatRunAtOnceTests() : RuleTests("LOCK1008")
{
    private void VerifyBody(string result, string body) => Verify(
        $$"""
        using System.Collections.Concurrent;
        using System.Linq;
        public sealed class Ledger
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _limit;
            private readonly List<int> _items = new();
            private readonly HashSet<int> _set = new();
            private readonly ConcurrentDictionary<int, int> _map = new();
            private IEnumerable<int>? _kept;

            public {{result}} Body(Task task)
            {
                lock (_gate)
                {
                    {{body}}
                }
            }
        }
        """);

    [Theory]
    [InlineData("bool", "return _items.Any(i => i > _limit);")]
    [InlineData("object", "return _items.ToDictionary(i => i, i => _limit);")]
    [InlineData("object", "return _items.Where(i => i > _limit).Select(i => i + _limit).OrderBy(i => _limit - i).ToList();")]
    [InlineData("object", "return (from i in _items where i > _limit select i + _limit).ToArray();")]
    [InlineData("int", "int sum = 0; foreach (int i in _items.Where(i => i > _limit)) sum += i; return sum;")]
    [InlineData("int", "var some = _items.Where(i => i > _limit); return some.Count();")]
    [InlineData("int", "IEnumerable<int> some = _items.Where(i => i > _limit); some = some.Where(i => i < _limit); return some.Count();")]
    [InlineData("object", "return new List<int>(_items.Where(i => i > _limit));")]
    [InlineData("void", "_set.UnionWith(_items.Where(i => i > _limit)); _set.RemoveWhere(i => i > _limit);")]
    [InlineData("string", """return string.Join(",", _items.Select(i => i + _limit));""")]
    [InlineData("int", "Array.ForEach(new[] { 1 }, i => _limit += i); return _map.GetOrAdd(1, k => _limit);")]
    [InlineData("void", "_items.Sort((a, b) => a - b + _limit); {|LOCK4002:SpinWait.SpinUntil(() => _limit > 3)|};")]
    public void AtOnce(string result, string body) => VerifyBody(result, body);

    [Theory]
    [InlineData("object", "return _items.Where(i => i > [|_limit|]);")]
    [InlineData("void", "_kept = _items.Select(i => i + [|_limit|]);")]
    [InlineData("object", "var some = _items.Where(i => i > [|_limit|]); return some;")]
    [InlineData("object", "IEnumerable<int> some = _items.Where(i => i > [|_limit|]); some = some.Where(i => i < 3); return some;")]
    [InlineData("object", "return new Lazy<int>(() => [|_limit|]);")]
    [InlineData("object", "return Task.Run(() => [|_limit|]);")]
    [InlineData("void", "task.ContinueWith(_ => [|_limit|]++);")]
    public void Later(string result, string body) => VerifyBody(result, body);

    [Fact]
    public void AskedForUnderTheLock_GoneThroughBehindIt() => Verify(
        """
        using System.Linq;
        public sealed class Ledger
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _limit;
            private readonly List<int> _items = new();

            public int Count()
            {
                IEnumerable<int> some;
                lock (_gate)
                {
                    some = _items.Where(i => i > [|_limit|]);
                }

                return some.Count();
            }
        }
        """);

    [Theory]
    [InlineData("await Task.Run(async () => { await Task.Yield(); _sent++; });")]
    [InlineData("await Task.Run(() => _sent++).ConfigureAwait(false);")]
    [InlineData("await retry(async () => { _sent++; await Task.Yield(); });")]
    [InlineData("_ = Task.Run(() => [|_sent|]++);")]
    [InlineData("Task later = Task.Run(() => [|_sent|]++); await Task.Yield(); await later;")]
    [InlineData("{|LOCK3004:await Task.Run(async () => { await _one.WaitAsync(); _sent++; _one.Release(); })|};")]
    public void AwaitedWhileHolding(string body) => Verify(
        $$"""
        public sealed class Connection
        {
            private readonly SemaphoreSlim _one = new(1, 1);
            [GuardedBy(nameof(_one))] private int _sent;

            public async Task Send(Func<Func<Task>, Task> retry)
            {
                await _one.WaitAsync();
                try
                {
                    {{body}}
                }
                finally
                {
                    _one.Release();
                }
            }
        }
        """);
}
