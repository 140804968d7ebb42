// LOCK2006: a lock is released in the mode that it was acquired in.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ReleasedAsAcquiredTests() : RuleTests("LOCK2006")
{
    private void VerifyIn(string body, string? message = null) => Verify(
        $$"""
        public class Table
        {
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly ReaderWriterLockSlim _nesting = new(LockRecursionPolicy.SupportsRecursion);
            private readonly ReaderWriterLock _old = new();
            private readonly RwGate _own = new();
            private readonly Gate _gate = new();

            public int Use(bool flag, LockCookie cookie)
            {
                {{body}}
                return 0;
            }
        }
        """, message);

    [Theory]
    [InlineData("_rw.EnterReadLock(); [|_rw.ExitWriteLock()|];", "'_rw' is held shared and released as if it were held exclusively")]
    [InlineData("_rw.EnterWriteLock(); [|_rw.ExitReadLock()|];", "'_rw' is held exclusively and released as if it were held shared")]
    [InlineData("_rw.EnterUpgradeableReadLock(); [|_rw.ExitReadLock()|];", "'_rw' is held upgradeable and released as if it were held shared")]
    [InlineData("_rw.EnterUpgradeableReadLock(); [|_rw.ExitWriteLock()|];", "'_rw' is held upgradeable and released as if it were held exclusively")]
    [InlineData("_rw.EnterReadLock(); [|_rw.ExitUpgradeableReadLock()|];", "'_rw' is held shared and released as if it were held upgradeable")]
    [InlineData("_rw.EnterWriteLock(); [|_rw.ExitUpgradeableReadLock()|];", "'_rw' is held exclusively and released as if it were held upgradeable")]
    [InlineData("_own.EnterRead(); [|_own.ExitWrite()|];", "'_own' is held shared and released as if it were held exclusively")]
    [InlineData("_own.EnterWrite(); [|_own.ExitRead()|];", "'_own' is held exclusively and released as if it were held shared")]
    [InlineData("_old.AcquireReaderLock(1); [|_old.ReleaseWriterLock()|];", "'_old' is held shared and released as if it were held exclusively")]
    [InlineData("_rw.EnterReadLock(); try { } finally { [|_rw.ExitWriteLock()|]; }", "'_rw' is held shared and released as if it were held exclusively")]
    [InlineData("if (_rw.TryEnterReadLock(1)) [|_rw.ExitWriteLock()|];", "'_rw' is held shared and released as if it were held exclusively")]
    [InlineData("if (flag) _rw.EnterReadLock(); else _rw.EnterWriteLock(); [|_rw.ExitReadLock()|];", "'_rw' is held exclusively and released as if it were held shared")]
    public void OtherMode_IsReportedAtTheRelease(string statements, string message) => VerifyIn(statements, message);

    [Fact]
    public void Acquire_IsAnAdditionalLocationAndNoLeak() => VerifyIn("{|#0:_rw.EnterReadLock()|}; [|_rw.ExitWriteLock()|];");

    [Theory]
    [InlineData("_rw.EnterReadLock(); _rw.ExitReadLock();")]
    [InlineData("_rw.EnterWriteLock(); _rw.ExitWriteLock();")]
    [InlineData("_rw.EnterUpgradeableReadLock(); _rw.ExitUpgradeableReadLock();")]
    [InlineData("_rw.EnterUpgradeableReadLock(); _rw.EnterWriteLock(); _rw.ExitWriteLock(); _rw.ExitUpgradeableReadLock();")]
    [InlineData("_rw.EnterUpgradeableReadLock(); _rw.EnterReadLock(); _rw.ExitUpgradeableReadLock(); _rw.ExitReadLock();")]
    [InlineData("_nesting.EnterWriteLock(); _nesting.EnterReadLock(); _nesting.ExitReadLock(); _nesting.ExitWriteLock();")]
    [InlineData("_nesting.EnterWriteLock(); _nesting.EnterReadLock(); _nesting.ExitWriteLock(); _nesting.ExitReadLock();")]
    [InlineData("_old.AcquireReaderLock(1); _old.ReleaseReaderLock();")]
    [InlineData("_old.AcquireWriterLock(1); _old.ReleaseReaderLock();")]
    [InlineData("_old.AcquireReaderLock(1); _old.UpgradeToWriterLock(1); _old.DowngradeFromWriterLock(ref cookie); _old.ReleaseReaderLock();")]
    [InlineData("if (flag) _rw.EnterReadLock(); else _rw.EnterWriteLock(); if (flag) _rw.ExitReadLock(); else _rw.ExitWriteLock();")]
    [InlineData("_gate.Enter(); _gate.Exit();")]
    [InlineData("if (_rw.TryEnterWriteLock(1)) _rw.ExitWriteLock(); else if (_rw.TryEnterReadLock(1)) _rw.ExitReadLock();")]
    public void SameModeOrAny_IsSilent(string statements) => VerifyIn(statements);

    [Fact]
    public void NotHeldAtAll_IsAnotherRule() => VerifyIn("{|LOCK2003:_rw.ExitWriteLock()|};");

    [Fact]
    public void ModesOfTwoWaysJoined_AreReportedAtABindingReleaseOnly() => Verify(
        """
        [Capability("both")]
        public class Both
        {
            [AcquiresShared("this")]
            public void Share() { }

            [Acquires("this")]
            public void Take() { }

            [Releases("this")]
            public void Give() { }

            [ReleasesExclusive("this")]
            public void GiveExclusive() { }
        }

        public class Table
        {
            private readonly Both _gate = new();

            public void Right(bool flag)
            {
                if (flag) _gate.Share(); else _gate.Take();
                _gate.Give();
            }

            public void Wrong(bool flag)
            {
                if (flag) _gate.Share(); else _gate.Take();
                [|_gate.GiveExclusive()|];
            }
        }
        """);

    [Fact]
    public void RequiredMode_IsTheOneHeld() => Verify(
        """
        public class Table
        {
            private readonly RwGate _gate = new();

            [ReleasesShared(nameof(_gate))]
            public void Right() => _gate.ExitRead();

            [ReleasesShared(nameof(_gate))]
            public void Wrong() => [|_gate.ExitWrite()|];

            public void Use()
            {
                _gate.EnterWrite();
                [|Right()|];
            }
        }
        """);

    [Fact]
    public void ContractThatReleasesInWhicheverMode_LetsTheBodyReleaseAsEither() => Verify(
        """
        public class Space
        {
            private readonly RwGate _sem = new();

            [Releases(nameof(_sem))] public void AsReader() => _sem.ExitRead();
            [Releases(nameof(_sem))] public void AsWriter() => _sem.ExitWrite();
            [ReleasesWhen(-11, nameof(_sem))] public int Fault(bool raced) { if (raced) { _sem.ExitRead(); return -11; } return 0; }
            [ReleasesExclusive(nameof(_sem))] public void Bound() => [|_sem.ExitRead()|];
        }
        """);

    [Fact]
    public void Helper_IsJudgedAtItsCalls() => Verify(
        """
        public class Table
        {
            private readonly ReaderWriterLockSlim _gate = new();

            public void Use()
            {
                _gate.EnterReadLock();
                Leave();
            }

            private void Leave() => _gate.ExitReadLock();
        }
        """);

    [Fact]
    public void WriteLockThatWasPerhapsNotTakenInsideAnUpgradeableOne_IsOneMistake() => Verify(
        """
        public class Groups
        {
            private readonly ReaderWriterLockSlim _gate = new();
            private int _group;

            public void Set(string group)
            {
                _gate.EnterUpgradeableReadLock();
                try
                {
                    int picked = int.Parse(group);
                    _gate.EnterWriteLock();
                    _group = picked;
                }
                finally
                {
                    [|_gate.ExitWriteLock()|];
                    _gate.ExitUpgradeableReadLock();
                }
            }
        }
        """,
        "'_gate' is held upgradeable and released as if it were held exclusively");

    [Fact]
    public void HelperThatAsksForTheMode_ReleasesInNoOther() => Verify(
        """
        public class Table
        {
            private readonly ReaderWriterLockSlim _lock = new();

            public void Shared() { _lock.EnterReadLock(); Leave(); }
            public void Exclusive() { _lock.EnterWriteLock(); Leave(); }
            public void Upgradeable() { _lock.EnterUpgradeableReadLock(); [|Leave()|]; }
            public void Forgotten() { {|LOCK2001:_lock.EnterReadLock()|}; LeaveWriter(); }

            private void Leave() { if (_lock.IsWriteLockHeld) _lock.ExitWriteLock(); else _lock.ExitReadLock(); }
            private void LeaveWriter() { if (_lock.IsWriteLockHeld) _lock.ExitWriteLock(); }
        }
        """);
}
