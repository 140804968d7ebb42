// LOCK5006: a protected pointer is dereferenced inside its read section.
using Xunit;

namespace Locking.Tests.Rules;

public sealed class PointerUsedInSectionTests() : SectionTests("LOCK5006")
{
    [Theory]
    [InlineData("return [|_node!.Value|];")]
    [InlineData("return [|_node?.Value|] ?? 0;")]
    [InlineData("_other.Enter(); int v = [|_node!.Value|]; _other.Exit(); return v;")]
    [InlineData("_srcu.Enter(); Node? n = _node; _srcu.Exit(); return [|n!.Value|];")]
    [InlineData("_srcu.Enter(); _srcu.Exit(); return [|_node!.Value|];")]
    [InlineData("Node? n = _node; _srcu.Enter(); int v = [|n!.Value|]; _srcu.Exit(); return v;")]
    [InlineData("_srcu.Enter(); Node? n = _node; _srcu.Exit(); _srcu.Enter(); int v = [|n!.Value|]; _srcu.Exit(); return v;")]
    [InlineData("_srcu.Enter(); _srcu.Enter(); _srcu.Exit(); _srcu.Exit(); return [|_node!.Value|];")]
    [InlineData("_srcu.Enter(); var pair = (_node, 1); _srcu.Exit(); return [|pair.Item1!.Value|];")]
    [InlineData("return [|registry._node!.Value|];")]
    [InlineData("_srcu.Enter(); int v = [|registry._node!.Value|]; _srcu.Exit(); return v;")]
    public void OutsideTheSection_IsReported(string body) => VerifyIn($"public int M(Registry registry) {{ {body} }}");

    [Theory]
    [InlineData("_srcu.Enter(); int v = _node!.Value; _srcu.Exit(); return v;")]
    [InlineData("_srcu.Enter(); try { return _node?.Value ?? 0; } finally { _srcu.Exit(); }")]
    [InlineData("_srcu.Enter(); _srcu.Enter(); _srcu.Exit(); int v = _node!.Value; _srcu.Exit(); return v;")]
    [InlineData("_srcu.Enter(); Node? n = _node; int v = n!.Value; _srcu.Exit(); return v;")]
    [InlineData("Node? n = _node; _srcu.Enter(); n = _node; int v = n!.Value; _srcu.Exit(); return v;")]
    [InlineData("Node? n = _node; if (n is null) return 0; lock (_update) { return n.Value; }")]
    [InlineData("_srcu.Enter(); int v = 0; if (_node is { } n) v = n.Value; _srcu.Exit(); return v;")]
    [InlineData("_srcu.Enter(); int v = Local(); _srcu.Exit(); return v; int Local() => _node!.Value;")]
    [InlineData("registry._srcu.Enter(); int v = registry._node!.Value; registry._srcu.Exit(); return v;")]
    [InlineData("lock (_update) { return _node!.Value; }")]
    [InlineData("Node? n; lock (_update) { n = _node; } return n!.Value;")]
    [InlineData("_srcu.Enter(); var pair = (_node, 1); int v = pair.Item1!.Value; _srcu.Exit(); return v;")]
    [InlineData("return _node is null ? 0 : 1;")]
    [InlineData("return _node == _plain ? 0 : 1;")]
    public void InsideOrTheWritersOwn_IsSilent(string body) => VerifyIn($"public int M(Registry registry) {{ {body} }}");

    [Theory]
    [InlineData("Node? n = null; for (int i = 0; i < 3; i++) { _srcu.Enter(); if (n == null) n = _node; s += [|n!.Value|]; _srcu.Exit(); }")]
    [InlineData("Node? n = null; if (s > 3) { _srcu.Enter(); n = _node; _srcu.Exit(); } _srcu.Enter(); n ??= _node; s = [|n!.Value|]; _srcu.Exit();")]
    [InlineData("_srcu.Enter(); Node? n = _node; while (n != null) { s += [|n.Value|]; if (s > 8) { _srcu.Exit(); _srcu.Enter(); continue; } n = _node; } _srcu.Exit();")]
    [InlineData("Node? n = null; for (int i = 0; i < 3; i++) { _srcu.Enter(); n = _node; s += n!.Value; _srcu.Exit(); }")]
    [InlineData("Node? n = null; for (int i = 0; i < 3; i++) { _srcu.Enter(); if (n == null) n = _node; s += n!.Value; n = null; _srcu.Exit(); }")]
    [InlineData("_srcu.Enter(); Node? n = _node; while (n != null) { s += n.Value; if (s > 8) { _srcu.Exit(); _srcu.Enter(); } n = _node; } _srcu.Exit();")]
    [InlineData("lock (_update) { Node? n = null; for (int i = 0; i < 3; i++) { if (n == null) n = _node; s += n!.Value; } }")]
    public void SectionThatIsLeftOnOneWay_EndsForWhatWasReadThere(string body) => VerifyIn($"public int M(int s) {{ {body} return s; }}");

