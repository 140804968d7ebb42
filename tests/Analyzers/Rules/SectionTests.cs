// The type that the tests of read sections share.
using Locking.Tests.Harness;

namespace Locking.Tests.Rules;

/// <param name="id">The rule at hand.</param>
public abstract class SectionTests(string id) : RuleTests(id)
{
    /// <summary>A node that readers use in a section, and writers exchange under a lock.</summary>
    protected void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Registry
        {
            private readonly Srcu _srcu = new();
            private readonly Srcu _other = new();
            private readonly object _update = new();
            private Node? _plain;
            private static Node? s_shared;

            [GuardedBy(nameof(_update), nameof(_srcu))]
            [GracePeriod(nameof(_srcu))]
            private Node? _node;

            [GracePeriod(nameof(_srcu))]
            private readonly Node _registered = new();

            {{member}}
            private void Wait() => _srcu.Synchronize();
            private void Release(Node? node) => Node.Free(node);
            private Node? Use() => _plain ?? s_shared;
        }
        """,
        message);

    /// <summary>A chain that readers walk in the section of another class, and writers change under its lock.</summary>
    protected void VerifyWalk(string member) => Verify(
        $$"""
        internal static class Domain
        {
            public static readonly Srcu Readers = new();
            public static readonly object Update = new();
        }

        public class Link
        {
            public int Value;

            [GuardedBy("Domain.Update", "Domain.Readers")]
            public Link? Next;
        }

        public class Chain
        {
            [GuardedBy("Domain.Update", "Domain.Readers")]
            private Link? _head;

            {{member}}
        }
        """);

    /// <summary>What follows when the node was taken out under the lock.</summary>
    protected static string Unpublished(string rest) => $"public void M(bool flag) {{ Node? old; lock (_update) {{ old = _node; _node = null; }} {rest} }}";
}
