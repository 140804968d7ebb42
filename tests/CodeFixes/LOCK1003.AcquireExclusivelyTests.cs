// A lock that is held shared at a write is acquired exclusively.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class AcquireExclusivelyTests() : FixTests("LOCK1003", new AcquireExclusively())
{
    private const string Start = """
        class Prices
        {
            private readonly ReaderWriterLockSlim _gate = new();
            private readonly RwGate _own = new();
            [GuardedBy(nameof(_gate))] private int _count;
            [GuardedBy(nameof(_own))] private int _size;


        """;

    private void Verify(string member, string expected) => VerifyFix(Start + member + "\n}\n", Start + expected + "\n}\n");

    private void VerifyNone(string body) => VerifyNoFix($"{Start}    public void Use(bool flag)\n    {{\n        {body}\n    }}\n}}\n");

    [Fact]
    public void Everywhere_AcquireAndReleasesChange() => VerifyFixAll(
        Start + """
            public int Find(bool flag)
            {
                _gate.EnterReadLock(); // here
                try
                {
                    if (flag)
                    {
                        return [|_count|] = 1;
                    }

                    return ++[|_count|];
                }
                finally
                {
                    _gate.ExitReadLock();
                }
            }

            public int Read()
            {
                _gate.EnterReadLock();
                int count = _count;
                _gate.ExitReadLock();
                _own.EnterRead();
                [|_size|]++;
                _own.ExitRead();
                return count;
            }
        }

        """,
        Start + """
            public int Find(bool flag)
            {
                _gate.EnterWriteLock(); // here
                try
                {
                    if (flag)
                    {
                        return _count = 1;
                    }

                    return ++_count;
                }
                finally
                {
                    _gate.ExitWriteLock();
                }
            }

            public int Read()
            {
                _gate.EnterReadLock();
                int count = _count;
                _gate.ExitReadLock();
                _own.EnterWrite();
                _size++;
                _own.ExitWrite();
                return count;
            }
        }

        """,
        "Acquire '_gate' exclusively");

    [Fact]
    public void AcquireInsideTheTry_AndAnEarlyRelease() => Verify(
        """
            public void Use(bool flag)
            {
                try
                {
                    _gate.EnterReadLock();
                    [|_count|]++;
                }
                finally
                {
                    _gate.ExitReadLock();
                }

                _own.EnterRead();
                if (flag)
                {
                    _own.ExitRead();
                    return;
                }

                _own.ExitRead();
            }
        """,
        """
            public void Use(bool flag)
            {
                try
                {
                    _gate.EnterWriteLock();
                    _count++;
                }
                finally
                {
                    _gate.ExitWriteLock();
                }

                _own.EnterRead();
                if (flag)
                {
                    _own.ExitRead();
                    return;
                }

                _own.ExitRead();
            }
        """);

    [Fact]
    public void EarlyRelease_ChangesToo() => Verify(
        """
            public void Use(bool flag)
            {
                _own.EnterRead();
                if (flag)
                {
                    _own.ExitRead();
                    return;
                }

                [|_size|]++;
                _own.ExitRead();
            }
        """,
        """
            public void Use(bool flag)
            {
                _own.EnterWrite();
                if (flag)
                {
                    _own.ExitWrite();
                    return;
                }

                _size++;
                _own.ExitWrite();
            }
        """);

    [Fact]
    public void CheckedTry_KeepsItsArguments() => Verify(
        """
            public bool Use()
            {
                if (!_gate.TryEnterReadLock(100)) return false;

                try
                {
                    [|_count|]++;
                    return true;
                }
                finally
                {
                    _gate.ExitReadLock();
                }
            }
        """,
        """
            public bool Use()
            {
                if (!_gate.TryEnterWriteLock(100)) return false;

                try
                {
                    _count++;
                    return true;
                }
                finally
                {
                    _gate.ExitWriteLock();
                }
            }
        """);

    [Fact]
    public void Upgradeable_IsAcquiredExclusivelyInside() => Verify(
        """
            public void Use(bool flag)
            {
                _gate.EnterUpgradeableReadLock();
                try
                {
                    if (_count == 0)
                    {
                        [|_count|] = 1; // first
                    }
                }
                finally
                {
                    _gate.ExitUpgradeableReadLock();
                }
            }
        """,
        """
            public void Use(bool flag)
            {
                _gate.EnterUpgradeableReadLock();
                try
                {
                    if (_count == 0)
                    {
                        _gate.EnterWriteLock();
                        try
                        {
                            _count = 1; // first
                        }
                        finally
                        {
                            _gate.ExitWriteLock();
                        }
                    }
                }
                finally
                {
                    _gate.ExitUpgradeableReadLock();
                }
            }
        """);

    [Theory]
    [InlineData("using (_sem.EnterRead()) { [|_count|]++; }", "using (_sem.EnterWrite()) { _count++; }")]
    [InlineData("using var read = _sem.EnterRead(); [|_count|]++;", "using var read = _sem.EnterWrite(); _count++;")]
    [InlineData("using (var read = _sem.EnterRead()) if (_count > 0) [|_count|]++;", "using (var read = _sem.EnterWrite()) if (_count > 0) _count++;")]
    public void Guards_ChangeByTheirCall(string body, string expected)
    {
        const string Table = "class Table\n{\n    private readonly RwSemaphore _sem = new();\n    [GuardedBy(nameof(_sem))] private int _count;\n\n    public void Use() { BODY }\n}\n";
        VerifyFix(Table.Replace("BODY", body), Table.Replace("BODY", expected));
    }

    [Theory]
    [InlineData("if (flag) _own.EnterRead(); else _own.EnterWrite(); [|_size|]++; if (flag) _own.ExitRead(); else _own.ExitWrite();")]
    [InlineData("_own.EnterRead(); if (flag) { _own.ExitRead(); _own.EnterWrite(); _own.ExitWrite(); return; } [|_size|]++; _own.ExitRead();")]
    public void RegionsThatAreNotToldForSure_AreLeftAlone(string body) => VerifyNone(body);

    [Fact]
    public void SharedByContract_IsLeftToTheCallers() => VerifyNoFix(
        """
        class Prices
        {
            private readonly RwGate _gate = new();
            [GuardedBy(nameof(_gate))] private int _count;

            [RequiresShared(nameof(_gate))]
            private void Add() => [|_count|]++;

            public void Use()
            {
                _gate.EnterRead();
                Add();
                _gate.ExitRead();
            }
        }
        """);

    [Fact]
    public void LambdaThatRunsElsewhere_IsItsOwnFunction() => VerifyNoFix(
        """
        class Prices
        {
            private readonly RwGate _gate = new();
            [GuardedBy(nameof(_gate))] private int _count;

            public void Use(List<int> rows)
            {
                _gate.EnterRead();
                rows.ForEach(r => [|_count|] += r);
                _gate.ExitRead();
            }
        }
        """);
}
