// LOCK5005: an object that readers may still use is freed only after a grace period.
using Xunit;

namespace Locking.Tests.Rules;

public sealed class FreeAfterGraceTests() : SectionTests("LOCK5005")
{
    [Theory]
    [InlineData("[|Node.Free(old)|];")]
    [InlineData("_other.Synchronize(); [|Node.Free(old)|];")]
    [InlineData("if (flag) _srcu.Synchronize(); [|Node.Free(old)|];")]
    [InlineData("try { } finally { [|Node.Free(old)|]; }")]
    [InlineData("_other.Call(() => [|Node.Free(old)|]);")]
    [InlineData("[|Release(old)|];")]
    [InlineData("Local(); void Local() => [|Node.Free(old)|];")]
    [InlineData("Task.Run(() => [|Node.Free(old)|]);")]
    public void WithoutAGracePeriod_IsReported(string rest) => VerifyIn(Unpublished(rest));

    [Theory]
    [InlineData("_srcu.Synchronize(); Node.Free(old);")]
    [InlineData("Wait(); Node.Free(old);")]
    [InlineData("_srcu.Call(() => Node.Free(old));")]
    [InlineData("_srcu.Call(() => { if (old is not null) { Node.Free(old); } });")]
    [InlineData("if (old is null) return; _srcu.Synchronize(); Node.Free(old);")]
    [InlineData("_srcu.Synchronize(); Release(old);")]
    [InlineData("Node.Unregister(old!); Node.Free(old);")]
    [InlineData("if (flag) _srcu.Synchronize(); else Wait(); Node.Free(old);")]
    public void AfterAGracePeriod_IsSilent(string rest) => VerifyIn(Unpublished(rest));

    [Fact]
    public void GracePeriodBeforeUnpublishing_IsReported() => VerifyIn(
        "public void M() { _srcu.Synchronize(); Node? old; lock (_update) { old = _node; _node = null; } [|Node.Free(old)|]; }");

    [Fact]
    public void StillPublished_IsReported() => VerifyIn("public void M() { lock (_update) { [|Node.Free(_node)|]; _node = null; } }");

    [Fact]
    public void Exchanged_IsUnpublished() => VerifyIn(
        """
        [GracePeriod(nameof(_srcu))]
        private Node? _free;
        public void Wrong() { Node? old = Interlocked.Exchange(ref _free, null); [|Node.Free(old)|]; }
        public void Right() { Node? old = Interlocked.Exchange(ref _free, null); _srcu.Synchronize(); Node.Free(old); }
        """);

    [Fact]
    public void FreshObjectsAndOthers_AreFree() => VerifyIn("public void M(Node given) { var fresh = new Node(); Node.Free(fresh); Node.Free(given); Node.Free(null); }");

    [Fact]
    public void Message_NamesObjectAndDomain() => VerifyIn(Unpublished("[|Node.Free(old)|];"), "'_node' is freed and no grace period of '_srcu' has passed since it was unpublished");

    [Theory]
    [InlineData("while (true) { Node? old; lock (_update) { old = _node; if (old is null) return; _node = null; } [|Node.Free(old)|]; }")]
    [InlineData("while (true) { Node? old; lock (_update) { old = _node; if (old is null) return; _node = null; } _srcu.Synchronize(); Node.Free(old); }")]
    [InlineData("for (int i = 0; i < 3; i++) { lock (_update) { Node? old = _node; _node = new Node(); [|Node.Free(old)|]; } }")]
    [InlineData("lock (_update) { _node = given; } lock (_update) { _node = null; } [|Node.Free(given)|];")]
    [InlineData("lock (_update) { _node = given; } lock (_update) { _node = null; } _srcu.Synchronize(); Node.Free(given);")]
    [InlineData("lock (_update) { if (_node is not null) { Node.Free(given); return; } _node = given; }")]
    public void OneAfterTheOther_IsJudgedByItself(string body) => VerifyIn($"public void M(Node given) {{ {body} }}");

    [Fact]
    public void Helpers_AreJudgedAtTheirCalls() => VerifyIn(
        """
        public void Wrong() { Node? old = Take(); [|Node.Free(old)|]; }
        public void Right() { Node? old = Take(); _srcu.Synchronize(); Node.Free(old); }
        private Node? Take() { lock (_update) { Node? old = _node; _node = null; return old; } }

        public void Unregistered() { Unlink(); {|LOCK5008:Node.Free(_registered)|}; }
        public void Waited() { Unlink(); _srcu.Synchronize(); Node.Free(_registered); }
        public void WaitedByAHelper() { Unlink(); Wait(); Drop(); }
        public void NotWaited() { Unlink(); {|LOCK5008:Drop()|}; }
        private void Unlink() => Node.Unlink(_registered);
        private void Drop() => Node.Free(_registered);
        """);

    [Fact]
    public void TypeWithAGracePeriod_NeedsItWhereverItIs() => Verify(
        """
        public static class Domains
        {
            public static readonly Srcu Routes = new();
        }

        [GracePeriod("Domains.Routes")]
        public sealed class Route
        {
            [Frees("route")]
            public static void Free(Route route) => GC.KeepAlive(route);
        }

        public sealed class Table
        {
            private Route? _route;

            public void Wrong() { Route? old = _route; _route = null; [|Route.Free(old!)|]; }
            public void Right() { Route? old = _route; _route = null; Domains.Routes.Synchronize(); Route.Free(old!); }
        }
        """);

    /// <summary>A task that ends after the grace period has to be awaited.</summary>
    [Theory]
    [InlineData("await _srcu.SynchronizeAsync(); Free(old);")]
    [InlineData("await _srcu.SynchronizeAsync().ConfigureAwait(false); Free(old);")]
    [InlineData("Task passed = _srcu.SynchronizeAsync(); [|Free(old)|]; await passed;")]
    [InlineData("await Task.Yield(); [|Free(old)|];")]
    public void AwaitedGracePeriod_IsOneThatHasPassed(string body) => Verify(
        $$"""
        public class Node { }

        public class Table
        {
            private readonly SrcuDomain _srcu = new();
            private readonly object _update = new();
            [GuardedBy(nameof(_update), nameof(_srcu)), GracePeriod(nameof(_srcu))] private Node _head;

            public async Task Clear()
            {
                Node old;
                lock (_update)
                {
                    old = _head;
                    _head = null;
                }

                {{body}}
            }

            [Frees("node")] private static void Free(Node node) { }
        }
        """);
}
