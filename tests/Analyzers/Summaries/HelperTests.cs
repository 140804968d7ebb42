// Helpers without a contract work as if they stood in place: pairs, tries, tasks, delegates, assertions, accessors.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Summaries;

public sealed class HelperTests() : RuleTests("LOCK1001")
{
    private void VerifyIn(string members) => Verify(
        $$"""
        public sealed class Ledger
        {
            private readonly object _gate = new();
            private readonly object _other = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly ReaderWriterLockSlim _rw = new();
            [GuardedBy(nameof(_gate))] private int _sum;
            [GuardedBy(nameof(_one))] private int _async;
            [GuardedBy(nameof(_rw))] private int _shared;

            {{members}}
        }
        """);

    [Theory]
    [InlineData("private void Twice() { Enter(); Enter(); } public void M() { Twice(); _sum++; Both(); } private void Both() { Exit(); Exit(); }")]
    [InlineData("private void Twice() { Enter(); Enter(); } public void M() { {|LOCK2001:Twice()|}; _sum++; Exit(); }")]
    [InlineData("public void M() { Enter(); Exit(); [|_sum|]++; }")]
    [InlineData("private bool Try() => Monitor.TryEnter(_gate, 5); public void M() { if (!Try()) return; try { _sum++; } finally { Exit(); } }")]
    [InlineData("private bool Try() => Monitor.TryEnter(_gate, 5); public void M() { {|LOCK2007:Try()|}; [|_sum|]++; }")]
    [InlineData("private bool Try(out bool taken) { taken = false; Monitor.TryEnter(_gate, ref taken); return taken; } public void M() { Try(out bool t); if (t) { _sum++; Exit(); } }")]
    [InlineData("private void Take(ref bool taken) => Monitor.Enter(_gate, ref taken); public void M() { bool t = false; try { Take(ref t); _sum++; } finally { if (t) Exit(); } }")]
    [InlineData("private Ledger Begin() { Monitor.Enter(_gate); return this; } private Ledger Add(int n) { _sum += n; return this; } public void M() => Begin().Add(1).Exit();")]
    [InlineData("private object Same() { object o = _gate; return o; } public void M() { lock (Same()) _sum++; }")]
    [InlineData("private void Get(out object gate) => gate = _gate; public void M() { Get(out object g); lock (g) _sum++; }")]
    public void Pair(string members) => VerifyIn(members + " private void Enter() => Monitor.Enter(_gate); private void Exit() => Monitor.Exit(_gate);");

    [Theory]
    [InlineData("public int M() { Enter(false); try { return _shared; } finally { Exit(false); } } public void N() { Enter(true); try { _shared = 1; } finally { Exit(true); } }")]
    [InlineData("public void M() { Enter(false); {|LOCK2006:Exit(true)|}; }")]
    [InlineData("public void M() { Enter(false); {|LOCK1003:_shared|} = 1; Exit(false); }")]
    public void ModeByArgument(string members) => VerifyIn(
        members
        + """
          private void Enter(bool writes) { if (writes) _rw.EnterWriteLock(); else _rw.EnterReadLock(); }
          private void Exit(bool writes) { if (writes) _rw.ExitWriteLock(); else _rw.ExitReadLock(); }
          """);

    [Theory]
    [InlineData("private Task Enter() => _one.WaitAsync(); public async Task M() { await Enter(); try { _async++; } finally { _one.Release(); } }")]
    [InlineData("private async Task Enter() => await _one.WaitAsync(); public async Task M() { await Enter(); try { _async++; } finally { _one.Release(); } }")]
    [InlineData("private async Task Enter() => await _one.WaitAsync(); public async Task M() { await {|LOCK2001:Enter()|}; _async++; }")]
    [InlineData("private Task Enter() => _one.WaitAsync(); public async Task M() { {|LOCK2008:Enter()|}; await Task.Yield(); _one.Release(); }")]
    [InlineData("private async Task<bool> Try() => await _one.WaitAsync(100); public async Task M() { if (await Try()) { _async++; _one.Release(); } }")]
    [InlineData("private async Task<bool> Try() => await _one.WaitAsync(100); public async Task M() { if (await Try()) _one.Release(); [|_async|]++; }")]
    [InlineData("private Task<bool> Try() => _one.WaitAsync(100); public async Task M() { if (!await Try()) return; _async++; _one.Release(); }")]
    public void Task_AcquiresWhenAwaited(string members) => VerifyIn(members);

    [Theory]
    [InlineData("private void Add(int n) => _sum += n; public void M() => Locked(Add);")]
    [InlineData("private void Add(int n) => [|_sum|] += n; public void M() { Locked(Add); Add(2); }")]
    [InlineData("public void M() => Twice(n => _sum += n); private void Twice(Action<int> f) { ArgumentNullException.ThrowIfNull(f); Locked(f); }")]
    [InlineData("public void M() => Wrap(n => _sum += n); private void Wrap(Action<int> f) => Locked(n => f(n));")]
    [InlineData("public void M() => Later(n => [|_sum|] += n); private void Later(Action<int> f) => Task.Run(() => f(1));")]
    [InlineData("public void M() => With(_gate, this, static self => self._sum++); private static void With<T>(object gate, T state, Action<T> f) { lock (gate) f(state); }")]
    [InlineData("public void M(Ledger two) => With(_gate, two, static self => [|self._sum|]++); private static void With<T>(object gate, T state, Action<T> f) { lock (gate) f(state); }")]
    public void Delegate(string members) => VerifyIn(members + " private void Locked(Action<int> f) { lock (_gate) f(1); }");

    [Theory]
    [InlineData("private void Check() { if (!Monitor.IsEntered(_gate)) throw new InvalidOperationException(); } public void M() { Check(); _sum++; }")]
    [InlineData("private void Check() => System.Diagnostics.Debug.Assert(Monitor.IsEntered(_gate)); public void M() { Check(); _sum++; }")]
    [InlineData("private bool Held => Monitor.IsEntered(_gate); public void M() { if (Held) _sum++; }")]
    [InlineData("private bool Held => Monitor.IsEntered(_gate); public void M() { if (!Held) [|_sum|]++; }")]
    public void Assertion(string members) => VerifyIn(members);

    [Theory]
    [InlineData("private int Sum { get => _sum; set => _sum = value; } public void M() { lock (_gate) Sum++; }")]
    [InlineData("private int Sum { get { return _sum; } set { _sum = value; } } public void M() { lock (_gate) Sum += 2; }")]
    [InlineData("private int Sum { get => {|LOCK1002:_sum|}; set => [|_sum|] = value; } public void M() { Sum += 2; }")]
    public void Accessor(string members) => VerifyIn(members);

    [Fact]
    public void BlocksWhereTheLockIsGivenUp_IsSilent() => VerifyIn(
        "public void M() { lock (_gate) { _sum++; Pause(); _sum++; } } private void Pause() { Monitor.Exit(_gate); try { Thread.Sleep(1); } finally { Monitor.Enter(_gate); } }");

    [Fact]
    public void MemberOfAnInternalTypeThatNobodyCalls_IsReported() => Verify(
        """
        internal sealed class Program
        {
            private static readonly object s_gate = new();
            private readonly object _gate = new();
            private int _count;
            private static void Main() => {|LOCK2001:Monitor.Enter(s_gate)|};
            internal void Leave() => {|LOCK2003:Monitor.Exit(_gate)|};
            internal int Count() => _count++;
        }
        """);
}
