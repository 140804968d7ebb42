// LOCK2010: a shared holder does not acquire exclusively.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class NoUpgradeWhileSharedTests() : RuleTests("LOCK2010")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly ReaderWriterLockSlim _nesting = new(LockRecursionPolicy.SupportsRecursion);
            private readonly ReaderWriterLock _old = new();
            private readonly RwGate _own = new();
            private readonly RwGate _second = new();

            public int Use(bool flag)
            {
                {{body}}
                return 0;
            }
        }
        """);

    [Fact]
    public void ExclusiveUnderShared_IsReportedWithTheSharedAcquire() => Verify(
        """
        public class Table
        {
            private readonly ReaderWriterLockSlim _gate = new();

            public void Use()
            {
                {|#0:_gate.EnterReadLock()|};
                [|_gate.EnterWriteLock()|];
                _gate.ExitWriteLock();
                _gate.ExitReadLock();
            }
        }
        """, "'_gate' is acquired exclusively while it is held shared");

    [Theory]
    [InlineData("_own.EnterRead(); [|_own.EnterWrite()|]; _own.ExitWrite(); _own.ExitRead();")]
    [InlineData("_nesting.EnterReadLock(); [|_nesting.EnterWriteLock()|]; _nesting.ExitWriteLock(); _nesting.ExitReadLock();")]
    [InlineData("_old.AcquireReaderLock(1); [|_old.AcquireWriterLock(1)|]; _old.ReleaseWriterLock(); _old.ReleaseReaderLock();")]
    [InlineData("_rw.EnterReadLock(); if (flag) { [|_rw.EnterWriteLock()|]; _rw.ExitWriteLock(); } _rw.ExitReadLock();")]
    [InlineData("if (_rw.TryEnterReadLock(1)) { [|_rw.EnterWriteLock()|]; _rw.ExitWriteLock(); _rw.ExitReadLock(); }")]
    [InlineData("_rw.EnterReadLock(); try { if (flag) [|_rw.EnterWriteLock()|]; else return 1; _rw.ExitWriteLock(); } finally { _rw.ExitReadLock(); }")]
    [InlineData("_rw.EnterReadLock(); Local(); _rw.ExitReadLock(); void Local() { [|_rw.EnterWriteLock()|]; _rw.ExitWriteLock(); }")]
    public void Upgrade_IsReported(string statements) => VerifyIn(statements);

    [Theory]
    [InlineData("_rw.EnterUpgradeableReadLock(); _rw.EnterWriteLock(); _rw.ExitWriteLock(); _rw.ExitUpgradeableReadLock();")]
    [InlineData("_rw.EnterReadLock(); _rw.ExitReadLock(); _rw.EnterWriteLock(); _rw.ExitWriteLock();")]
    [InlineData("_old.AcquireReaderLock(1); _old.UpgradeToWriterLock(1); _old.ReleaseWriterLock();")]
    [InlineData("_own.EnterRead(); _second.EnterWrite(); _second.ExitWrite(); _own.ExitRead();")]
    [InlineData("_own.EnterWrite(); _own.ExitWrite(); _own.EnterRead(); _own.ExitRead();")]
    [InlineData("if (flag) _rw.EnterReadLock(); else _rw.EnterWriteLock(); if (flag) _rw.ExitReadLock(); else _rw.ExitWriteLock();")]
    [InlineData("_nesting.EnterWriteLock(); _nesting.EnterReadLock(); _nesting.ExitReadLock(); _nesting.ExitWriteLock();")]
    public void NoUpgrade_IsSilent(string statements) => VerifyIn(statements);

    [Fact]
    public void UpgradeableInsideShared_IsTheOtherRule() =>
        VerifyIn("_rw.EnterReadLock(); {|LOCK2004:_rw.EnterUpgradeableReadLock()|}; _rw.ExitUpgradeableReadLock(); _rw.ExitReadLock();");

    [Fact]
    public void InACall_IsReportedAtTheCall() => Verify(
        """
        public class Table
        {
            private readonly RwGate _gate = new();

            [RequiresShared(nameof(_gate))]
            public void Required()
            {
                [|_gate.EnterWrite()|];
                _gate.ExitWrite();
            }

            public void Use()
            {
                _gate.EnterRead();
                [|Write()|];
                _gate.ExitRead();
            }

            private void Write()
            {
                _gate.EnterWrite();
                _gate.ExitWrite();
            }
        }
        """);
}
