// Where a conditional get did not get, the method returns.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class CheckTheGetTests() : FixTests("LOCK5001", new CheckTheGet())
{
    [Fact]
    public void DroppedResult_IsChecked() => VerifyFix(
        """
        class Walker
        {
            public bool Walk(Mm mm)
            {
                // Keep it.
                [|mm.TryGet()|]; // no matter what
                mm.Put();
                return true;
            }
        }
        """,
        """
        class Walker
        {
            public bool Walk(Mm mm)
            {
                // Keep it.
                if (!mm.TryGet())
                {
                    return false;
                } // no matter what
                mm.Put();
                return true;
            }
        }
        """,
        "Return where 'mm.Users' was not taken");

    [Fact]
    public void Everywhere_EachReturnsItsWay() => VerifyFixAll(
        """
        class Walker
        {
            public void Walk(Mm mm)
            {
                [|mm.TryGet()|];
                mm.Put();
            }

            public string? Name(Mm mm)
            {
                _ = [|mm.TryGet()|];
                mm.Put();
                return "";
            }

            public async Task WalkAsync(Mm mm)
            {
                bool got = [|mm.TryGet()|];
                await Task.Yield();
                mm.Put();
            }

            public IEnumerable<int> All(Mm mm)
            {
                [|mm.TryGet()|];
                yield return 1;
                mm.Put();
            }
        }
        """,
        """
        class Walker
        {
            public void Walk(Mm mm)
            {
                if (!mm.TryGet())
                {
                    return;
                }
                mm.Put();
            }

            public string? Name(Mm mm)
            {
                if (!mm.TryGet())
                {
                    return null;
                }
                mm.Put();
                return "";
            }

            public async Task WalkAsync(Mm mm)
            {
                bool got = mm.TryGet();
                if (!got)
                {
                    return;
                }
                await Task.Yield();
                mm.Put();
            }

            public IEnumerable<int> All(Mm mm)
            {
                if (!mm.TryGet())
                {
                    yield break;
                }
                yield return 1;
                mm.Put();
            }
        }
        """);

    [Fact]
    public void ResultWithoutAWordForNot_IsLeftAlone() => VerifyNoFix("""
        class Walker
        {
            public int Count(Mm mm)
            {
                [|mm.TryGet()|];
                mm.Put();
                return 1;
            }
        }
        """);
}
