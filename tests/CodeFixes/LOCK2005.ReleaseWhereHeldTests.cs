// A lock that is held on some ways only is released on the same ways, or acquired on all.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class ReleaseWhereHeldTests() : FixTests("LOCK2005", new ReleaseWhereHeld())
{
    private const string Start = """
        class Table
        {
            private readonly object _gate = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private bool _isShared;

            public void Use(bool flag, CancellationToken token)
            {

        """;

    private void Verify(string body, string expected, string title) => VerifyFix(Start + body + "\n    }\n}\n", Start + expected + "\n    }\n}\n", title);

    [Fact]
    public void ReleaseIsMadeConditional() => Verify(
        """
                if (flag)
                {
                    [|Monitor.Enter(_gate)|]; // ours
                }

                _isShared = true;
                Monitor.Exit(_gate); // gone
        """,
        """
                if (flag)
                {
                    Monitor.Enter(_gate); // ours
                }

                _isShared = true;
                if (flag)
                {
                    Monitor.Exit(_gate);
                } // gone
        """,
        "Release '_gate' only where it was acquired");

    [Fact]
    public void ConditionThatMayChange_IsKept() => Verify(
        """
                // Others write, too.
                if (_isShared && flag) [|Monitor.Enter(_gate)|];
                try
                {
                    _isShared = false;
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
        """,
        """
                // Others write, too.
                bool isHeld = _isShared && flag;
                if (isHeld) Monitor.Enter(_gate);
                try
                {
                    _isShared = false;
                }
                finally
                {
                    if (isHeld)
                    {
                        Monitor.Exit(_gate);
                    }
                }
        """,
        "Release '_gate' only where it was acquired");

    [Fact]
    public void ParameterThatIsWritten_IsKept() => Verify(
        """
                if (!flag)
                    [|Monitor.Enter(_gate)|];
                flag = true;
                Monitor.Exit(_gate);
        """,
        """
                bool isHeld = !flag;
                if (isHeld)
                    Monitor.Enter(_gate);
                flag = true;
                if (isHeld)
                {
                    Monitor.Exit(_gate);
                }
        """,
        "Release '_gate' only where it was acquired");

    [Fact]
    public void AcquireIsMadeUnconditional() => Verify(
        """
                // Why?
                if (flag)
                {
                    [|Monitor.Enter(_gate)|];
                }

                Monitor.Exit(_gate);
        """,
        """
                // Why?
                Monitor.Enter(_gate);

                Monitor.Exit(_gate);
        """,
        "Acquire '_gate' on every way");

    [Fact]
    public void AcquireThatMayBeCancelled_MovesBeforeTheTry() => Verify(
        """
                try
                {
                    [|_one.Wait(token)|];
                    _isShared = true;
                }
                finally
                {
                    _one.Release();
                }
        """,
        """
                _one.Wait(token);
                try
                {
                    _isShared = true;
                }
                finally
                {
                    _one.Release();
                }
        """,
        "Acquire '_one' before the try");

    [Fact]
    public void Everywhere_EachHasItsOwnVariable() => VerifyFixAll(
        Start + """
                if (_isShared) [|Monitor.Enter(_gate)|];
                Console.WriteLine();
                Monitor.Exit(_gate);
                Again();

                void Again()
                {
                    if (_isShared) [|Monitor.Enter(_gate)|];
                    Console.WriteLine();
                    Monitor.Exit(_gate);
                }
            }
        }

        """,
        Start + """
                bool isHeld = _isShared;
                if (isHeld) Monitor.Enter(_gate);
                Console.WriteLine();
                if (isHeld)
                {
                    Monitor.Exit(_gate);
                }
                Again();

                void Again()
                {
                    bool isLockHeld = _isShared;
                    if (isLockHeld) Monitor.Enter(_gate);
                    Console.WriteLine();
                    if (isLockHeld)
                    {
                        Monitor.Exit(_gate);
                    }
                }
            }
        }

        """,
        "Release '_gate' only where it was acquired");

    [Theory]
    [InlineData("switch (flag) { case true: [|Monitor.Enter(_gate)|]; break; } Monitor.Exit(_gate);")]
    [InlineData("foreach (char c in \"ab\") { [|Monitor.Enter(_gate)|]; break; } Monitor.Exit(_gate);")]
    [InlineData("if (flag) goto end; [|Monitor.Enter(_gate)|]; end: Monitor.Exit(_gate);")]
    public void OtherWays_AreLeftAlone(string body) => VerifyNoFix(Start + body + "\n    }\n}\n");

    [Fact]
    public void WhatElseIsDoneUnderTheCondition_StaysThere() => VerifyNoFix(
        Start + "if (flag) { _isShared = true; [|Monitor.Enter(_gate)|]; } Monitor.Exit(_gate);\n    }\n}\n", "Acquire '_gate' on every way");
}
