// Two locks, one right inside the other, are swapped.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class AcquireInOrderTests() : FixTests("LOCK3002", new AcquireInOrder())
{
    [Fact]
    public void Everywhere_DeclaredOrderIsKept() => VerifyFixAll(
        """
        public class Bank
        {
            [AcquiredBefore(nameof(_second))] private readonly object _first = new();
            private readonly object _second = new();

            public void Use()
            {
                lock (_second) // outer
                    lock ([|_first|])
                    {
                    }

                lock (this._second)
                {
                    // Both.
                    lock ([|_first|])
                    {
                    }
                }
            }
        }
        """,
        """
        public class Bank
        {
            [AcquiredBefore(nameof(_second))] private readonly object _first = new();
            private readonly object _second = new();

            public void Use()
            {
                lock (_first) // outer
                    lock (_second)
                    {
                    }

                lock (_first)
                {
                    // Both.
                    lock (this._second)
                    {
                    }
                }
            }
        }
        """,
        "Acquire '_first' first");

    [Fact]
    public void LocksWithSomethingBetween_AreLeftAlone() => VerifyNoFix("""
        public class Bank
        {
            [AcquiredBefore(nameof(_second))] private readonly object _first = new();
            private readonly object _second = new();
            private int _count;

            public void Use()
            {
                lock (_second)
                {
                    _count++;
                    lock ([|_first|])
                    {
                    }
                }
            }
        }
        """);
}

public sealed class TurnTheCycleTests() : FixTests("LOCK3001", new AcquireInOrder())
{
    [Fact]
    public void Everywhere_TheFirstPlaceSetsTheOrder() => VerifyFixAll(
        """
        public class Bank
        {
            private readonly object _a = new(), _b = new();

            public void One()
            {
                lock (_a)
                lock ([|_b|])
                {
                }
            }

            public void Two()
            {
                lock (_b)
                lock ([|_a|])
                {
                }
            }
        }
        """,
        """
        public class Bank
        {
            private readonly object _a = new(), _b = new();

            public void One()
            {
                lock (_a)
                lock (_b)
                {
                }
            }

            public void Two()
            {
                lock (_a)
                lock (_b)
                {
                }
            }
        }
        """,
        "Acquire '_a' first",
        finding: 1);
}
