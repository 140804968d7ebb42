// LOCK5009: a protected pointer is not kept beyond its read section.
using Xunit;

namespace Locking.Tests.Rules;

public sealed class PointerStaysInSectionTests() : SectionTests("LOCK5009")
{
    [Theory]
    [InlineData("public Node? M() { _srcu.Enter(); try { return [|_node|]; } finally { _srcu.Exit(); } }")]
    [InlineData("public Node? M() { _srcu.Enter(); Node? n = _node; _srcu.Exit(); return [|n|]; }")]
    [InlineData("public Node? M() => [|_node|];")]
    [InlineData("public Node? M => [|_node|];")]
    [InlineData("public async Task<Node?> M() { await Task.Yield(); _srcu.Enter(); Node? n = _node; _srcu.Exit(); return [|n|]; }")]
    [InlineData("public void M() { _srcu.Enter(); [|_plain = _node|]; _srcu.Exit(); }")]
    [InlineData("public void M() { _srcu.Enter(); [|s_shared = _node|]; _srcu.Exit(); }")]
    [InlineData("public void M() { _srcu.Enter(); Node? n = _node; [|_plain = n|]; _srcu.Exit(); }")]
    public void LeavingTheSection_IsReported(string member) => VerifyIn(member);

    [Theory]
    [InlineData("public int M() { _srcu.Enter(); int v = _node!.Value; _srcu.Exit(); return v; }")]
    [InlineData("[RequiresShared(nameof(_srcu))] public Node? M() => _node;")]
    [InlineData("public Node? M() { Node? n; lock (_update) { n = _node; _node = null; } return n; }")]
    [InlineData("public void M() { lock (_update) { _plain = _node; } }")]
    [InlineData("public bool M() => _node is null;")]
    [InlineData("public void M(Action<Node?> use) { _srcu.Enter(); use(_node); _srcu.Exit(); }")]
    public void StayingInTheSection_IsSilent(string member) => VerifyIn(member);

    [Fact]
    public void ObjectOfWhichAReferenceIsHeld_MayLeave() => Verify(
        """
        public class Table
        {
            private readonly Srcu _srcu = new();
            private readonly object _update = new();

            [GuardedBy(nameof(_update), nameof(_srcu))]
            private Mm? _mm;

            public Mm? Find()
            {
                _srcu.Enter();
                try
                {
                    Mm? mm = _mm;
                    return mm?.TryGet() == true ? mm : null;
                }
                finally
                {
                    _srcu.Exit();
                }
            }

            public int Walk()
            {
                _srcu.Enter();
                Mm? mm = _mm;
                bool got = mm?.TryGet() == true;
                _srcu.Exit();
                if (!got)
                {
                    return 0;
                }

                int result = mm!.Walk();
                mm.Put();
                return result + {|LOCK5003:{|LOCK5006:mm.Walk()|}|};
            }

            public void Set(Mm mm)
            {
                lock (_update)
                {
                    _mm = mm;
                }
            }
        }
        """);

    [Theory]
    [InlineData("public Node? M() => [|_node|];", "'_node' is returned out of its section of '_srcu'")]
    [InlineData("public void M() { _srcu.Enter(); [|_plain = _node|]; _srcu.Exit(); }", "'_node' is stored out of its section of '_srcu'")]
    public void Message_SaysHow(string member, string message) => VerifyIn(member, message);

    [Fact]
    public void OutParametersTuplesAndCollections_TakeItAlong() => VerifyIn(
        """
        private readonly List<Node?> _all = new();
        private readonly Dictionary<int, Node?> _byId = new();
        public void Out(out Node? n) { _srcu.Enter(); [|n = _node|]; _srcu.Exit(); }
        public void Ref(ref Node? n) { _srcu.Enter(); var found = _node; [|n = found|]; _srcu.Exit(); }
        public (Node?, int) Tuple() { _srcu.Enter(); try { return ([|_node|], 1); } finally { _srcu.Exit(); } }
        public void Collected() { _srcu.Enter(); [|_all.Add(_node)|]; _srcu.Exit(); }
        public void Queued(Queue<Node?> queue) { _srcu.Enter(); [|queue.Enqueue(_node)|]; _srcu.Exit(); }
        public void Element(Node?[] nodes) { _srcu.Enter(); [|nodes[0] = _node|]; _srcu.Exit(); }
        """);

    [Fact]
    public void CollectionsOfTheSection_AreSilent() => VerifyIn(
        """
        private readonly List<int> _values = new();
        [RequiresShared(nameof(_srcu))] public void Out(out Node? n) => n = _node;
        public void Local() { _srcu.Enter(); var all = new List<Node?>(); all.Add(_node); _srcu.Exit(); }
        public void Copied() { _srcu.Enter(); _values.Add(_node!.Value); _srcu.Exit(); }
        public void Fresh() { _srcu.Enter(); var nodes = new Node?[1]; nodes[0] = _node; _srcu.Exit(); }
        """);

    [Fact]
    public void Miss_TupleThatIsMadeInTheSection_IsSilent() => VerifyIn(
        "public (Node?, int) Tuple() { _srcu.Enter(); var pair = (_node, 1); _srcu.Exit(); return pair; }");

    [Theory]
    [InlineData("public Link? M() { Domain.Readers.Enter(); for (Link? at = _head; at != null; at = at.Next) { if (at.Value == 7) { Domain.Readers.Exit(); return [|at|]; } } Domain.Readers.Exit(); return null; }")]
    [InlineData("public Link? M(bool flag) { Link? at = null; Domain.Readers.Enter(); if (flag) at = _head; Domain.Readers.Exit(); return [|at|]; }")]
    public void EndOfAWalk_IsReported(string member) => VerifyWalk(member);

    /// <summary>What a helper read under the update lock is the writer's own; what it read in a section is not.</summary>
    [Theory]
    [InlineData("private Node Take() { lock (_update) { Node taken = _head; _head = null; return taken; } }")]
    [InlineData("private Node Take() { lock (_update) { return _head; } }")]
    [InlineData("private Node Take() { using (_srcu.EnterRead()) { return [|_head|]; } }")]
    public void ResultOfAHelper_IsWhoseItWasThere(string helper) => Verify(
        $$"""
        public class Node { }

        public class Table
        {
            private readonly SrcuDomain _srcu = new();
            private readonly object _update = new();
            [GuardedBy(nameof(_update), nameof(_srcu))] private Node _head;
            private Node _last;

            public void Keep() => _last = Take();

            {{helper}}
        }
        """);
}
