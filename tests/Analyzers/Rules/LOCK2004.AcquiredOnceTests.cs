// LOCK2004: a lock that is not re-entrant is not acquired by its holder.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class AcquiredOnceTests() : RuleTests("LOCK2004")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly Gate _own = new();
            private readonly RwGate _modes = new();
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly ReaderWriterLockSlim _recursive = new(LockRecursionPolicy.SupportsRecursion);
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly SemaphoreSlim _many = new(2);
            private readonly Mutex _mutex = new();
            private readonly Lock _lock = new();
            private readonly Srcu _srcu = new();

            public int Use(bool flag, Table other)
            {
                {{body}}
                return 0;
            }
        }
        """);

    [Fact]
    public void AcquiredTwice_IsReportedWithTheFirstAcquire() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public void Use()
            {
                {|#0:_gate.Wait()|};
                [|_gate.Wait()|];
                _gate.Release();
            }
        }
        """,
        "'_gate' is acquired and already held: a semaphore is not re-entrant");

    [Theory]
    [InlineData("_own.Enter(); [|_own.Enter()|]; _own.Exit();")]
    [InlineData("_one.Wait(); [|_one.Wait()|]; _one.Release();")]
    [InlineData("_rw.EnterReadLock(); [|_rw.EnterReadLock()|]; _rw.ExitReadLock();")]
    [InlineData("_rw.EnterWriteLock(); [|_rw.EnterWriteLock()|]; _rw.ExitWriteLock();")]
    [InlineData("_modes.EnterWrite(); [|_modes.EnterRead()|]; _modes.ExitWrite();")]
    [InlineData("if (flag) _own.Enter(); [|_own.Enter()|]; _own.Exit();")]
    [InlineData("using var a = new Scope(_own); using var b = [|new Scope(_own)|];")]
    [InlineData("_own.Enter(); [|Take()|]; _own.Exit(); void Take() { _own.Enter(); _own.Exit(); }")]
    [InlineData("var same = _own; same.Enter(); [|_own.Enter()|]; _own.Exit();")]
    [InlineData("_own.Enter(); try { [|_own.Enter()|]; } finally { _own.Exit(); }")]
    [InlineData("other._own.Enter(); [|other._own.Enter()|]; other._own.Exit();")]
    public void HeldAlready_IsReported(string statement) => VerifyIn(statement.Replace("[|Take()|]; _own.Exit(); void Take() { _own.Enter()", "Take(); _own.Exit(); void Take() { [|_own.Enter()|]"));

    [Theory]
    [InlineData("_own.Enter(); _own.Exit(); _own.Enter(); _own.Exit();")]
    [InlineData("lock (_gate) lock (_gate) { }")]
    [InlineData("lock (_lock) lock (_lock) { }")]
    [InlineData("_mutex.WaitOne(); _mutex.WaitOne(); _mutex.ReleaseMutex(); _mutex.ReleaseMutex();")]
    [InlineData("_recursive.EnterReadLock(); _recursive.EnterReadLock(); _recursive.ExitReadLock(); _recursive.ExitReadLock();")]
    [InlineData("_many.Wait(); _many.Wait();")]
    [InlineData("_srcu.Enter(); _srcu.Enter(); _srcu.Exit(); _srcu.Exit();")]
    [InlineData("_rw.EnterUpgradeableReadLock(); _rw.EnterWriteLock(); _rw.ExitWriteLock(); _rw.ExitUpgradeableReadLock();")]
    [InlineData("_own.Enter(); if (_own.TryEnter()) _own.Exit(); _own.Exit();")]
    [InlineData("if (flag) { _own.Enter(); _own.Exit(); } _own.Enter(); _own.Exit();")]
    [InlineData("_own.Enter(); Task.Run(() => { _own.Enter(); _own.Exit(); }); _own.Exit();")]
    [InlineData("for (int i = 0; i < 2; i++) { _own.Enter(); _own.Exit(); }")]
    public void NotHeldOrReentrant_IsSilent(string statement) => VerifyIn(statement);

    [Fact]
    public void CalleeThatAcquires_IsReportedAtTheCall() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Add()
            {
                _gate.Enter();
                [|Count()|];
                _gate.Exit();
            }

            public int Count()
            {
                _gate.Enter();
                _gate.Exit();
                return 0;
            }
        }
        """);

    [Fact]
    public void CalleeOfACallee_IsReportedAtTheCall() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Add()
            {
                _gate.Enter();
                [|Outer()|];
                _gate.Exit();
            }

            public void Outer() => Inner();

            private void Inner()
            {
                _gate.Enter();
                _gate.Exit();
            }
        }
        """);

    [Fact]
    public void CalleeOnAnotherObject_IsSilentButUnordered() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Join(Table other)
            {
                _gate.Enter();
                {|LOCK3003:other.Count()|};
                _gate.Exit();
            }

            public void Count()
            {
                _gate.Enter();
                _gate.Exit();
            }
        }
        """);

    [Fact]
    public void IteratorBody_DoesNotRunAtTheCall() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public IEnumerable<int> Use()
            {
                _gate.Enter();
                var numbers = Numbers();
                _gate.Exit();
                return numbers;
            }

            private IEnumerable<int> Numbers()
            {
                _gate.Enter();
                _gate.Exit();
                yield return 1;
            }
        }
        """);

    [Fact]
    public void AsyncMethod_IsTheSameFlow() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1);

            public async Task Add()
            {
                await _gate.WaitAsync();
                try
                {
                    await [|Count()|];
                }
                finally
                {
                    _gate.Release();
                }
            }

            private async Task Count()
            {
                await _gate.WaitAsync();
                _gate.Release();
            }
        }
        """);

    [Fact]
    public void RequiredLock_IsHeldAtEntry() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [Requires(nameof(_gate))]
            public void Add()
            {
                [|_gate.Enter()|];
                _gate.Exit();
            }

            [Acquires(nameof(_gate))]
            public void Take() => _gate.Enter();

            public void Use()
            {
                Take();
                [|Take()|];
                _gate.Exit();
            }
        }
        """);

    [Fact]
    public void SpinLock_IsNotReentrant() => Verify(
        """
        public class Table
        {
            private SpinLock _gate = new(enableThreadOwnerTracking: true);

            public void Use()
            {
                bool one = false, two = false;
                _gate.Enter(ref one);
                [|_gate.Enter(ref two)|];
                _gate.Exit();
            }
        }
        """);

    [Fact]
    public void RecursionByLoopOverOneArray_IsSilent() => Verify(
        """
        public class Table
        {
            private readonly Gate[] _gates = { new(), new() };

            public void All()
            {
                foreach (Gate gate in _gates)
                {
                    gate.Enter();
                }

                foreach (Gate gate in _gates)
                {
                    gate.Exit();
                }
            }
        }
        """);

    [Fact]
    public void RecursionThroughADelegate_IsReportedAtTheInnerCall() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Use(Action callback)
            {
                _gate.Enter();
                callback();
                _gate.Exit();
            }

            public void Again() => Use(() => [|Use(() => { })|]);
        }
        """);

    [Theory]
    [InlineData("_loop = RunAsync();")]
    [InlineData("_ = RunAsync();")]
    [InlineData("var _ = RunAsync();")]
    [InlineData("RunAsync();")]
    [InlineData("await StartAsync();")]
    [InlineData("Start();")]
    [InlineData("await {|LOCK2004:RunAsync()|};")]
    [InlineData("Task loop = RunAsync(); {|LOCK3004:await loop|};")]
    [InlineData("_loop = RunAsync(); {|LOCK3004:await _loop|};")]
    [InlineData("_loop = {|LOCK2004:RunAtOnceAsync()|};")]
    [InlineData("await {|LOCK2004:Pass()|};")]
    public void CalleeThatIsLetGo_AcquiresLater(string statement) => Verify(
        $$"""
        #pragma warning disable CS4014
        public class Socket
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private Task? _loop;

            public async Task Connect()
            {
                await _gate.WaitAsync();
                try { {{statement}} } finally { _gate.Release(); }
            }

            public bool IsRunning => _loop is { IsCompleted: false };

            private void Start() => _loop = RunAsync();

            private async Task StartAsync() { await Task.Yield(); _loop = RunAsync(); }

            private Task Pass() => RunAsync();

            private async Task RunAsync() { await Task.Yield(); await _gate.WaitAsync(); _gate.Release(); }

            private async Task RunAtOnceAsync() { _gate.Wait(); _gate.Release(); await Task.Yield(); }
        }
        """);

    [Fact]
    public void TwoThatWereSwapped_AreTwo() => Verify(
        """
        public class Pair
        {
            private readonly Gate _gate = new();

            public static void M(Pair a, Pair b) { (a, b) = (b, a); a._gate.Enter(); {|LOCK3003:b._gate.Enter()|}; b._gate.Exit(); a._gate.Exit(); }
            public static void Same(Pair a, Pair b) { (a, b) = (b, b); a._gate.Enter(); [|b._gate.Enter()|]; a._gate.Exit(); }
        }
        """);

    [Theory]
    [InlineData("base.Open()")]
    [InlineData("[|Open()|]")]
    public void CallOfABaseBody_RunsNoOverride(string call) => Verify(
        $$"""
        public class Handler
        {
            public virtual void Open() { }
        }

        public class Retrying : Handler
        {
            private readonly SemaphoreSlim _one = new(1, 1);

            public override void Open() { _one.Wait(); _one.Release(); }

            public void Again()
            {
                _one.Wait();
                try { {{call}}; } finally { _one.Release(); }
            }
        }
        """);

    /// <summary>What AsyncEx declares, as far as it matters here.</summary>
    private const string AsyncEx =
        """
        namespace Nito.AsyncEx
        {
            public sealed class AsyncLock
            {
                public AwaitableDisposable<IDisposable> LockAsync() => default;

                public IDisposable Lock() => null!;
            }

            public readonly struct AwaitableDisposable<T> where T : IDisposable
            {
                public System.Runtime.CompilerServices.TaskAwaiter<T> GetAwaiter() => default;

                public System.Runtime.CompilerServices.ConfiguredTaskAwaitable<T> ConfigureAwait(bool goOn) => default;
            }
        }
        """;

    [Theory]
    [InlineData("using (await _gate.LockAsync()) { [|await GetAsync()|]; }")]
    [InlineData("using (await _gate.LockAsync()) { } await GetAsync();")]
    [InlineData("using (await _gate.LockAsync().ConfigureAwait(false)) using ([|_gate.Lock()|]) { }")]
    [InlineData("IDisposable held = await _gate.LockAsync(); held.Dispose(); await GetAsync();")]
    [InlineData("using (_gate.Lock()) { using (await _other.LockAsync()) { } }")]
    public void LockOfAsyncEx_IsHeldByWhatItReturns(string statements) => Verify(
        $$"""
        {{AsyncEx}}

        public class Store
        {
            private readonly Nito.AsyncEx.AsyncLock _gate = new();
            private readonly Nito.AsyncEx.AsyncLock _other = new();
            private int _n;

            public async Task UseAsync() { {{statements}} }

            public async Task<int> GetAsync() { using (await _gate.LockAsync()) { return _n; } }
        }
        """.Replace("[|await GetAsync()|]", "await [|GetAsync()|]"));

    [Theory]
    [InlineData("using (Lock()) { [|Count()|]; }")]
    [InlineData("using (Lock()) { } Count();")]
    public void LockOfAContract_IsHeldByWhatItReturns(string statements) => Verify(
        $$"""
        public class Store
        {
            private readonly Gate _gate = new();
            private int _n;

            public void Use() { {{statements}} }

            public int Count() { _gate.Enter(); int n = _n; _gate.Exit(); return n; }

            [Acquires("_gate")]
            public IDisposable Lock() { _gate.Enter(); return null!; }
        }
        """);

    [Theory]
    [InlineData("using (_context.Begin()) { return [|Count()|]; }")]
    [InlineData("using (_context.Begin()) { } return Count();")]
    [InlineData("using (_other.Begin()) { return Count(); }")]
    [InlineData("IDisposable scope = _context.Begin(); scope.Dispose(); return Count();")]
    public void LockThatAnotherTypeLends_IsHeldUntilItsScopeEnds(string statements) => Verify(
        $$"""
        public class Client
        {
            private readonly Context _context = new();
            private readonly Context _other = new();
            private int _n;

            public int Use() { {{statements}} }

            public int Count() { using (_context.Begin()) { return _n; } }
        }

        public class Context
        {
            private readonly SemaphoreSlim _one = new(1, 1);

            public IDisposable Begin() => new Scope(_one);

            private sealed class Scope : IDisposable
            {
                private readonly SemaphoreSlim _kept;

                public Scope(SemaphoreSlim kept) { _kept = kept; _kept.Wait(); }

                public void Dispose() => _kept.Release();
            }
        }
        """);

    [Theory]
    [InlineData("await [|Start()|];")]
    [InlineData("{|LOCK3004:Start().Wait()|};")]
    [InlineData("Task started = Start();")]
    [InlineData("_started = Start();")]
    [InlineData("_started = StartValue().AsTask();")]
    [InlineData("Task started = [|StartAtOnce()|];")]
    public void CalleeThatIsNotWaitedFor_WaitsByItself(string statement) => Verify(
        $$"""
        public class Host
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private Task? _started;

            public async Task Restart()
            {
                await _gate.WaitAsync();
                try { {{statement}} } finally { _gate.Release(); }
            }

            private async Task Start() { await _gate.WaitAsync(); _gate.Release(); }
            private async ValueTask StartValue() { await _gate.WaitAsync(); _gate.Release(); }
            private async Task StartAtOnce() { _gate.Wait(); _gate.Release(); await Task.Yield(); }
        }
        """);

    [Theory]
    [InlineData("_lock.EnterWriteLock(); Count(); _lock.ExitWriteLock();")]
    [InlineData("_lock.EnterWriteLock(); CountAgain(); _lock.ExitWriteLock();")]
    [InlineData("_lock.EnterReadLock(); {|LOCK2010:Count()|}; _lock.ExitReadLock();")]
    [InlineData("_lock.EnterUpgradeableReadLock(); Count(); _lock.ExitUpgradeableReadLock();")]
    [InlineData("_lock.EnterWriteLock(); [|CountTwice()|]; _lock.ExitWriteLock();")]
    public void CalleeThatAsks_DoesNotAcquireWhatIsHeld(string statements) => Verify(
        $$"""
        public class Table
        {
            private readonly ReaderWriterLockSlim _lock = new();
            private int _count;

            public void Use() { {{statements}} }

            private void Count()
            {
                bool isMine = !_lock.IsWriteLockHeld;
                if (isMine) { _lock.EnterWriteLock(); }
                try { _count++; } finally { if (isMine) { _lock.ExitWriteLock(); } }
            }

            private void CountAgain() => Count();

            private void CountTwice() { Count(); Always(); }

            private void Always() { _lock.EnterWriteLock(); _lock.ExitWriteLock(); }
        }
        """);

    [Theory]
    [InlineData("using (new Scope(_gate)) { [|Count()|]; }")]
    [InlineData("using (new Scope(_gate)) { } Count();")]
    [InlineData("{|LOCK2001:new Scope(_gate)|};")]
    public void LockThatIsPassedToAScope_IsAcquiredByIt(string statements) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public void Use() { {{statements}} }

            public void Count() { using (new Scope(_gate)) { } }
        }

        public sealed class Scope : IDisposable
        {
            private readonly SemaphoreSlim _kept;

            public Scope(SemaphoreSlim kept) { _kept = kept; kept.Wait(); }

            public void Dispose() => _kept.Release();
        }
        """);

    /// <summary>How many a semaphore lets in that is one of many, what puts it there says.</summary>
    [Theory]
    [InlineData("private readonly SemaphoreSlim[] _all = { new(1, 1), new(1, 1) };", "[|_all[i].Wait()|];")]
    [InlineData("private readonly SemaphoreSlim[] _all = [new(1, 1), new(1, 1)];", "[|_all[i].Wait()|];")]
    [InlineData("private readonly SemaphoreSlim[] _all = Enumerable.Range(0, 4).Select(n => new SemaphoreSlim(1, 1)).ToArray();", "[|_all[i].Wait()|];")]
    [InlineData("private readonly SemaphoreSlim[] _all = new SemaphoreSlim[2]; public Stripes() => _all[0] = _all[1] = new SemaphoreSlim(1, 1);", "[|_all[i].Wait()|];")]
    [InlineData("private readonly Dictionary<int, SemaphoreSlim> _all = new(); public void Add(int i) => _all.Add(i, new SemaphoreSlim(1, 1));", "[|_all[i].Wait()|];")]
    [InlineData("private readonly SemaphoreSlim[] _all = { new(4, 4), new(4, 4) };", "_all[i].Wait();")]
    [InlineData("private readonly SemaphoreSlim[] _all = { new(1, 1), new(4, 4) };", "_all[i].Wait();")]
    [InlineData("private readonly Dictionary<int, SemaphoreSlim> _all = new(); private readonly SemaphoreSlim[] _ones = { new(1, 1) }; public void Add(int i) => _all[i] = new(4, 4);", "_all[i].Wait();")]
    [InlineData("private readonly SemaphoreSlim[] _all; public Stripes(SemaphoreSlim[] all) => _all = all;", "_all[i].Wait();")]
    public void ElementLetsInWhatItWasMadeFor(string members, string again) => Verify(
        $$"""
        public class Stripes
        {
            {{members}}

            public void M(int i)
            {
                _all[i].Wait();
                try
                {
                    {{again}}
                    _all[i].Release();
                }
                finally
                {
                    _all[i].Release();
                }
            }
        }
        """);
}
