// The contracts that code keeps are written down.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class AnnotateContractsTests() : RefactoringTests(new AnnotateContracts())
{
    private const string Source = """
        public class [||]Account
        {
            private readonly object _gate = new();
            private readonly List<int> _changes = new(); // all of them

            /// <summary>In cents.</summary>
            private int _balance, _limit;
            private int _free;

            public void Add(int amount)
            {
                lock (_gate)
                {
                    Change(amount);
                }

                _free++;
            }

            public void Take(int amount)
            {
                lock (_gate)
                {
                    Checked(-amount);
                    _changes.Clear();
                    _limit++;
                }
            }

            private void Checked(int by)
            {
                Change(by);
            }

            private void Change(int by)
            {
                _balance += by;
                _changes.Add(by);
                _limit += _balance;
            }

            private void Log() { }
        }
        """;

    private const string Annotated = """
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))]
            private readonly List<int> _changes = new(); // all of them

            /// <summary>In cents.</summary>
            [GuardedBy(nameof(_gate))]
            private int _balance, _limit;
            private int _free;

            public void Add(int amount)
            {
                lock (_gate)
                {
                    Change(amount);
                }

                _free++;
            }

            public void Take(int amount)
            {
                lock (_gate)
                {
                    Checked(-amount);
                    _changes.Clear();
                    _limit++;
                }
            }

            [Requires(nameof(_gate))]
            private void Checked(int by)
            {
                Change(by);
            }

            [Requires(nameof(_gate))]
            private void Change(int by)
            {
                _balance += by;
                _changes.Add(by);
                _limit += _balance;
            }

            private void Log() { }
        }
        """;

    [Fact]
    public void Type_GetsGuardsAndRequirements() => Verify(Source, Annotated, "Write the contracts that 'Account' keeps");

    [Fact]
    public void Project_GetsThem() => Verify(Source, Annotated, "Write the contracts that project 'One' keeps");

    [Fact]
    public void Solution_GetsThem() => Verify(Source, Annotated, "Write the contracts that the solution keeps", Annotated);

    [Fact]
    public void ExistingContracts_Stay() => Verify(
        """
        public class [||]Account
        {
            private readonly ReaderWriterLockSlim _lock = new();
            [Unguarded("a hint")] private int _hint;
            private int _balance;
            [GuardedBy(nameof(_lock))] private int _limit;

            public void Add()
            {
                _lock.EnterWriteLock();
                _balance++;
                _hint++;
                Raise();
                _lock.ExitWriteLock();
            }

            public int Read()
            {
                _lock.EnterReadLock();
                _hint++;
                int read = _balance + Limit;
                _lock.ExitReadLock();
                return read;
            }

            private void Raise() => _limit++;

            private int Limit => _limit;
        }
        """,
        """
        public class Account
        {
            private readonly ReaderWriterLockSlim _lock = new();
            [Unguarded("a hint")] private int _hint;
            [GuardedBy(nameof(_lock))]
            private int _balance;
            [GuardedBy(nameof(_lock))] private int _limit;

            public void Add()
            {
                _lock.EnterWriteLock();
                _balance++;
                _hint++;
                Raise();
                _lock.ExitWriteLock();
            }

            public int Read()
            {
                _lock.EnterReadLock();
                _hint++;
                int read = _balance + Limit;
                _lock.ExitReadLock();
                return read;
            }

            [Requires(nameof(_lock))]
            private void Raise() => _limit++;

            [RequiresShared(nameof(_lock))]
            private int Limit => _limit;
        }
        """,
        "Write the contracts that 'Account' keeps");

    [Fact]
    public void TypeWithoutLocks_IsLeftAlone() => VerifyNone("""
        public class [||]Account
        {
            private int _balance;

            public void Add() => _balance++;
        }
        """);

    /// <summary>Two contracts want the same directive, and what a constructor does without the lock costs no contract.</summary>
    [Fact]
    public void FileWithoutTheNamespace_GetsItOnce() => Verify(
        """
        // Header.
        using System.Threading;

        namespace Shop;

        public class [||]Cache
        {
            private readonly Lock _gate = new();
            private int _segments;

            public Cache() => Extend();

            public int Segments
            {
                get
                {
                    lock (_gate)
                    {
                        return _segments;
                    }
                }
            }

            public void Use()
            {
                lock (_gate)
                {
                    Extend();
                }
            }

            private void Extend() => _segments++;
        }

        """,
        """
        // Header.
        using System.Threading;
        using Locking;

        namespace Shop;

        public class Cache
        {
            private readonly Lock _gate = new();
            [GuardedBy(nameof(_gate))]
            private int _segments;

            public Cache() => Extend();

            public int Segments
            {
                get
                {
                    lock (_gate)
                    {
                        return _segments;
                    }
                }
            }

            public void Use()
            {
                lock (_gate)
                {
                    Extend();
                }
            }

            [Requires(nameof(_gate))]
            private void Extend() => _segments++;
        }

        """,
        "Write the contracts that 'Cache' keeps",
        withUsings: false);
}
