// LOCK2003: what is released is held.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ReleaseNeedsHoldTests() : RuleTests("LOCK2003")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly Gate _own = new();
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly SemaphoreSlim _signal = new(0);
            private readonly Mutex _mutex = new();
            private SpinLock _spin;
            private readonly Lock _lock = new();

            public int Use(bool flag, Table other)
            {
                {{body}}
                return 0;
            }
        }
        """);

    [Fact]
    public void ReleasedTwice_IsReported() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            public void Use()
            {
                Monitor.Enter(_gate);
                Monitor.Exit(_gate);
                [|Monitor.Exit(_gate)|];
            }
        }
        """,
        "'_gate' is released and not held");

    [Theory]
    [InlineData("[|Monitor.Exit(_gate)|];")]
    [InlineData("[|_own.Exit()|];")]
    [InlineData("[|_lock.Exit()|];")]
    [InlineData("[|_rw.ExitReadLock()|];")]
    [InlineData("[|_rw.ExitWriteLock()|];")]
    [InlineData("[|_one.Release()|];")]
    [InlineData("[|_mutex.ReleaseMutex()|];")]
    [InlineData("[|_spin.Exit()|];")]
    [InlineData("lock (_gate) { [|Monitor.Exit(other._gate)|]; }")]
    [InlineData("_own.Enter(); try { } finally { _own.Exit(); } [|_own.Exit()|];")]
    [InlineData("_own.Enter(); while (flag) { _own.Exit(); return 1; } _own.Exit(); [|_own.Exit()|];")]
    [InlineData("if (_own.TryEnter()) { _own.Exit(); } else { [|_own.Exit()|]; }")]
    [InlineData("if (!_own.TryEnter()) { [|_own.Exit()|]; return 1; } _own.Exit();")]
    [InlineData("var scope = new Scope(_own); scope.Exit(); [|scope.Exit()|];")]
    [InlineData("using (var scope = new Scope(_own)) { } [|_own.Exit()|];")]
    [InlineData("Task.Run(() => [|_own.Exit()|]);")]
    [InlineData("Give(); void Give() => [|_own.Exit()|];")]
    public void NotHeld_IsReported(string statement) => VerifyIn(statement);

    [Theory]
    [InlineData("_own.Enter(); _own.Exit();")]
    [InlineData("if (_own.TryEnter()) _own.Exit();")]
    [InlineData("using var scope = new Scope(_own); scope.Exit();")]
    [InlineData("var scope = new Scope(_own); scope.Dispose(); scope.Dispose();")]
    [InlineData("if (Monitor.IsEntered(_gate)) Monitor.Exit(_gate);")]
    [InlineData("bool taken = false; Monitor.TryEnter(_gate, ref taken); if (taken) Monitor.Exit(_gate);")]
    [InlineData("_signal.Release();")]
    [InlineData("lock (_gate) { Monitor.Exit(_gate); Monitor.Enter(_gate); }")]
    public void Held_IsSilent(string statement) => VerifyIn(statement);

    [Fact]
    public void HeldOnSomeWaysOnly_IsAnotherRule() => VerifyIn("if (flag) {|LOCK2005:_own.Enter()|}; _own.Exit();");

    [Fact]
    public void ReleasingContract_WantsItHeld() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [Releases(nameof(_gate))]
            public void Give() => _gate.Exit();

            public void Wrong() => [|Give()|];

            public void Right()
            {
                _gate.Enter();
                Give();
            }

            [Requires(nameof(_gate))]
            public void {|LOCK2012:GivesAwayWhatIsRequired|}() => _gate.Exit();
        }
        """);

    [Fact]
    public void PrivateHelper_IsJudgedAtItsCalls() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Wrong() => [|Give()|];

            public void Right()
            {
                _gate.Enter();
                Give();
            }

            private void Give() => _gate.Exit();
        }
        """);

    [Fact]
    public void ReleaseInsideALockStatement_LeavesItNothingToRelease() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            public void Use()
            {
                lock ([|_gate|])
                {
                    Monitor.Exit(_gate);
                }
            }
        }
        """);

    [Fact]
    public void HandOverHand_IsSilent() => Verify(
        """
        public class Cell
        {
            public readonly Gate Gate = new();
            public Cell? Next;

            [NestedLock(By = "position in the list")]
            public static void Walk(Cell first)
            {
                Cell current = first;
                current.Gate.Enter();
                while (current.Next is { } next)
                {
                    next.Gate.Enter();
                    current.Gate.Exit();
                    current = next;
                }

                current.Gate.Exit();
            }
        }
        """);

    [Fact]
    public void Miss_SemaphoreReleasedMoreOftenThanAcquired_IsSilentWhereItCounts() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _slots = new(4, 4);

            public void Use()
            {
                _slots.Wait();
                _slots.Release();
                _slots.Release();
            }
        }
        """);

    [Fact]
    public void GivenBackBeforeTheReturn_IsTheCallersLock() => Verify(
        """
        public class Mailbox(object sync)
        {
            public void LetOthersIn()
            {
                Monitor.Exit(sync);
                Monitor.Enter(sync);
            }
        }
        """);

    [Fact]
    public void GivenBackOnSomeWaysOnly_IsReported() => Verify(
        """
        public class Mailbox(object sync)
        {
            public void LetOthersIn(bool again)
            {
                [|Monitor.Exit(sync)|];
                if (again)
                {
                    Monitor.Enter(sync);
                }
            }
        }
        """);

    [Fact]
    public void HandOverHandThroughAVariable_IsSilent() => Verify(
        """
        public class Box
        {
            public bool Done;
            internal Box? Inner;

            public static void Wait(Box[] boxes)
            {
                Box? last = null;
                try
                {
                    foreach (Box box in boxes)
                    {
                        Box? next = box.Inner;
                        if (next != null)
                        {
                            Monitor.Enter(next);
                            if (last != null) Monitor.Exit(last);
                            last = next;
                        }
                    }

                    if (last != null)
                    {
                        while (!last.Done) Monitor.Wait(last);
                        Monitor.Exit(last);
                        last = null;
                    }
                }
                finally
                {
                    if (last != null) Monitor.Exit(last);
                }
            }
        }
        """);

    [Fact]
    public void ReferenceThatAnObjectKeeps_IsNotForTheThreadToHandOver() => Verify(
        """
        [Capability("count", Kind = CapabilityKind.Reference)]
        public sealed class Count
        {
            [Acquires("this")]
            public void Get() { }

            [Releases("this")]
            public void Put() { }

            [ReleasesShared("this")]
            public void Disown() { }
        }

        public class Owner
        {
            public Count Count { get; } = new();

            public void Close() => Count.Put();

            public void Right()
            {
                Count.Get();
                Count.Disown();
            }

            public void Wrong() => [|Count.Disown()|];
        }
        """, "'Count' is released and not held");

    [Fact]
    public void AcquireThatIsHandedOutAsATask_IsReleasedByAnotherMethod() => Verify(
        """
        public class Cleanup
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public Task PauseAsync(CancellationToken cancellation) => _gate.WaitAsync(cancellation);

            public void Resume() => _gate.Release();

            public async Task RunAsync(bool twice)
            {
                await _gate.WaitAsync();
                _gate.Release();
                if (twice)
                {
                    [|_gate.Release()|];
                }
            }
        }
        """);

    [Theory]
    [InlineData("if (_rw.RecursiveReadCount > 0) _rw.ExitReadLock();")]
    [InlineData("if (_rw.RecursiveWriteCount != 0) _rw.ExitWriteLock();")]
    [InlineData("if (_rw.RecursiveUpgradeCount == 1) _rw.ExitUpgradeableReadLock();")]
    [InlineData("if (_rw.RecursiveReadCount == 0) [|_rw.ExitReadLock()|];")]
    [InlineData("if (_rw.RecursiveReadCount > 0) _rw.ExitReadLock(); _rw.EnterReadLock(); _rw.ExitReadLock();")]
    public void HowOftenItIsHeld_SaysWhetherItIs(string statement) => Verify(
        "public class Table { private readonly ReaderWriterLockSlim _rw = new(); public void Use() { " + statement + " } public void Read() { _rw.EnterReadLock(); _rw.ExitReadLock(); } }");

    [Theory]
    [InlineData("Mutexes.Find(out Mutex mutex); mutex.ReleaseMutex();")]
    [InlineData("Mutexes.Find(out Mutex mutex); mutex.WaitOne(); mutex.ReleaseMutex(); [|mutex.ReleaseMutex()|];")]
    [InlineData("Mutex mutex = new(); Mutexes.Find(out _); [|mutex.ReleaseMutex()|];")]
    public void LockThatACalleeHandsOut_MayComeAcquired(string statements) => Verify(
        $$"""
        public class Journal { public void Use() { {{statements}} } }

        public static class Mutexes { public static void Find(out Mutex mutex) => mutex = new Mutex(); }
        """);

    [Theory]
    [InlineData("Read(); Read();")]
    [InlineData("Read(); [|_lock.ExitReadLock()|];")]
    [InlineData("Leave(); _lock.EnterReadLock(); Leave();")]
    [InlineData("_lock.EnterReadLock(); Leave(); [|_lock.ExitReadLock()|];")]
    public void WhatIsReleasedWhereItIsFoundHeld_NeedsNoHold(string statements) => Verify(
        $$"""
        public class Table
        {
            private readonly ReaderWriterLockSlim _lock = new();
            private int _count;

            public void Use() { {{statements}} }

            public int Read()
            {
                if (!_lock.IsReadLockHeld) { _lock.EnterReadLock(); }
                try { return _count; } finally { _lock.ExitReadLock(); }
            }

            private void Leave() { if (_lock.IsReadLockHeld) { _lock.ExitReadLock(); } }
        }
        """);

    /// <summary>An object that is made comes with the reference that its own maker took, and with no more.</summary>
    [Theory]
    [InlineData("var made = new Node(); made.References.Put(s_free);")]
    [InlineData("var made = new Node(); made.References.Put(s_free); [|made.References.Put(s_free)|];")]
    [InlineData("var made = new Kref(); made.Put(s_free); [|made.Put(s_free)|];")]
    public void ReferenceThatAnObjectComesWith_IsPutOnce(string body) => Verify(
        $$"""
        public class Node { public readonly Kref References = new(); }

        public static class Nodes
        {
            private static readonly Action s_free = () => { };

            public static void Run() { {{body}} }
        }
        """);

    /// <summary>Which element it is may be said while counting.</summary>
    [Theory]
    [InlineData("int n = 0; for (; n < _gates.Length; n++) { _gates[n].Enter(); } while (n > 0) { _gates[--n].Exit(); }")]
    [InlineData("int n = 0; while (n < _gates.Length) { _gates[n++].Enter(); } for (int i = 0; i < n; i++) { _gates[i].Exit(); }")]
    [InlineData("int n = 3; _gates[n++].Enter(); _gates[--n].Exit();")]
    [InlineData("int n = 3; {|LOCK2001:_gates[n++].Enter()|};")]
    public void ElementThatIsCountedTo_IsThatElement(string body) => Verify(
        $$"""
        public class Stripes
        {
            private readonly Gate[] _gates = { new(), new() };

            public void Run() { {{body}} }
        }
        """);
}
