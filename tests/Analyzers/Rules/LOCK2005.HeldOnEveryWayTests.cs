// LOCK2005: a lock is held on every way to its release, or on none.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class HeldOnEveryWayTests() : RuleTests("LOCK2005")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly Gate _own = new();
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly Mutex _mutex = new();
            private readonly Lock _lock = new();
            private readonly bool _isShared;
            private bool _mutable;
            private SpinLock _spin;

            public int Use(bool flag, bool other, int n, string? name, CancellationToken token)
            {
                {{body}}
                return 0;
            }

            private static void Log(string text)
            {
            }
        }
        """);

    [Fact]
    public void AcquiredOnOneBranch_IsReportedWithItsReleases() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            public void Use(bool flag)
            {
                if (flag)
                {
                    [|Monitor.Enter(_gate)|];
                }

                {|#0:Monitor.Exit(_gate)|};
            }
        }
        """, "'_gate' is held on only some of the ways to its release");

    [Theory]
    [InlineData("if (flag) [|Monitor.Enter(_gate)|]; Monitor.Exit(_gate);")]
    [InlineData("if (flag) [|_own.Enter()|]; _own.Exit();")]
    [InlineData("if (flag) [|_lock.Enter()|]; _lock.Exit();")]
    [InlineData("if (flag) [|_one.Wait()|]; _one.Release();")]
    [InlineData("if (flag) [|_mutex.WaitOne()|]; _mutex.ReleaseMutex();")]
    [InlineData("if (flag) [|_rw.EnterReadLock()|]; _rw.ExitReadLock();")]
    [InlineData("if (flag) [|_rw.EnterWriteLock()|]; _rw.ExitWriteLock();")]
    [InlineData("if (flag) [|_rw.EnterUpgradeableReadLock()|]; _rw.ExitUpgradeableReadLock();")]
    [InlineData("bool taken = false; if (flag) [|_spin.Enter(ref taken)|]; _spin.Exit();")]
    [InlineData("switch (n) { case 1: [|_own.Enter()|]; break; default: break; } _own.Exit();")]
    [InlineData("for (int i = 0; i < n; i++) { [|_own.Enter()|]; break; } _own.Exit();")]
    [InlineData("foreach (char c in name ?? \"\") { [|_own.Enter()|]; break; } _own.Exit();")]
    [InlineData("if (flag) goto end; [|_own.Enter()|]; end: _own.Exit();")]
    [InlineData("if (flag && other) [|_own.Enter()|]; if (flag) _own.Exit();")]
    [InlineData("if (_mutable) [|_own.Enter()|]; Log(\"\"); if (_mutable) _own.Exit();")]
    [InlineData("try { Log(\"\"); [|_own.Enter()|]; } catch (Exception) { } _own.Exit();")]
    [InlineData("try { [|_one.Wait(token)|]; Log(\"\"); } finally { _one.Release(); }")]
    [InlineData("_own.Enter(); if (flag) { _own.Exit(); [|_own.Enter()|]; } else { _own.Exit(); } _own.Exit();")]
    public void HeldOnSomeWays_IsReportedAtTheAcquire(string statements) => VerifyIn(statements);

    [Theory]
    [InlineData("if (flag) _own.Enter(); if (flag) _own.Exit();")]
    [InlineData("if (flag) _own.Enter(); if (!flag) return 1; _own.Exit();")]
    [InlineData("if (flag) _own.Enter(); if (flag == true) _own.Exit();")]
    [InlineData("if (flag) _own.Enter(); switch (flag) { case true: _own.Exit(); break; }")]
    [InlineData("bool both = flag && other; if (both) _own.Enter(); if (both) _own.Exit();")]
    [InlineData("if (n > 1) _own.Enter(); if (n > 1) _own.Exit();")]
    [InlineData("if (n == 1) _own.Enter(); else return 1; _own.Exit();")]
    [InlineData("if (name is null) _own.Enter(); if (name == null) _own.Exit();")]
    [InlineData("if (name is not null) _own.Enter(); Log(\"\"); if (name is { }) _own.Exit();")]
    [InlineData("if (_isShared) _rw.EnterReadLock(); else _rw.EnterWriteLock(); if (_isShared) _rw.ExitReadLock(); else _rw.ExitWriteLock();")]
    [InlineData("switch (n) { case 1: _own.Enter(); break; default: return 1; } _own.Exit();")]
    [InlineData("bool isHeld = false; if (flag) { _own.Enter(); isHeld = true; } try { Log(\"\"); } finally { if (isHeld) _own.Exit(); }")]
    [InlineData("bool taken = false; try { Monitor.Enter(_gate, ref taken); Log(\"\"); } finally { if (taken) Monitor.Exit(_gate); }")]
    [InlineData("bool taken = false; try { if (flag) Monitor.Enter(_gate, ref taken); Log(\"\"); } finally { if (taken) Monitor.Exit(_gate); }")]
    [InlineData("if (flag) throw new Exception(); _own.Enter(); _own.Exit();")]
    [InlineData("_one.Wait(token); try { Log(\"\"); } finally { _one.Release(); }")]
    [InlineData("do { _own.Enter(); _own.Exit(); } while (flag);")]
    [InlineData("while (true) { _own.Enter(); if (flag) break; _own.Exit(); } _own.Exit();")]
    public void HeldOnEveryWay_IsSilent(string statements) => VerifyIn(statements);

    [Fact]
    public void StillHeldAtTheEnd_IsAnotherRule() => VerifyIn("if (flag) {|LOCK2001:_own.Enter()|};");

    [Fact]
    public void HeldOnTheWrongWay_IsTwoOtherMistakes() => VerifyIn("if (flag) {|LOCK2001:_own.Enter()|}; flag = !flag; if (flag) {|LOCK2003:_own.Exit()|};");

    [Fact]
    public void AsyncAcquireInsideTheTry_MayFailOnlyWhereItCanBeCancelled() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public async Task Use()
            {
                try
                {
                    await _gate.WaitAsync().ConfigureAwait(false);
                    await Task.Yield();
                }
                finally
                {
                    _gate.Release();
                }
            }

            public async Task UseUntil(CancellationToken token)
            {
                try
                {
                    await [|_gate.WaitAsync(token)|].ConfigureAwait(false);
                    await Task.Yield();
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        """);

    [Theory]
    [InlineData("if (flag && other) _own.Enter(); if (flag && other) _own.Exit();")]
    [InlineData("if (flag || other) _own.Enter(); if (flag || other) _own.Exit();")]
    [InlineData("if (flag && !other) _own.Enter(); Log(\"\"); if (!flag || other) return 1; _own.Exit();")]
    [InlineData("if (flag && other) _own.Enter(); if (flag) { if (other) _own.Exit(); }")]
    [InlineData("if (flag && other && n > 0) _own.Enter(); if (flag && other && n > 0) _own.Exit();")]
    [InlineData("if ((flag || other) && name != null) _own.Enter(); if ((flag || other) && name != null) _own.Exit();")]
    [InlineData("if (name is not null && _isShared) _own.Enter(); try { Log(name ?? \"\"); } finally { if (name is not null && _isShared) _own.Exit(); }")]
    [InlineData("for (int i = 0; i < n; i++) { if (flag && other) _own.Enter(); Log(\"\"); if (flag && other) _own.Exit(); }")]
    [InlineData("if (flag && other) _own.Enter(); for (int i = 0; i < n; i++) Log(\"\"); if (flag && other) _own.Exit();")]
    public void ConditionOfSeveralVariablesWrittenTwice_IsTheSame(string statements) => VerifyIn(statements);

    [Theory]
    [InlineData("if (flag && other) [|_own.Enter()|]; if (other) _own.Exit();")]
    [InlineData("if (flag && other) [|_own.Enter()|]; if (flag || other) _own.Exit();")]
    [InlineData("if (flag && other) [|_own.Enter()|]; other = n > 1; if (flag && other) _own.Exit();")]
    [InlineData("if (flag && _mutable) [|_own.Enter()|]; Log(\"\"); if (flag && _mutable) _own.Exit();")]
    public void AnotherConditionOfThem_IsNot(string statements) => VerifyIn(statements);

    [Fact]
    public void AcquiredAgainInTheNextTurn_IsOneMistake() => VerifyIn("for (int i = 0; i < n; i++) {|LOCK2004:_own.Enter()|}; _own.Exit();");

    [Fact]
    public void NeverHeld_IsAnotherRule() => VerifyIn("if (flag) { _own.Enter(); _own.Exit(); } {|LOCK2003:_own.Exit()|};");

    [Fact]
    public void TryAcquire_IsAnotherRule() => VerifyIn("if (flag) {|LOCK2007:_own.TryEnter()|}; _own.Exit();");

    [Fact]
    public void LambdaAndLocalFunction_AreBodiesToo() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public Action<bool> Use()
            {
                Local(true);
                return flag =>
                {
                    if (flag)
                    {
                        [|_gate.Enter()|];
                    }

                    _gate.Exit();
                };

                void Local(bool flag)
                {
                    if (flag)
                    {
                        _gate.Enter();
                    }

                    if (flag)
                    {
                        _gate.Exit();
                    }
                }
            }
        }
        """);

    [Fact]
    public void PrivateHelper_IsJudgedByItsCallers() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Right(bool flag)
            {
                Enter(flag);
                if (flag)
                {
                    _gate.Exit();
                }
            }

            public void Wrong(bool flag)
            {
                {|LOCK2007:Enter(flag)|};
                _gate.Exit();
            }

            private void Enter(bool flag)
            {
                if (flag)
                {
                    _gate.Enter();
                }
            }
        }
        """);

    [Fact]
    public void Async_IsTheSameFlow() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public async Task Use(bool flag)
            {
                if (flag)
                {
                    [|await _gate.WaitAsync()|];
                }

                await Task.Yield();
                _gate.Release();
            }
        }
        """.Replace("[|await _gate.WaitAsync()|]", "await [|_gate.WaitAsync()|]"));

    [Theory]
    [InlineData("Run(() => _gate.Enter()); _count++; _gate.Exit();")]
    [InlineData("RunLogged(() => _gate.Enter()); _count++; _gate.Exit();")]
    [InlineData("RunOn(() => _gate.Enter()); _count++; _gate.Exit();")]
    [InlineData("RunIfAny(() => _gate.Enter()); _count++; _gate.Exit();")]
    [InlineData("if (Get(() => _gate.TryEnter())) { _count++; _gate.Exit(); }")]
    [InlineData("bool isTaken = false; Run(() => { _gate.Enter(); isTaken = true; }); if (isTaken) { _count++; _gate.Exit(); }")]
    [InlineData("{|LOCK4001:await RunAsync(async () => { await Task.Yield(); _gate.Enter(); })|}; _count++; _gate.Exit();")]
    [InlineData("RunWhen(() => [|_gate.Enter()|]); {|LOCK1001:_count|}++; _gate.Exit();")]
    [InlineData("RunSafely(() => [|_gate.Enter()|]); {|LOCK1001:_count|}++; _gate.Exit();")]
    [InlineData("RunTwice(() => {|LOCK2004:_gate.Enter()|}); _count++; _gate.Exit();")]
    [InlineData("Run(() => { }); {|LOCK1001:_count|}++;")]
    [InlineData("_gate.Enter(); Run(() => { _count++; _gate.Exit(); }); {|LOCK1001:_count|}++;")]
    public void LambdaThatAHelperRuns_RunsAsOftenAsTheHelperSays(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();
            [GuardedBy(nameof(_gate))] private int _count;
            private volatile bool _isOpen;

            public async Task Use() { await Task.Yield(); {{body}} }

            public void Open() => _isOpen = true;

            private void Run(Action work) => work();

            private void RunOn(Action work) => Run(work);

            private void RunIfAny(Action? work) => work?.Invoke();

            private void RunTwice(Action work) { work(); work(); }

            private void RunLogged(Action work) { try { work(); } finally { Console.WriteLine(); } }

            private void RunSafely(Action work) { try { work(); } catch (Exception) { } }

            private void RunWhen(Action work) { if (_isOpen) work(); }

            private T Get<T>(Func<T> read) => read();

            private async Task RunAsync(Func<Task> work) { await work(); }
        }
        """);

    [Fact]
    public void HandlerOfATryThatAcquires_IsEnteredWithTheLock() => VerifyIn("try { _own.Enter(); n++; } catch { throw; } finally { _own.Exit(); }");

    [Fact]
    public void FalseAlarm_ConditionsThatAgreeOnlyByArithmetic() => VerifyIn("int m = n * n; if (m > 4) [|_own.Enter()|]; if (n > 2 || n < -2) _own.Exit();");

    /// <summary>An arm of a switch expression that is true goes where a condition goes that holds.</summary>
    [Theory]
    [InlineData("if (flag switch { true => true, _ => false }) _own.Enter(); Log(\"\"); if (flag switch { true => true, _ => false }) _own.Exit();")]
    [InlineData("if (flag switch { true => true, _ => false }) [|_own.Enter()|]; Log(\"\"); if (other switch { true => true, _ => false }) _own.Exit();")]
    public void SwitchExpression_IsACondition(string body) => VerifyIn(body);

    [Theory]
    [InlineData("private", "")]
    [InlineData("private", "_timer.Elapsed += Poll;")]
    [InlineData("public", "")]
    public void WhatRunsLater_HasNoCallersToReleaseFor(string access, string start) => Verify(
        $$"""
        public class Poller
        {
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly System.Timers.Timer _timer = new();
            private readonly CancellationTokenSource _stop = new();
            private int _polls;

            public void Start() { {{start}} _timer.Start(); }

            {{access}} void Poll(object? sender, System.Timers.ElapsedEventArgs e)
            {
                Task.Run(async () =>
                {
                    try
                    {
                        if (Environment.TickCount > 5) { return; }
                        await [|_one.WaitAsync(_stop.Token)|].ConfigureAwait(false);
                        _polls++;
                    }
                    finally
                    {
                        _one.Release();
                    }
                });
            }
        }
        """);

    [Theory]
    [InlineData("while (_queue.TryDequeue(out Row? row)) { lock (row.Gate) { row.Value++; } }")]
    [InlineData("while (_map.TryGetValue(1, out var row)) { lock (row.Gate) { row.Value++; _map.Remove(1); } }")]
    [InlineData("while (_queue.TryDequeue(out Row? row)) { Monitor.Enter(row.Gate); try { row.Value++; if (row.Value > 3) continue; } finally { Monitor.Exit(row.Gate); } }")]
    [InlineData("while (_queue.TryDequeue(out Row? row)) { lock (row.Gate) { } {|LOCK1001:row.Value|}++; }")]
    public void WhatACallWritesInEachTurn_IsAnotherOneEachTurn(string body) => Verify(
        $$"""
        public class Row
        {
            internal readonly object Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Value;
        }

        public class Table
        {
            private readonly Queue<Row> _queue = new();
            private readonly Dictionary<int, Row> _map = new();

            public void Use() { {{body}} }
        }
        """);

    /// <summary>Whoever held it when it called would have waited for itself: what a cancelled wait leaves is not released for a caller.</summary>
    [Theory]
    [InlineData("await [|_one.WaitAsync(token)|].ConfigureAwait(false); _polls++;", "private")]
    [InlineData("[|_one.Wait(token)|]; _polls++;", "private")]
    [InlineData("Console.WriteLine(); await [|_one.WaitAsync(token)|]; _polls++;", "internal")]
    [InlineData("await _one.WaitAsync(); _polls++;", "private")]
    public void CancelledInAHelper_IsReported(string body, string access) => Verify(
        $$"""
        public class Poller
        {
            private readonly SemaphoreSlim _one = new(1, 1);
            private int _polls;

            public Task Poll(CancellationToken token) => Once(token);

            {{access}} async Task Once(CancellationToken token)
            {
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

    /// <summary>A helper that gives up what its caller holds, and takes it back if nobody cancels.</summary>
    [Fact]
    public void TakenBackInAHelper_IsSilent() => Verify(
        """
        public class Poller
        {
            private readonly SemaphoreSlim _one = new(1, 1);

            public async Task Poll(CancellationToken token)
            {
                await _one.WaitAsync();
                await Pause(token);
                _one.Release();
            }

            private async Task Pause(CancellationToken token)
            {
                _one.Release();
                await Task.Yield();
                await _one.WaitAsync(token);
            }
        }
        """);
}