    [Theory]
    [InlineData("public Func<int> M() { _srcu.Enter(); Node? n = _node; _srcu.Exit(); return () => [|n!.Value|]; }")]
    [InlineData("public void M() { _srcu.Enter(); Node? n = _node; Task.Run(() => [|n!.Value|]); _srcu.Exit(); }")]
    [InlineData("public async Task<int> M() { _srcu.Enter(); Node? n = _node; _srcu.Exit(); await Task.Yield(); return [|n!.Value|]; }")]
    [InlineData("public IEnumerable<int> M() { _srcu.Enter(); Node? n = _node; _srcu.Exit(); yield return [|n!.Value|]; }")]
    [InlineData("public int M => [|_node!.Value|];")]
    [InlineData("public static int operator +(Registry r, int n) => [|r._node!.Value|];")]
    public void OddPlaces_AreReported(string member) => VerifyIn(member);

    [Fact]
    public void SectionOfTheCaller_IsRequired() => VerifyIn(
        """
        [RequiresShared(nameof(_srcu))]
        public int Inside() => _node!.Value;

        public int Wrong() => {|LOCK1005:Inside()|};

        public int Right()
        {
            _srcu.Enter();
            try
            {
                return Inside();
            }
            finally
            {
                _srcu.Exit();
            }
        }
        """);

    [Fact]
    public void Writes_NeedTheUpdateLock() => VerifyIn(
        "public void M(Node n) { lock (_update) { _node = n; } _srcu.Enter(); {|LOCK1001:_node|} = n; _srcu.Exit(); }");

    [Fact]
    public void Message_NamesMemberAndSection() => VerifyIn("public int M() => [|_node!.Value|];", "What '_node' points to is used outside of a section of '_srcu'");

    [Fact]
    public void Constructor_IsFree() => VerifyIn("public Registry() { _node = new Node(); _ = _node.Value; }");

    /// <summary>Where a walk along a chain ends is as much protected as where it begins.</summary>
    [Theory]
    [InlineData("public int M() { Domain.Readers.Enter(); Link? at = _head; while (at?.Next != null) at = at.Next; Domain.Readers.Exit(); return at == null ? 0 : [|at.Value|]; }")]
    [InlineData("public int M() { Domain.Readers.Enter(); Link? at; for (at = _head; at != null; at = at.Next) { if (at.Value == 7) break; } Domain.Readers.Exit(); return [|at!.Value|]; }")]
    [InlineData("public int M() { Domain.Readers.Enter(); Link? at = _head?.Next?.Next; Domain.Readers.Exit(); return [|at!.Value|]; }")]
    [InlineData("public int M(bool flag) { Link? at = null; Domain.Readers.Enter(); if (flag) at = _head; Domain.Readers.Exit(); return at == null ? 0 : [|at.Value|]; }")]
    [InlineData("public int M(bool flag) { Link? at = null; Domain.Readers.Enter(); if (flag) at = _head; Domain.Readers.Exit(); Domain.Readers.Enter(); int v = [|at!.Value|]; Domain.Readers.Exit(); return v; }")]
    [InlineData("public int M() { int sum = 0; for (Link? at = _head; at != null; at = [|at.Next|])\n{ sum += [|at.Value|]; } return sum; }")]
    [InlineData("public int M() { Domain.Readers.Enter(); int sum = 0; for (Link? at = _head; at != null; at = at.Next) { sum += at.Value; } Domain.Readers.Exit(); return sum; }")]
    [InlineData("public int M() { lock (Domain.Update) { int sum = 0; for (Link? at = _head; at != null; at = at.Next) { sum += at.Value; } return sum; } }")]
    [InlineData("public Link? M() { Link? at; lock (Domain.Update) { at = _head; while (at?.Next != null) at = at.Next; } return at; }")]
    public void WalkAlongAChain_StaysInTheSection(string member) => VerifyWalk(member);
}
