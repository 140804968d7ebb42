// LOCK2001: a lock is not held any more when the method returns.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ReleasedOnEveryPathTests() : RuleTests("LOCK2001")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly Gate _own = new();
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly SemaphoreSlim _many = new(4);
            private readonly Lock _lock = new();
            private SpinLock _spin;
            private readonly Mutex _mutex = new();

            public int Use(bool flag, int count, Table other)
            {
                {{body}}
                return 0;
            }
        }
        """);

    [Fact]
    public void ForgottenOnTheEarlyReturn_IsReported() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            public void Use(bool done)
            {
                [|Monitor.Enter(_gate)|];
                if (done)
                {
                    return;
                }

                Monitor.Exit(_gate);
            }
        }
        """,
        "'_gate' is still held when the method returns");

    [Fact]
    public void ForgottenAfterATry_SaysWhere() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            public void Use(bool done)
            {
                if ([|Monitor.TryEnter(_gate)|])
                {
                    Console.Write(1);
                }
            }
        }
        """,
        "'_gate' is still held when the method returns on a path where it was acquired");

    [Theory]
    [InlineData("[|Monitor.Enter(_gate)|];")]
    [InlineData("[|_own.Enter()|];")]
    [InlineData("[|_lock.Enter()|];")]
    [InlineData("[|_rw.EnterReadLock()|];")]
    [InlineData("[|_rw.EnterUpgradeableReadLock()|];")]
    [InlineData("[|_rw.EnterWriteLock()|];")]
    [InlineData("[|_one.Wait()|];")]
    [InlineData("[|_mutex.WaitOne()|];")]
    [InlineData("bool taken = false; [|_spin.Enter(ref taken)|];")]
    [InlineData("var scope = [|new Scope(_own)|];")]
    [InlineData("[|new Scope(_own)|];")]
    [InlineData("[|other._own.Enter()|];")]
    [InlineData("[|_own.Enter()|]; if (flag) return 1; _own.Exit();")]
    [InlineData("[|_own.Enter()|]; if (flag) { _own.Exit(); return 1; }")]
    [InlineData("[|_own.Enter()|]; switch (count) { case 1: return 1; case 2: break; } _own.Exit();")]
    [InlineData("[|_own.Enter()|]; while (flag) { if (count > 1) return 1; } _own.Exit();")]
    [InlineData("[|_own.Enter()|]; if (flag) goto end; _own.Exit(); end:;")]
    [InlineData("[|_own.Enter()|]; try { Console.Write(1); _own.Exit(); } catch (IOException) { }")]
    [InlineData("while (count-- > 0) [|Monitor.Enter(_gate)|];")]
    [InlineData("[|Monitor.Enter(_gate)|]; Monitor.Enter(_gate); Monitor.Exit(_gate);")]
    [InlineData("bool a = flag ? Take() : false; bool Take() { [|_own.Enter()|]; return true; }")]
    [InlineData("lock (_gate) { [|_own.Enter()|]; }")]
    public void HeldAtTheEnd_IsReported(string statement) => VerifyIn(statement.Replace("IOException", "System.IO.IOException"));

    [Fact]
    public void AcquiredAgainInALoop_IsOneMistake() => VerifyIn("while (count-- > 0) {|LOCK2004:_own.Enter()|};");

    [Theory]
    [InlineData("_own.Enter(); _own.Exit();")]
    [InlineData("_own.Enter(); if (flag) { _own.Exit(); return 1; } _own.Exit();")]
    [InlineData("_own.Enter(); try { if (flag) return 1; } finally { _own.Exit(); }")]
    [InlineData("_own.Enter(); try { Console.Write(1); } catch { throw; } finally { _own.Exit(); }")]
    [InlineData("if (flag) _own.Enter(); Console.Write(1); if (flag) _own.Exit();")]
    [InlineData("bool taken = false; try { Monitor.Enter(_gate, ref taken); } finally { if (taken) Monitor.Exit(_gate); }")]
    [InlineData("bool taken = false; try { _spin.TryEnter(ref taken); } finally { if (taken) _spin.Exit(); }")]
    [InlineData("if (!_own.TryEnter()) return 1; _own.Exit();")]
    [InlineData("while (!_own.TryEnter()) Thread.Yield(); _own.Exit();")]
    [InlineData("for (int i = 0; i < count; i++) { _own.Enter(); _own.Exit(); }")]
    [InlineData("foreach (var t in new[] { other }) { t._own.Enter(); try { continue; } finally { t._own.Exit(); } }")]
    [InlineData("_own.Enter(); Leave(); void Leave() => _own.Exit();")]
    [InlineData("_many.Wait();")]
    [InlineData("_own.Enter(); throw new InvalidOperationException();")]
    [InlineData("_own.Enter(); Environment.FailFast(\"\");")]
    [InlineData("using (new Scope(_own)) { if (flag) return 1; }")]
    [InlineData("using var a = new Scope(_own); using var b = _lock.EnterScope();")]
    [InlineData("using (_lock.EnterScope()) return 1;")]
    [InlineData("_rw.EnterUpgradeableReadLock(); _rw.EnterReadLock(); _rw.ExitUpgradeableReadLock(); _rw.ExitReadLock();")]
    [InlineData("Monitor.Enter(_gate); Monitor.Enter(_gate); Monitor.Exit(_gate); Monitor.Exit(_gate);")]
    [InlineData("var scope = new Scope(_own); try { } finally { scope?.Dispose(); }")]
    [InlineData("_own.Enter(); int n = count switch { 1 => 2, _ => 3 }; _own.Exit(); return n;")]
    public void Released_IsSilent(string statement) => VerifyIn(statement);

    [Fact]
    public void PrivateHelper_LeavesItToItsCallers() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Right()
            {
                Take();
                Give();
            }

            public void Wrong() => [|Take()|];

            private void Take() => _gate.Enter();

            private void Give() => _gate.Exit();
        }
        """);

    [Fact]
    public void PromisedByContract_IsSilent() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [Acquires(nameof(_gate))]
            public void Take() => _gate.Enter();

            [TryAcquires(true, nameof(_gate))]
            public bool TryTake() => _gate.TryEnter();

            [Releases(nameof(_gate))]
            public void Give() => _gate.Exit();

            public void Wrong() => [|Take()|];
        }
        """);

    [Fact]
    public void GuardThatIsHandedOut_TakesTheLockAlong() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [Acquires(nameof(_gate))]
            public Scope Returned() => new Scope(_gate);

            public void Use()
            {
                using Scope scope = Returned();
            }

            public void Dropped() => [|Returned()|];
        }
        """);

    [Fact]
    public void AsyncMethod_IsChecked() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1);

            public async Task Wrong(bool flag)
            {
                await [|_gate.WaitAsync()|];
                if (flag)
                {
                    return;
                }

                await Task.Delay(1);
                _gate.Release();
            }

            public async Task Right(CancellationToken token)
            {
                await _gate.WaitAsync(token).ConfigureAwait(false);
                try
                {
                    await Task.Delay(1, token);
                }
                finally
                {
                    _gate.Release();
                }
            }

            public async ValueTask<int> Timed()
            {
                if (await _gate.WaitAsync(100))
                {
                    try
                    {
                        return 1;
                    }
                    finally
                    {
                        _gate.Release();
                    }
                }

                return 0;
            }
        }
        """);

    [Fact]
    public void ReadSection_IsToBeLeft() => Verify(
        """
        public class Table
        {
            private readonly Srcu _srcu = new();

            public void Use(bool flag)
            {
                [|_srcu.Enter()|];
                if (flag)
                {
                    return;
                }

                _srcu.Exit();
            }
        }
        """);

    [Fact]
    public void Iterator_IsChecked() => Verify(
        """
        public class Table
        {
            private readonly AsyncGate _gate = new();

            public async IAsyncEnumerable<int> Wrong()
            {
                await [|_gate.EnterAsync()|];
                yield break;
            }
        }
        """);

    [Fact]
    public void TopLevelStatements_AreABody() => Verify(
        """
        var gate = new Gate();
        [|gate.Enter()|];
        Console.Write(1);
        """);

    [Fact]
    public void LambdaThatRunsLater_IsABodyOfItsOwn() => VerifyIn("Task.Run(() => { [|_own.Enter()|]; });");

    [Theory]
    [InlineData("object[]", "Monitor.Enter(all[i]);", "Monitor.Exit(all[i]);")]
    [InlineData("SemaphoreSlim[]", "all[i].Wait();", "all[i].Release();")]
    [InlineData("ReaderWriterLockSlim[]", "all[i].EnterReadLock();", "all[i].ExitReadLock();")]
    public void AllElementsOfAnArray_AreReleasedInAnotherLoop(string type, string enter, string exit) => Verify(
        $$"""
        public class Stripes({{type}} all)
        {
            public void InPlace()
            {
                for (int i = 0; i < all.Length; i++) { {{enter}} }
                try { } finally { for (int i = all.Length - 1; i >= 0; i--) { {{exit}} } }
            }

            public void ByHelpers()
            {
                EnterAll();
                try { } finally { ExitAll(); }
            }

            private void EnterAll() { for (int i = 0; i < all.Length; i++) { {{enter}} } }
            private void ExitAll() { for (int i = 0; i < all.Length; i++) { {{exit}} } }
        }
        """);

    [Fact]
    public void AllElementsOfAnArray_AreNeverReleased() => Verify(
        "public class Stripes(object[] all) { public void Enter() { for (int i = 0; i < all.Length; i++) [|Monitor.Enter(all[i])|]; } }");

    [Fact]
    public void Miss_SemaphoreOfUnknownCount_IsSilent() => Verify(
        """
        public class Table(SemaphoreSlim gate)
        {
            public void Use() => gate.Wait();
        }
        """);

    [Fact]
    public void Miss_LockWithoutAName_IsSilent() => VerifyIn("Monitor.Enter(Find(count)); static object Find(int n) => AppDomain.CurrentDomain.GetData(\"x\")!;");

    [Theory]
    [InlineData("Task.Run(() => _turn.Release());")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => { try { Console.WriteLine(); } finally { _turn.Release(); } });")]
    [InlineData("_leave = () => _turn.Release();")]
    public void ReleasedByAFunctionThatRunsLater_IsSilent(string later) => Verify(
        $$"""
        public class Turnstile
        {
            private readonly SemaphoreSlim _turn = new(1, 1);
            private Action? _leave;

            public void Enter()
            {
                _turn.Wait();
                {{later}}
            }
        }
        """);

    [Fact]
    public void TypeThatOnlyHandsItsLockOut_IsSilent() => Verify(
        """
        public class Rights
        {
            private readonly ReaderWriterLock _lock = new();

            public void Enter() => _lock.AcquireWriterLock(-1);

            public void Exit() => _lock.ReleaseWriterLock();
        }
        """);

    [Fact]
    public void TypeThatUsesItsLockItself_HasForgottenIt() => Verify(
        """
        public class Rights
        {
            private readonly ReaderWriterLock _lock = new();
            private int _count;

            public void Enter() => [|_lock.AcquireWriterLock(-1)|];

            public void Exit() => {|LOCK2003:_lock.ReleaseWriterLock()|};

            public void Add()
            {
                _lock.AcquireWriterLock(-1);
                _count++;
                _lock.ReleaseWriterLock();
            }
        }
        """);

    [Fact]
    public void UserOfATransactionsHelpers_IsReported() => Verify(
        """
        public class Shared
        {
            private readonly Mutex _mutex = new();
            private volatile object? _engine;

            public void Begin() { Open(); _engine = this; }

            public void Commit() { _engine = null; Close(); }

            public void Query(Action query)
            {
                bool opened = [|Open()|];
                query();
                if (opened)
                {
                    Close();
                }
            }

            private bool Open()
            {
                _mutex.WaitOne();
                return _engine is null;
            }

            private void Close() => _mutex.ReleaseMutex();
        }
        """);

    [Theory]
    [InlineData("await _one.WaitAsync(); _ = Task.Run(() => { try { _count++; } finally { _one.Release(); } });")]
    [InlineData("await _one.WaitAsync(); ThreadPool.QueueUserWorkItem(_ => { _count++; _one.Release(); });")]
    [InlineData("await _one.WaitAsync(); new Thread(() => { _count++; _one.Release(); }).Start();")]
    [InlineData("await _one.WaitAsync(); _ = Task.Run(Work); void Work() { _count++; _one.Release(); }")]
    [InlineData("await _one.WaitAsync(); _ = Task.Run(Finish);")]
    [InlineData("await _one.WaitAsync(); _count++; Ended += () => { _count++; _one.Release(); };")]
    [InlineData("await _one.WaitAsync(); _ = Task.Run(() => { _count++; _one.Release(); }); {|LOCK1001:_count|}++;")]
    [InlineData("await _one.WaitAsync(); _ = Task.Run(Finish); {|LOCK1001:_count|}++;")]
    [InlineData("await _one.WaitAsync(); await Task.Run(() => { _count++; _one.Release(); }); {|LOCK1001:_count|}++;")]
    [InlineData("await _one.WaitAsync(); _ = Task.Run(() => { _one.Release(); {|LOCK1001:_count|}++; });")]
    [InlineData("await _one.WaitAsync(); try { _ = Task.Run(() => { _count++; _one.Release(); }); } catch { _one.Release(); throw; }")]
    [InlineData("await _one.WaitAsync(); bool isSent = false; try { _ = Task.Run(() => { _count++; _one.Release(); }); isSent = true; } finally { if (!isSent) _one.Release(); }")]
    [InlineData("await _one.WaitAsync(); if (_other) { _one.Release(); return; } _ = Task.Run(() => { _count++; _one.Release(); });")]
    [InlineData("await _one.WaitAsync(); if (_other) { _ = Task.Run(() => { _count++; _one.Release(); }); } else { _one.Release(); }")]
    [InlineData("for (int i = 0; i < 3; i++) { await _one.WaitAsync(); _ = Task.Run(() => { _count += i; _one.Release(); }); }")]
    [InlineData("await _one.WaitAsync(); _ = Task.Run(() => { _count++; Finish(); });")]
    [InlineData("await _one.WaitAsync(); _ = Task.Run(() => { _one.Release(); {|LOCK2003:_one.Release()|}; });")]
    [InlineData("await _one.WaitAsync(); _ = Task.Run(() => { _count++; _one.Release(); }); if (_other) { {|LOCK2003:_one.Release()|}; }")]
    public void LockThatGoesWithAFunction_IsHeldThereAndNotHere(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _one = new(1, 1);
            [GuardedBy(nameof(_one))] private int _count;
            private volatile bool _other;

            public event Action? Ended;

            public async Task Use() { {{body}} }

            public void End(bool other) { _other = other; Ended?.Invoke(); }

            private void Finish() => _one.Release();
        }
        """);

    [Fact]
    public void LockThatGoesWithAFunction_IsLeftHeldWhereThatLeavesItHeld() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _one = new(1, 1);

            public async Task Use(bool other)
            {
                await [|_one.WaitAsync()|];
                _ = Task.Run(() =>
                {
                    if (!other)
                    {
                        _one.Release();
                    }
                });
            }
        }
        """);

    [Fact]
    public void LockThatGoesWithAFunctionOnSomeWays_IsLeftHeldOnTheOthers() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _one = new(1, 1);

            public async Task Use(bool other)
            {
                await [|_one.WaitAsync()|];
                if (!other)
                {
                    _ = Task.Run(() => _one.Release());
                }
            }
        }
        """);

    [Theory]
    [InlineData("_gate.Release();")]
    [InlineData("_gate.Release(1);")]
    public void HelperWhoseReleaseMayFail_HasReleased(string release) => Verify(
        $$"""
        public class Call
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private int _answered;

            public void Answer() { _gate.Wait(); _answered++; TryRelease(); }

            public void Close() { _gate.Wait(); TryRelease(); _gate.Dispose(); }

            private void TryRelease() { try { {{release}} } catch (ObjectDisposedException) { } }
        }
        """);

    [Theory]
    [InlineData("private readonly Semaphore _jobs = new(1, 1, \"jobs\");", "[|_jobs.WaitOne()|]")]
    [InlineData("private readonly Semaphore _jobs; public Jobs() => _jobs = new Semaphore(1, 1, \"jobs\", out bool _);", "[|_jobs.WaitOne()|]")]
    [InlineData("private readonly Semaphore _jobs = new(1, 4, \"jobs\");", "_jobs.WaitOne()")]
    public void SemaphoreWithAName_IsALockIfItLetsOneIn(string semaphore, string acquire) => Verify(
        $$"""
        public class Jobs
        {
            {{semaphore}}

            public void Run(bool flag)
            {
                {{acquire}};
                if (flag)
                {
                    return;
                }

                _jobs.Release();
            }
        }
        """);

    /// <summary>The semaphore that a member has is no witness for those that no member has.</summary>
    [Fact]
    public void SemaphoreOfAMember_SaysNothingOfTheOthers() => Verify(
        """
        public class Files
        {
            private readonly SemaphoreSlim _slots;
            private readonly Dictionary<string, SemaphoreSlim> _all = new();

            public Files() => _slots = new SemaphoreSlim(0, 5);

            public void Write(string path, bool flag)
            {
                SemaphoreSlim one = Of(path);
                [|one.Wait()|];
                if (flag)
                {
                    return;
                }

                one.Release();
            }

            private SemaphoreSlim Of(string path)
            {
                if (!_all.TryGetValue(path, out SemaphoreSlim? one))
                {
                    _all[path] = one = new SemaphoreSlim(1, 1);
                }

                return one;
            }
        }
        """);

    private void VerifyKeyed(string body) => Verify(
        $$"""
        public class Files
        {
            private readonly System.Collections.Concurrent.ConcurrentDictionary<string, SemaphoreSlim> _gates = new();
            private readonly System.Collections.Concurrent.ConcurrentDictionary<string, SemaphoreSlim> _slots = new();
            private readonly Dictionary<string, SemaphoreSlim> _known = new();
            private readonly SemaphoreSlim _many = new(4);

            private SemaphoreSlim GateOf(string path) => _gates.GetOrAdd(path, _ => new SemaphoreSlim(1, 1));

            {{body}}
        }
        """);

    [Theory]
    [InlineData("SemaphoreSlim gate = GateOf(path); await [|gate.WaitAsync()|]; if (isThere) return; gate.Release();")]
    [InlineData("var gate = _gates.GetOrAdd(path, _ => new SemaphoreSlim(1, 1)); await [|gate.WaitAsync(token).ConfigureAwait(false)|]; if (!isThere) { try { await Task.Yield(); } finally { gate.Release(); } }")]
    [InlineData("if (!_gates.TryGetValue(path, out var gate)) return; [|gate.Wait()|]; if (isThere) gate.Release();")]
    [InlineData("var gate = _known[path]; [|gate.Wait()|]; if (isThere) gate.Release();")]
    [InlineData("if (!_known.TryGetValue(path, out var gate)) { gate = new SemaphoreSlim(1, 1); _known[path] = gate; } [|gate.Wait()|]; if (isThere) gate.Release();")]
    public void SemaphoreOfAKey_IsALockWhereTheTypeMakesOnlySuch(string body) =>
        VerifyKeyed($"public async Task Use(string path, bool isThere, CancellationToken token) {{ await Task.Yield(); {body.Replace(".ConfigureAwait(false)|]", "|].ConfigureAwait(false)")} }}");

    [Theory]
    [InlineData("public void Enter(string path) => GateOf(path).Wait(); public void Leave(string path) => GateOf(path).Release();")]
    [InlineData("public async Task<SemaphoreSlim> Take(string path) { var gate = GateOf(path); await gate.WaitAsync(); return gate; }")]
    [InlineData("public void Use(string path, bool isThere) { var slot = _slots.GetOrAdd(path, _ => new SemaphoreSlim(3, 3)); slot.Wait(); if (isThere) slot.Release(); }")]
    [InlineData("public void Use(SemaphoreSlim given, bool isThere) { given.Wait(); if (isThere) given.Release(); }")]
    [InlineData("public void Use(bool isThere) { _many.Wait(); if (isThere) _many.Release(); }")]
    [InlineData("public void Leave(string path) { var gate = GateOf(path); gate.Release(); }")]
    public void OtherSemaphoresWithoutAName_AreSilent(string body) => VerifyKeyed(body);

    [Fact]
    public void WriteLockLeftInsideAnUpgradeableOne_IsReportedWhereItWasTaken() => Verify(
        """
        public class Table
        {
            private readonly ReaderWriterLockSlim _rw = new();

            public void M()
            {
                _rw.EnterUpgradeableReadLock();
                try
                {
                    [|_rw.EnterWriteLock()|];
                }
                finally
                {
                    _rw.ExitUpgradeableReadLock();
                }
            }
        }
        """);

    private void VerifyOut(string members) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _rows;

            private void Take(out Scope scope) => scope = new Scope(_gate);

            public bool TryTake(bool really, out Scope? scope)
            {
                scope = null;
                if (really)
                {
                    scope = new Scope(_gate);
                }

                return really;
            }

            {{members}}
        }
        """);

    [Theory]
    [InlineData("public void M() { Take(out var scope); _rows = 1; scope.Dispose(); }")]
    [InlineData("public void M() { Take(out var scope); using (scope) { _rows = 1; } }")]
    [InlineData("public void M(bool really) { if (TryTake(really, out var scope)) { using (scope) { _rows = 1; } } }")]
    [InlineData("public void M() { Take(out var scope); scope.Dispose(); {|LOCK1001:_rows|} = 1; }")]
    [InlineData("public void M() { [|Take(out var scope)|]; _rows = 1; }")]
    public void GuardThatIsGivenOut_IsTheCallers(string member) => VerifyOut(member);

    [Theory]
    [InlineData("public IDisposable Lock() { _gate.Wait(); return _releaser; }")]
    [InlineData("public async Task<IDisposable> LockAsync() { await _gate.WaitAsync(); return _releaser; }")]
    [InlineData("public void Lock() { [|_gate.Wait()|]; }")]
    [InlineData("public int Lock() { [|_gate.Wait()|]; return 1; }")]
    [InlineData("public IDisposable Lock() { [|_other.Wait()|]; return _releaser; } public void Use() { _other.Wait(); _other.Release(); }")]
    public void LockThatADisposeReleases_GoesWithWhatIsReturned(string member) => Verify(
        $$"""
        public class AsyncLock
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private readonly SemaphoreSlim _other = new(1, 1);
            private readonly IDisposable _releaser;

            public AsyncLock() => _releaser = new Releaser(this);

            {{member}}

            public void Wait() { _gate.Wait(); _gate.Release(); }

            private sealed class Releaser : IDisposable
            {
                private readonly AsyncLock _owner;

                public Releaser(AsyncLock owner) => _owner = owner;

                public void Dispose() => _owner._gate.Release();
            }
        }
        """);

    [Theory]
    [InlineData("private object Gate { get; } = new();", "1", "Monitor.Enter(Gate)")]
    [InlineData("private static object Gate { get; } = new();", "1", "Monitor.Enter(Gate)")]
    [InlineData("private readonly object _gate = new(); private object Gate { get { GC.Collect(); return _gate; } }", "1", "Monitor.Enter(Gate)")]
    [InlineData("protected virtual object Gate { get; } = new();", "1", "Monitor.Enter(Gate)")]
    [InlineData("private object Gate { get; } = new(); private int One { get; } = 1;", "Gate.GetHashCode()", "[|Monitor.Enter(Gate)|]")]
    [InlineData("private object Gate { get; } = new(); private object One { get; } = 1;", "One == null ? 1 : 2", "Monitor.Enter(Gate)")]
    [InlineData("private object Gate { get; } = new(); private int One { get { GC.Collect(); return 1; } }", "One", "[|Monitor.Enter(Gate)|]")]
    [InlineData("private object Gate { get; } = new(); protected virtual int One { get; } = 1;", "One", "[|Monitor.Enter(Gate)|]")]
    public void PropertyThatLeadsToALock_OrIsAutomatic_ThrowsNoMoreThanAField(string property, string value, string acquire) => Verify(
        $$"""
        public class Counter
        {
            {{property}}
            private int _n;

            public void M() { try { {{acquire}}; _n = {{value}}; Monitor.Exit(Gate); } catch (Exception) { } }
        }
        """);

    [Theory]
    [InlineData("Monitor.Enter(_gate); try { [|Monitor.Enter(_gate)|]; _n++; } finally { Monitor.Exit(_gate); }")]
    [InlineData("Monitor.Enter(_gate); while (_n-- > 0) { [|Monitor.Enter(_gate)|]; } Monitor.Exit(_gate);")]
    [InlineData("[|Monitor.Enter(_gate)|]; Monitor.Enter(_gate); try { _n++; } finally { Monitor.Exit(_gate); }")]
    [InlineData("Monitor.Enter(_gate); try { Monitor.Enter(_gate); try { _n++; } finally { Monitor.Exit(_gate); } } finally { Monitor.Exit(_gate); }")]
    public void OneOfTwoAcquires_IsTheOneThatNothingReleases(string body) => Verify(
        $$"""
        public class Counter
        {
            private readonly object _gate = new();
            private int _n;

            public void M() { {{body}} }
        }
        """);

    [Theory]
    [InlineData("_gate.Wait();", "_gate?.Release();")]
    [InlineData("_gate.Wait();", "try { _gate?.Release(); } catch (ObjectDisposedException) { }")]
    [InlineData("_gate.Wait();", "try { SemaphoreSlim gate = _gate; gate.Release(); } catch (ObjectDisposedException) { }")]
    [InlineData("[|_gate.Wait()|];", "try { if (_flag) { _gate.Release(); } } catch (ObjectDisposedException) { }")]
    [InlineData("[|_gate.Wait()|];", "try { Console.Write(_flag); _gate.Release(); } catch (System.IO.IOException) { }")]
    public void WhatWasLocked_IsNotNull(string acquire, string release) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private bool _flag;

            public void Use()
            {
                {{acquire}}
                {{release}}
            }

            public void Turn() => _flag = !_flag;
        }
        """);

    [Fact]
    public void OtherNamesForALock_AreSilent_AndThoseWhoForgetAreNot() => Verify(
        """
        public class Variable
        {
            private readonly object _gate = new();
            private int _value;

            public int Value { get { lock (_gate) { return _value; } } }

            public int Early(bool flag)
            {
                Monitor.Enter([|_gate|]);
                if (flag) { return 1; }
                Monitor.Exit(_gate);
                return _value;
            }

            protected void EnterLock() { Monitor.Enter(_gate); }

            protected void ExitLock() => Monitor.Exit(_gate);
        }
        """.Replace("Monitor.Enter([|_gate|])", "[|Monitor.Enter(_gate)|]"));

    [Theory]
    [InlineData("Mutex", "mutex", "mutex.WaitOne();")]
    [InlineData("bool", "true", "[|mutex.WaitOne()|];")]
    public void LockThatIsReturned_GoesToWhoeverGetsIt(string type, string returned, string acquire) => Verify(
        $$"""
        public static class Mutexes
        {
            public static {{type}} Wait(Mutex mutex)
            {
                {{acquire}}
                return {{returned}};
            }
        }
        """);

    [Theory]
    [InlineData("[|Holder.Acquire(out Holder holder, _gate, true)|]; _entries++;")]
    [InlineData("Holder.Acquire(out Holder holder, _gate, true); _entries++; Holder.Release(holder);")]
    [InlineData("[|Holder.Acquire(out Holder holder, _gate, false)|]; if (_entries > 3) Holder.Release(holder);")]
    [InlineData("[|EnterRead()|];")]
    [InlineData("using (EnterRead()) { }")]
    public void HolderThatComesBack_ReleasesWhatItKeeps(string statements) => Verify(
        $$"""
        public class Register
        {
            private readonly ReaderWriterLock _gate = new();
            private int _entries;

            public void Use() { {{statements}} }

            public void Add() { Holder.Acquire(out Holder holder, _gate, true); _entries++; Holder.Release(holder); }

            public IDisposable EnterRead() { _gate.AcquireReaderLock(-1); return new Reader(_gate); }

            private sealed class Reader(ReaderWriterLock rw) : IDisposable { void IDisposable.Dispose() => rw.ReleaseReaderLock(); }

            private sealed class Holder
            {
                private readonly ReaderWriterLock _held;
                private readonly bool _forWriting;

                private Holder(ReaderWriterLock held, bool forWriting) { _held = held; _forWriting = forWriting; }

                public static void Acquire(out Holder holder, ReaderWriterLock gate, bool forWriting)
                {
                    var made = new Holder(gate, forWriting);
                    if (forWriting) gate.AcquireWriterLock(-1); else gate.AcquireReaderLock(-1);
                    holder = made;
                }

                public static void Release(Holder holder)
                {
                    if (holder._forWriting) holder._held.ReleaseWriterLock(); else holder._held.ReleaseReaderLock();
                }
            }
        }
        """);

    [Theory]
    [InlineData("using (Enter()) { }")]
    [InlineData("[|Enter()|];")]
    [InlineData("IDisposable entered = [|Enter()|]; if (_n > 3) entered.Dispose();")]
    public void GuardThatTakesItsLockOutOfAField_ReleasesIt(string statements) => Verify(
        $$"""
        public class Turnstile
        {
            private readonly object _gate = new();
            private readonly int _n;

            public void Use() { {{statements}} }

            public IDisposable Enter() { Monitor.Enter(_gate); return new Leaver(_gate); }

            private sealed class Leaver : IDisposable
            {
                private object? _kept;

                public Leaver(object kept) { _kept = kept; }

                public void Dispose() { object? kept = Interlocked.Exchange(ref _kept, null); if (kept != null) Monitor.Exit(kept); }
            }
        }
        """);

    /// <summary>Whatever led to a lock that is held is not null.</summary>
    [Theory]
    [InlineData("other._own.Enter(); if (other == null) return 1; other._own.Exit();")]
    [InlineData("other._own.Enter(); Table? mine = other; if (flag) { other._own.Exit(); mine = null; } if (mine == null) return 1; other._own.Exit();")]
    [InlineData("[|other._own.Enter()|]; Table? mine = other; if (flag) mine = null; if (mine == null) return 1; other._own.Exit();")]
    [InlineData("Monitor.Enter(other); if (other != null) Monitor.Exit(other);")]
    [InlineData("[|_own.Enter()|]; if (other == null) return 1; _own.Exit();")]
    public void WhatLeadsToTheLock_IsThere(string body) => VerifyIn(body);

    /// <summary>What a callee forgot to release is told there, and not of everybody who calls it.</summary>
    [Theory]
    [InlineData("public void M() { Open(); }")]
    [InlineData("public void M() { Open(); {|LOCK2004:Open()|}; }")]
    [InlineData("public async Task M() { await OpenAsync(); }")]
    [InlineData("public void M() { OpenAsync().Wait(); }")]
    [InlineData("public void M() { Through(); } public void Through() { Open(); }")]
    [InlineData("public void M() { [|Take()|]; } private void Take() { _one.Wait(); }")]
    [InlineData("public void M() { Take(); _one.Release(); } private void Take() { _one.Wait(); }")]
    [InlineData("public void M() { Open(); [|_many.Wait()|]; if (IsOpen) return; _many.Release(); }")]
    public void LeakOfACallee_IsToldOnce(string members) => Verify(
        $$"""
        public class Session
        {
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly SemaphoreSlim _many = new(1, 1);
            public bool IsOpen;

            public void Open() { [|_one.Wait()|]; if (IsOpen) return; _one.Release(); }

            public async Task OpenAsync() { await [|_one.WaitAsync()|]; if (IsOpen) return; _one.Release(); }

            {{members}}
        }
        """);

    [Theory]
    [InlineData("Node node = Open(); node.Value = 1; node.Gate.Exit();")]
    [InlineData("Node node = [|Open()|]; node.Value = 1;")]
    [InlineData("[|Open()|].Value = 1;")]
    [InlineData("[|Open()|];")]
    [InlineData("if (Find(1) is { } node) { node.Value = 1; node.Gate.Exit(); }")]
    [InlineData("if ([|Find(1)|] is { } node) node.Value = 1;")]
    public void LockOfWhatACallReturns_IsTheCallersToRelease(string body) => Verify(
        $$"""
        public class Node
        {
            public readonly Gate Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Value;
        }

        public class Table
        {
            private readonly Node _node = new();
            private readonly Dictionary<int, Node> _nodes = new();

            [Acquires("return.Gate")]
            public Node Open() { _node.Gate.Enter(); return _node; }

            [Acquires("return.Gate")]
            public Node {|LOCK2012:Forget|}() => _node;

            [Acquires("return.Gate")]
            public Node Create() { var node = new Node(); node.Gate.Enter(); return node; }

            [Acquires("return.Gate")]
            public Node {|LOCK2012:Other|}() { [|_node.Gate.Enter()|]; return new Node(); }

            [TryAcquires(Result.NotNull, "return.Gate")]
            public Node? Find(int key)
            {
                if (!_nodes.TryGetValue(key, out Node? node)) return null;
                node.Gate.Enter();
                return node;
            }

            public void Use() { {{body}} }
        }
        """);

    [Theory]
    [InlineData("using (_gate.Lock()) { _count++; }")]
    [InlineData("IDisposable scope = _gate.Lock(); try { _count++; } finally { scope.Dispose(); }")]
    [InlineData("[|_gate.Lock()|];")]
    [InlineData("using (await _gate.LockAsync()) { _count++; }")]
    [InlineData("IDisposable scope = await [|_gate.LockAsync()|]; _count++;")]
    [InlineData("using (_gate.Lock()) { {|LOCK2004:Count()|}; }")]
    public void WhatACalleeAcquires_IsGivenUpByWhatItReturns(string statements) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private int _count;

            public async Task Use() { {{statements}} await Task.Yield(); }

            public void Count() { using (_gate.Lock()) { _count++; } }
        }

        public static class Extensions
        {
            public static IDisposable Lock(this SemaphoreSlim semaphore)
            {
                var made = new Scope(semaphore);
                semaphore.Wait();
                return made;
            }

            public static async Task<IDisposable> LockAsync(this SemaphoreSlim semaphore)
            {
                var made = new Scope(semaphore);
                await semaphore.WaitAsync();
                return made;
            }

            private sealed class Scope : IDisposable
            {
                private SemaphoreSlim? _semaphore;

                public Scope(SemaphoreSlim semaphore) => _semaphore = semaphore;

                void IDisposable.Dispose() { _semaphore?.Release(); _semaphore = null; }
            }
        }
        """);

    /// <summary>A lock of one's own making, without a word of contract: what is released on one way is forgotten on another.</summary>
    [Theory]
    [InlineData("[|_door.Enter()|]; if (soon) return; _door.Exit();")]
    [InlineData("_door.Enter(); if (soon) { _door.Exit(); return; } _door.Exit();")]
    [InlineData("_door.Enter();")]
    [InlineData("_door.Exit();")]
    [InlineData("if (_door.TryEnter()) { if (soon) return; _door.Exit(); }", "[|_door.TryEnter()|]")]
    public void LockOfAnotherType_IsReleasedAsOnTheOtherWays(string body, string? told = null) => Verify(
        $$"""
        public sealed class Door
        {
            private readonly object _gate = new();

            public void Enter() => Monitor.Enter(_gate);

            public bool TryEnter() => Monitor.TryEnter(_gate);

            public void Exit() => Monitor.Exit(_gate);
        }

        public class User
        {
            private readonly Door _door = new();

            public void M(bool soon) { {{(told is null ? body : body.Replace("_door.TryEnter()", told))}} }
        }
        """);

    /// <summary>A home-made lock has no contract; where all its callers are in sight, what they leave held is told of them.</summary>
    [Fact]
    public void HelperOfAnotherType_IsJudgedAtItsCalls() => Verify(
        """
        internal sealed class Door
        {
            private readonly object _inner = new();

            public void Enter() => Monitor.Enter(_inner);

            public void Exit() => Monitor.Exit(_inner);

            public bool TryEnter() => Monitor.TryEnter(_inner);
        }

        public sealed class Table
        {
            private readonly Door _door = new();

            public void Right()
            {
                _door.Enter();
                try
                {
                    GC.KeepAlive(this);
                }
                finally
                {
                    _door.Exit();
                }
            }

            public void Tries()
            {
                if (_door.TryEnter())
                {
                    _door.Exit();
                }
            }

            public void Forgets(bool early)
            {
                [|_door.Enter()|];
                if (early)
                {
                    return;
                }

                _door.Exit();
            }

            public void Twice()
            {
                _door.Enter();
                _door.Exit();
                {|LOCK2003:_door.Exit()|};
            }
        }
        """);

    /// <summary>A lock that counts for itself how often it was entered is not given up by every exit.</summary>
    [Fact]
    public void HelperOfAnotherTypeThatCounts_IsSilent() => Verify(
        """
        public sealed class Door
        {
            private readonly object _inner = new();
            private int _depth;

            public void Enter()
            {
                Monitor.Enter(_inner);
                _depth++;
            }

            public void Exit()
            {
                if (_depth == 0)
                {
                    return;
                }

                _depth--;
                Monitor.Exit(_inner);
            }
        }

        internal static class Bell
        {
            internal static void Ring(Door door)
            {
                door.Enter();
                door.Exit();
            }
        }

        public sealed class Table
        {
            private readonly Door _door = new();

            public void Ring() => Bell.Ring(_door);

            public void Use()
            {
                _door.Enter();
                _door.Exit();
            }
        }
        """);

    /// <summary>Calls name the part that declares a helper, and the other has the body.</summary>
    [Fact]
    public void PartialHelper_IsJudgedAtItsCalls() => Verify(
        """
        public partial class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _rows;

            partial void Enter();

            partial void Exit();

            private partial bool TryEnter();

            public void Add()
            {
                Enter();
                _rows++;
                Exit();
            }

            public void TryAdd()
            {
                if (TryEnter())
                {
                    _rows++;
                    Exit();
                }
                else
                {
                    {|LOCK1001:_rows|}--;
                }
            }

            public void Forgets(bool early)
            {
                [|Enter()|];
                if (early)
                {
                    return;
                }

                Exit();
            }
        }

        public partial class Table
        {
            partial void Enter() => Monitor.Enter(_gate);

            partial void Exit() => Monitor.Exit(_gate);

            private partial bool TryEnter() => Monitor.TryEnter(_gate);
        }
        """);

    /// <summary>A try may hand its guard out through a parameter.</summary>
    [Theory]
    [InlineData("if (_mutex.TryEnter(out var guard)) { using (guard) { _rows++; } }")]
    [InlineData("if (!_mutex.TryEnter(out var guard)) { return; } try { _rows++; } finally { guard.Dispose(); }")]
    [InlineData("if (!_mutex.TryEnter(out MutexLock.Guard guard)) { return; } using var held = guard; _rows++;")]
    [InlineData("if (_mutex.TryEnter(out var guard)) { guard.Dispose(); {|LOCK1001:_rows|}++; }")]
    [InlineData("if ([|_mutex.TryEnter(out var guard)|]) { _rows++; }")]
    [InlineData("if ([|_mutex.TryEnter(out var guard)|]) { if (_rows > 0) { return; } guard.Dispose(); }")]
    [InlineData("if (!_mutex.TryEnter(out var guard)) { {|LOCK1001:_rows|}++; return; } guard.Dispose();")]
    public void GuardThatIsHandedOut_ReleasesWhenDisposed(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly MutexLock _mutex = new();
            [GuardedBy(nameof(_mutex))] private int _rows;

            public void Run() { {{body}} }
        }
        """);

    /// <summary>What a condition tells that is known only in part, or of a value that may be missing.</summary>
    [Theory]
    [InlineData("if (_port.TryName() is { Length: > 0 } name) { _port.Count++; _port.Gate.Exit(); }", true)]
    [InlineData("if (_port.TryName() is not { Length: > 0 }) { return; } _port.Count++; _port.Gate.Exit();", true)]
    [InlineData("if (_port.TryName() is not { }) { return; } _port.Count++; _port.Gate.Exit();", false)]
    [InlineData("int? number = _port.TryNumber(); if (number.HasValue) { _port.Count++; _port.Gate.Exit(); }", false)]
    [InlineData("if (_port.TryNumber() is int number) { _port.Count += number; _port.Gate.Exit(); }", false)]
    [InlineData("if (_port.TryNumber() is not { } number) { return; } _port.Count += number; _port.Gate.Exit();", false)]
    [InlineData("if (_port.Try() is Status.Busy or Status.Gone) { return; } _port.Count++; _port.Gate.Exit();", false)]
    [InlineData("switch (_port.Try()) { case Status.Busy: case Status.Gone: return; } _port.Count++; _port.Gate.Exit();", false)]
    [InlineData("if (_port.Try() == Status.Busy) { return; } {|LOCK1001:_port.Count|}++;", null)]
    public void TestOfATryResult_TellsWhetherItSucceeded(string body, bool? leaks)
    {
        // Whoever tests for more than success leaves the lock held where there was no more than that.
        int start = body.IndexOf("_port.Try", System.StringComparison.Ordinal);
        int end = body.IndexOf(')', start) + 1;
        string marked = leaks == true ? body[..start] + "[|" + body[start..end] + "|]" + body[end..] : body;
        string told = leaks is null ? marked.Replace("_port.Try()", "{|LOCK2007:_port.Try()|}") + " _port.Gate.Exit();" : marked;
        Verify(
            $$"""
            public enum Status { Taken, Busy, Gone }

            public abstract class Port
            {
                public readonly Gate Gate = new();
                [GuardedBy(nameof(Gate))] public int Count;

                [TryAcquires(Status.Taken, nameof(Gate))] public abstract Status Try();
                [TryAcquires(Result.NotNull, nameof(Gate))] public abstract string? TryName();
                [TryAcquires(Result.NotNull, nameof(Gate))] public abstract int? TryNumber();
            }

            public class User(Port port)
            {
                private readonly Port _port = port;

                public void Run() { {{told}} }
            }
            """);
    }

    [Theory]
    [InlineData("Action enter = EnterGate; Action exit = ExitGate; enter(); _count++; exit();", "Monitor.Enter(_gate)", "private void ExitGate() { Monitor.Exit(_gate); }")]
    [InlineData("Action enter = EnterGate; [|enter()|]; _count++;", "Monitor.Enter(_gate)", "public void Both() { EnterGate(); ExitGate(); } private void ExitGate() { Monitor.Exit(_gate); }")]
    [InlineData("Action enter = EnterGate; Use(enter);", "[|Monitor.Enter(_gate)|]", "")]
    public void HelperBehindALocalThatIsOnlyInvoked_LeavesTheLockToItsCaller(string body, string acquire, string others) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private int _count;

            public void Run() { {{body}} }
            public void Use(Action action) { }
            private void EnterGate() { {{acquire}}; }
            {{others}}
        }
        """);
}
