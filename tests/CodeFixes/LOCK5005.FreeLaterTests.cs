// An object is freed by a callback after a grace period.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class FreeLaterTests() : FixTests("LOCK5005", new FreeLater())
{
    private const string Start = """
        public sealed class Node
        {
            public int Value;
        }

        public class Table
        {
            private readonly object _update = new();
            private readonly SrcuDomain _srcu = new();

            [GuardedBy(nameof(_update), nameof(_srcu))]
            [GracePeriod(nameof(_srcu))]
            private Node? _node;

            [Frees("node")]
            private static void Free(Node? node) { }


        """;

    [Fact]
    public void Everywhere_FreeBecomesACallback() => VerifyFixAll(
        Start + """
            public void Clear()
            {
                Node? old;
                lock (_update)
                {
                    old = _node;
                    _node = null;
                }

                // Nobody sees it any more.
                [|Free(old)|]; // soon
            }
        }
        """,
        Start + """
            public void Clear()
            {
                Node? old;
                lock (_update)
                {
                    old = _node;
                    _node = null;
                }

                // Nobody sees it any more.
                _srcu.Call(() => Free(old)); // soon
            }
        }
        """,
        "Free it after a grace period of '_srcu'");
}

public sealed class EnterTheSectionTests() : FixTests("LOCK5006", new EnterTheSection())
{
    private const string Start = """
        public sealed class Node
        {
            public int Value;
        }

        public class Table
        {
            private readonly object _update = new();
            private readonly SrcuDomain _srcu = new();

            [GuardedBy(nameof(_update), nameof(_srcu))]
            private Node? _node;


        """;

    [Fact]
    public void Everywhere_UsesAreInASection() => VerifyFixAll(
        Start + """
            public int Value => [|_node?.Value|] ?? 0;

            public int Twice()
            {
                Node? node = _node;
                var first = [|node?.Value|] ?? 0;
                int second = [|node?.Value|] ?? 0;
                return first + second;
            }
        }
        """,
        Start + """
            public int Value
            {
                get
                {
                    using (_srcu.EnterRead())
                    {
                        return _node?.Value ?? 0;
                    }
                }
            }

            public int Twice()
            {
                int first;
                int second;
                using (_srcu.EnterRead())
                {
                    Node? node = _node;
                    first = node?.Value ?? 0;
                    second = node?.Value ?? 0;
                }
                return first + second;
            }
        }
        """,
        "Enter a section of '_srcu'");
}
