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

    private const string Locks = """
        public class Bank
        {
            [AcquiredBefore(nameof(_second))] private readonly Gate _first = new();
            private readonly Gate _second = new();
            [AcquiredBefore(nameof(_w))] private readonly Lock _v = new();
            private readonly RwSemaphore _w = new();
            private Bank? _next;


        """;

    [Fact]
    public void Calls_ChangePlaces() => VerifyFix(
        Locks + """
            public void Use()
            {
                _second.Enter(); // outer
                [|_first.Enter()|]; // inner
                try
                {
                }
                finally
                {
                    _first.Exit();
                    _second.Exit();
                }
            }
        }

        """,
        Locks + """
            public void Use()
            {
                _first.Enter(); // outer
                _second.Enter(); // inner
                try
                {
                }
                finally
                {
                    _first.Exit();
                    _second.Exit();
                }
            }
        }

        """,
        "Acquire '_first' first");

    [Theory]
    [InlineData("using var w = _w.EnterWrite(); using var v = [|_v.EnterScope()|];", "using var v = _v.EnterScope(); using var w = _w.EnterWrite();")]
    [InlineData("using (_w.EnterRead()) using ([|_v.EnterScope()|]) { }", "using (_v.EnterScope()) using (_w.EnterRead()) { }")]
    [InlineData("using (var w = _w.EnterRead()) { lock ([|_v|]) { } }", "lock (_v) { using (var w = _w.EnterRead()) { } }")]
    public void Guards_ChangePlaces(string body, string expected) =>
        VerifyFix($"{Locks}    public void Use() {{ {body} }}\n}}\n", $"{Locks}    public void Use() {{ {expected} }}\n}}\n", "Acquire '_v' first");

    [Fact]
    public void NamesThatTheOuterLockMayGuard_AreLeftAlone() => VerifyNoFix(
        Locks + """
            public void Use()
            {
                _second.Enter();
                [|_next!._first.Enter()|];
                _next!._first.Exit();
                _second.Exit();
                using var w = _w.EnterRead();
                _next = null;
                using var v = [|_v.EnterScope()|];
            }
        }

        """);

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
