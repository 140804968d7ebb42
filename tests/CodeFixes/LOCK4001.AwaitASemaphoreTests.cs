// A lock that is held across an await becomes a semaphore.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class AwaitASemaphoreTests() : FixTests("LOCK4001", new AwaitASemaphore())
{
    [Fact]
    public void Everywhere_FieldAndItsUses() => VerifyFixAll(
        """
        using System.Threading;
        using System.Threading.Tasks;
        using Locking;

        public class Account
        {
            private readonly object _gate = new object();
            [GuardedBy(nameof(_gate))] private int _balance;

            public async Task AddAsync()
            {
                Monitor.Enter(_gate);
                try
                {
                    [|await Task.Yield()|];
                    _balance++;
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }

            public void Add()
            {
                // At once.
                lock (_gate)
                {
                    _balance++;
                } // done
            }
        }
        """,
        """
        using System.Threading;
        using System.Threading.Tasks;
        using Locking;

        public class Account
        {
            private readonly SemaphoreSlim _gate = new SemaphoreSlim(1, 1);
            [GuardedBy(nameof(_gate))] private int _balance;

            public async Task AddAsync()
            {
                await _gate.WaitAsync();
                try
                {
                    await Task.Yield();
                    _balance++;
                }
                finally
                {
                    _gate.Release();
                }
            }

            public void Add()
            {
                // At once.
                _gate.Wait();
                try
                {
                    _balance++;
                }
                finally
                {
                    _gate.Release();
                } // done
            }
        }
        """,
        "Make '_gate' a semaphore and await it",
        withUsings: false);

    [Fact]
    public void LockThatIsAcquiredAgain_IsLeftAlone() => VerifyNoFix("""
        public class Account
        {
            private readonly object _gate = new();
            private int _balance;

            public async Task AddAsync()
            {
                Monitor.Enter(_gate);
                [|await Task.Yield()|];
                Add();
                Monitor.Exit(_gate);
            }

            public void Add()
            {
                lock (_gate)
                {
                    _balance++;
                }
            }
        }
        """);

    [Fact]
    public void LockThatIsWaitedOn_IsLeftAlone() => VerifyNoFix("""
        public class Account
        {
            private readonly object _gate = new();

            public async Task AddAsync()
            {
                Monitor.Enter(_gate);
                [|await Task.Yield()|];
                Monitor.PulseAll(_gate);
                Monitor.Exit(_gate);
            }
        }
        """);
}
