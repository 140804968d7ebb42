// LOCK2007: what a try-acquire answers decides what follows.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class TryResultMattersTests() : BoxTests("LOCK2007")
{
    private void VerifyIn(string body, string? message = null) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly Gate _own = new();
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly Mutex _mutex = new();
            private readonly Lock _lock = new();
            private readonly Mm _mm = new();
            private SpinLock _spin;

            [GuardedBy(nameof(_gate))]
            private int _count;

            public int Use(bool flag, int n)
            {
                {{body}}
                return 0;
            }

            private static void Log(string text)
            {
            }
        }
        """, message);

    /// <summary>A record is compared with null by an operator of its own.</summary>
    [Theory]
    [InlineData("if (account == null) return; _account.Balance = 1; _account.Gate.Exit();")]
    [InlineData("if (account != null) { _account.Balance = 1; _account.Gate.Exit(); }")]
    [InlineData("if (null == account) return; _account.Balance = 1; _account.Gate.Exit();")]
    public void RecordThatIsNull_TellsWhatNullTells(string body) => Verify(
        $$"""
        public record Account
        {
            public readonly Gate Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Balance;
        }

        public class Bank
        {
            private readonly Account _account = new();

            public void M()
            {
                Account? account = Open();
                {{body}}
            }

            private Account? Open() => _account.Gate.TryEnter() ? _account : null;
        }
        """);

    [Theory]
    [InlineData("[|_own.TryEnter()|]; _own.Exit();", "Whether '_own' was acquired is ignored")]
    [InlineData("_ = [|_own.TryEnter()|]; _own.Exit();", "Whether '_own' was acquired is ignored")]
    [InlineData("[|Monitor.TryEnter(_gate)|]; Monitor.Exit(_gate);", "Whether '_gate' was acquired is ignored")]
    [InlineData("[|Monitor.TryEnter(_gate, 10)|]; Monitor.Exit(_gate);", "Whether '_gate' was acquired is ignored")]
    [InlineData("[|Monitor.TryEnter(_gate, TimeSpan.Zero)|]; Monitor.Exit(_gate);", "Whether '_gate' was acquired is ignored")]
    [InlineData("[|_lock.TryEnter(5)|]; _lock.Exit();", "Whether '_lock' was acquired is ignored")]
    [InlineData("[|_rw.TryEnterReadLock(1)|]; _rw.ExitReadLock();", "Whether '_rw' was acquired is ignored")]
    [InlineData("[|_rw.TryEnterWriteLock(1)|]; _rw.ExitWriteLock();", "Whether '_rw' was acquired is ignored")]
    [InlineData("[|_rw.TryEnterUpgradeableReadLock(1)|]; _rw.ExitUpgradeableReadLock();", "Whether '_rw' was acquired is ignored")]
    [InlineData("[|_one.Wait(10)|]; _one.Release();", "Whether '_one' was acquired is ignored")]
    [InlineData("[|_mutex.WaitOne(10)|]; _mutex.ReleaseMutex();", "Whether '_mutex' was acquired is ignored")]
    [InlineData("bool taken = [|_own.TryEnter()|]; _own.Exit();", "'_own' is released whether or not it was acquired here")]
    [InlineData("bool taken = [|_own.TryEnter()|]; if (flag) _own.Exit(); else return taken ? 1 : 0;", null)]
    [InlineData("bool taken = [|_own.TryEnter()|]; taken = flag; if (taken) _own.Exit();", "'_own' is released whether or not it was acquired here")]
    [InlineData("bool taken = false; [|Monitor.TryEnter(_gate, ref taken)|]; Monitor.Exit(_gate);", "'_gate' is released whether or not it was acquired here")]
    [InlineData("bool taken = false; try { [|Monitor.TryEnter(_gate, 10, ref taken)|]; } finally { Monitor.Exit(_gate); }", "'_gate' is released whether or not it was acquired here")]
    [InlineData("bool taken = false; [|_spin.TryEnter(ref taken)|]; _spin.Exit();", "'_spin' is released whether or not it was acquired here")]
    [InlineData("try { if ([|_own.TryEnter()|]) Log(\"\"); } finally { _own.Exit(); }", "'_own' is released whether or not it was acquired here")]
    [InlineData("if ([|_own.TryEnter()|] || flag) _own.Exit();", "'_own' is released whether or not it was acquired here")]
    public void ResultThatDoesNotMatter_IsReportedAtTheTry(string statements, string? message) => VerifyIn(statements, message);

    [Theory]
    [InlineData("if (_own.TryEnter()) _own.Exit();")]
    [InlineData("if (!_own.TryEnter()) return 1; _own.Exit();")]
    [InlineData("if (!_own.TryEnter()) throw new TimeoutException(); try { Log(\"\"); } finally { _own.Exit(); }")]
    [InlineData("bool taken = _own.TryEnter(); try { Log(\"\"); } finally { if (taken) _own.Exit(); }")]
    [InlineData("bool failed = !_own.TryEnter(); if (!failed) _own.Exit();")]
    [InlineData("bool taken = _own.TryEnter(); bool copy = taken; if (copy) _own.Exit();")]
    [InlineData("if (flag && _own.TryEnter()) _own.Exit();")]
    [InlineData("while (!_own.TryEnter()) Log(\"\"); _own.Exit();")]
    [InlineData("do { } while (!_own.TryEnter()); _own.Exit();")]
    [InlineData("for (int i = 0; i < n; i++) { if (_own.TryEnter()) { _own.Exit(); break; } }")]
    [InlineData("if (Monitor.TryEnter(_gate) is true) Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.TryEnter(_gate) == false) return 1; Monitor.Exit(_gate);")]
    [InlineData("switch (_own.TryEnter()) { case true: _own.Exit(); break; }")]
    [InlineData("int x = _own.TryEnter() switch { true => 1, false => 0 }; if (x == 1) _own.Exit();")]
    [InlineData("bool taken = false; try { Monitor.TryEnter(_gate, ref taken); Log(\"\"); } finally { if (taken) Monitor.Exit(_gate); }")]
    [InlineData("bool taken = false; try { _spin.TryEnter(5, ref taken); } finally { if (taken) _spin.Exit(); }")]
    [InlineData("if (!Monitor.TryEnter(_gate)) { Monitor.Enter(_gate); } Monitor.Exit(_gate);")]
    public void ResultThatDecides_IsSilent(string statements) => VerifyIn(statements);

    [Fact]
    public void GuardedAccessBehindAnUncheckedTry_IsAnotherRuleToo() => VerifyIn("[|Monitor.TryEnter(_gate)|]; {|LOCK1001:_count|} = 1; Monitor.Exit(_gate);");

    [Fact]
    public void CheckedTryThatLeaks_IsAnotherRule() => VerifyIn("if ({|LOCK2001:_own.TryEnter()|}) return 1;");

    [Fact]
    public void ReleaseOnTheFailureArm_IsAnotherRule() => VerifyIn("if (_own.TryEnter()) _own.Exit(); else {|LOCK2003:_own.Exit()|};");

    [Fact]
    public void Reference_IsAnotherRule() => VerifyIn("{|LOCK5001:_mm.TryGet()|}; _mm.Put();");

    [Fact]
    public void AsyncTry_IsTheSame() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public async Task Wrong()
            {
                await [|_gate.WaitAsync(10)|];
                _gate.Release();
            }

            public async Task<bool> Right()
            {
                if (!await _gate.WaitAsync(10).ConfigureAwait(false))
                {
                    return false;
                }

                _gate.Release();
                return true;
            }
        }
        """);

    [Fact]
    public void ResultByEnumAndNull_Decides() => Verify(
        """
        public enum Answer { Busy, Taken }

        [Capability("box")]
        public class Box
        {
            [TryAcquires(Answer.Taken, "this")]
            public Answer Ask() => Answer.Taken;

            [TryAcquires(Result.NotNull, "this")]
            public object? Open() => this;

            [TryAcquires(Result.NonNegative, "this")]
            public int Enter() => 0;

            [Releases("this")]
            public void Exit() { }
        }

        public class Table
        {
            public void Right(Box box)
            {
                if (box.Ask() == Answer.Taken) box.Exit();
                if (box.Open() is { }) box.Exit();
                if (box.Enter() >= 0) box.Exit();
                switch (box.Ask()) { case Answer.Taken: box.Exit(); break; }
                if (box.Open() != null) box.Exit();
                int error = box.Enter(); if (error < 0) return; box.Exit();
            }

            public void Wrong(Box box)
            {
                Answer answer = [|box.Ask()|]; box.Exit();
            }

            public void Other(Box box)
            {
                if ({|LOCK2001:box.Enter()|} < 0) {|LOCK2003:box.Exit()|};
            }
        }
        """);

    [Fact]
    public void Helper_HandsItsResultOn() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Right()
            {
                if (TryTake()) _gate.Exit();
            }

            public void Wrong()
            {
                [|TryTake()|];
                _gate.Exit();
            }

            private bool TryTake() => _gate.TryEnter();
        }
        """);

    [Fact]
    public void ResultInAField_IsFollowed() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();
            private bool _taken;

            public void Use()
            {
                _taken = _gate.TryEnter();
                Thread.Yield();
                if (_taken) _gate.Exit();
            }
        }
        """);

    [Fact]
    public void HelperThatReleasesWhatItsOwnTryDidNotGet_IsReportedOnce() => Verify(
        """
        public class Cache
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public async Task Fill()
            {
                bool taken = await [|_gate.WaitAsync(2500)|];
                try
                {
                    if (!taken)
                    {
                        throw new TimeoutException();
                    }

                    await Task.Yield();
                }
                catch (Exception e) when (e is TimeoutException)
                {
                }
                finally
                {
                    _gate.Release();
                }
            }

            public async Task Use() => await Fill();
        }
        """,
        "'_gate' is released whether or not it was acquired here");

    [Fact]
    public void SignalThatIsWaitedForAWhile_IsSilent() => Verify(
        """
        public class Loop
        {
            private readonly SemaphoreSlim _changed = new(0, 1);

            public async Task RunAsync(CancellationToken stop)
            {
                while (!stop.IsCancellationRequested)
                {
                    await _changed.WaitAsync(TimeSpan.FromSeconds(1), stop);
                }
            }

            public void Change() => _changed.Release();
        }

        public class Observer
        {
            public SemaphoreSlim Found { get; } = new(0, 1);
        }

        public class Broker
        {
            public async Task FindAsync(Observer observer, CancellationToken stop)
            {
                await observer.Found.WaitAsync(TimeSpan.FromSeconds(1), stop);
                observer.Found.Release();
            }
        }
        """);

    [Theory]
    [InlineData("await [|_gate.WaitAsync(5)|];")]
    [InlineData("await [|Begin(5)|];")]
    [InlineData("await [|BeginLater(5)|];")]
    public void AwaitedTryThatIsDropped_HoldsNothingForCertain(string statement) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            [GuardedBy(nameof(_gate))]
            private int _rows;

            private Task<bool> Begin(int milliseconds) => _gate.WaitAsync(milliseconds);

            private async Task<bool> BeginLater(int milliseconds) => await _gate.WaitAsync(milliseconds);

            public async Task Use()
            {
                {{statement}}
                {|LOCK1001:_rows|} = 1;
            }
        }
        """);

    [Fact]
    public void AwaitedHelperThatAlwaysAcquires_MayBeDropped() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            private async Task<bool> Begin()
            {
                await _gate.WaitAsync();
                return true;
            }

            public async Task Use()
            {
                await Begin();
                _gate.Release();
            }
        }
        """);

    [Theory]
    [InlineData("Begin()")]
    [InlineData("Begin(-1)")]
    [InlineData("BeginLater()")]
    [InlineData("BeginWithin(Timeout.InfiniteTimeSpan)")]
    [InlineData("[|Begin(9)|]")]
    public void AwaitedHelperWithoutALimit_DoesNotFail(string begin) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            private Task<bool> Begin(int milliseconds = -1) => _gate.WaitAsync(milliseconds);

            private async Task<bool> BeginLater(int milliseconds = Timeout.Infinite) => await _gate.WaitAsync(milliseconds);

            private Task<bool> BeginWithin(TimeSpan limit) => _gate.WaitAsync(limit);

            public async Task Use()
            {
                await {{begin}};
                _gate.Release();
            }
        }
        """);

    [Theory]
    [InlineData("try { EnterIf(yes, ref taken); } finally { if (taken) Monitor.Exit(_gate); }")]
    [InlineData("EnterIf(yes, ref taken); if (taken) Monitor.Exit(_gate);")]
    [InlineData("EnterIf(yes, ref taken); if (yes) Monitor.Exit(_gate);")]
    [InlineData("{|LOCK2001:EnterIf(yes, ref taken)|};")]
    public void FlagThatAHelperSetsSometimes_IsWhatItWasOtherwise(string body) => Verify(
        $$"""
        public class Turnstile
        {
            private readonly object _gate = new();

            public void Pass(bool yes) { bool taken = false; {{body}} }

            private void EnterIf(bool yes, ref bool taken) { if (yes) Monitor.Enter(_gate, ref taken); }
        }
        """);

    [Theory]
    [InlineData("0", "got.Wait(10);")]
    [InlineData("1, 1", "[|got.Wait(10)|]; Console.Write(1); got.Release();")]
    public void SignalThatIsWaitedForWithALimit_MayBeALocal(string count, string wait) => Verify(
        $$"""
        public class Asker
        {
            public event Action Answered = null!;

            public void Ask()
            {
                using var got = new SemaphoreSlim({{count}});
                Answered += () => got.Release();
                {{wait}}
            }
        }
        """);

    [Theory]
    [InlineData("if (_box.TryHold() is { } held) { using (held) _count++; }")]
    [InlineData("using var held = _box.TryHold(); if (held is null) return; _count++;")]
    [InlineData("using var held = _box.TryHold(); {|LOCK1001:_count|}++;")]
    [InlineData("if (_box.TryHold() is not { } held) { {|LOCK1001:_count|}++; return; } held.Dispose();")]
    [InlineData("_box.TryHold()?.Dispose();")]
    [InlineData("if ({|LOCK2001:_box.TryHold()|} is { } held) _count++;")]
    public void GuardThatATryReturns_IsThereWhereItSucceeded(string body) =>
        VerifyBox("class", $"public void Use() {{ {body} }}", "[TryAcquires(Result.NotNull, \"this\")] public Held? TryHold() => null;");

    [Theory]
    [InlineData("using var held = await _box.TryHoldAsync(); if (held is null) return; _count++;")]
    [InlineData("if (await _box.TryHoldAsync() is { } held) { using (held) _count++; }")]
    [InlineData("using var held = await _box.TryHoldAsync(); {|LOCK1001:_count|}++;")]
    [InlineData("var held = await _box.TryHoldAsync(); if (held == null) {|LOCK1001:_count|}++; held?.Dispose();")]
    public void GuardThatATryYields_IsThereWhereItSucceeded(string body) =>
        VerifyBox("class", $"public async Task Use() {{ {body} }}", "[TryAcquires(Result.NotNull, \"this\")] public Task<Held?> TryHoldAsync() => Task.FromResult<Held?>(null);");
}
