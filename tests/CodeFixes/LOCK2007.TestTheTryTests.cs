// What is done under a lock that was only tried for is done where the attempt succeeded.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class TestTheTryTests() : FixTests("LOCK2007", new TestTheTry())
{
    [Fact]
    public void DroppedResult_PutsTheRegionUnderIt() => VerifyFix(
        """
        public class Account(Gate gate)
        {
            private int _balance;

            public int Use()
            {
                [|gate.TryEnter()|];
                // One more.
                _balance++;
                _balance++;
                gate.Exit();
                return 0;
            }
        }
        """,
        """
        public class Account(Gate gate)
        {
            private int _balance;

            public int Use()
            {
                // One more.
                if (gate.TryEnter())
                {
                    try
                    {
                        _balance++;
                        _balance++;
                    }
                    finally
                    {
                        gate.Exit();
                    }
                }
                return 0;
            }
        }
        """,
        "Go on only where 'gate' was acquired");

    [Fact]
    public void Everywhere_DroppedAndKeptResults() => VerifyFixAll(
        """
        public class Account
        {
            private readonly object _gate = new();
            private readonly SemaphoreSlim _semaphore = new(1, 1);

            public void Use(Action action)
            {
                [|Monitor.TryEnter(_gate, 10)|];
                action();
                Monitor.Exit(_gate);
            }

            public async Task Use()
            {
                bool taken = await [|_semaphore.WaitAsync(10)|];
                await Task.Yield();
                _semaphore.Release();
            }
        }
        """,
        """
        public class Account
        {
            private readonly object _gate = new();
            private readonly SemaphoreSlim _semaphore = new(1, 1);

            public void Use(Action action)
            {
                if (Monitor.TryEnter(_gate, 10))
                {
                    try
                    {
                        action();
                    }
                    finally
                    {
                        Monitor.Exit(_gate);
                    }
                }
            }

            public async Task Use()
            {
                bool taken = await _semaphore.WaitAsync(10);
                if (taken)
                {
                    try
                    {
                        await Task.Yield();
                    }
                    finally
                    {
                        _semaphore.Release();
                    }
                }
            }
        }
        """);

    [Fact]
    public void ReleaseInFinally_AsksTheFlag() => VerifyFix(
        """
        public class Account
        {
            private readonly object _gate = new();

            public void Use(Action action)
            {
                bool taken = [|Monitor.TryEnter(_gate, 10)|];
                try
                {
                    action();
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }
        }
        """,
        """
        public class Account
        {
            private readonly object _gate = new();

            public void Use(Action action)
            {
                bool taken = Monitor.TryEnter(_gate, 10);
                try
                {
                    action();
                }
                finally
                {
                    if (taken)
                    {
                        Monitor.Exit(_gate);
                    }
                }
            }
        }
        """,
        "Release only where 'taken' says so");
}
