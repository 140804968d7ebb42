// The lock type whose acquires make guards, which the tests of their results share.
using Locking.Tests.Harness;

namespace Locking.Tests.Rules;

/// <param name="id">The rule at hand.</param>
public abstract class BoxTests(string id) : RuleTests(id)
{
    /// <summary>A member that uses what a box guards.</summary>
    /// <param name="guard">The kind of type that the guard is.</param>
    /// <param name="member">The member.</param>
    /// <param name="acquires">The members of the box that make a guard.</param>
    protected void VerifyBox(string guard, string member, string acquires) => Verify(
        $$"""
        [Capability("box", ThreadAffine = false)]
        public class Box
        {
            {{acquires}}

            [Releases("this")]
            public void Exit() { }
        }

        [ScopedCapability]
        public {{guard}} Held : IDisposable
        {
            private readonly Box _box;

            [Requires("box")]
            internal Held(Box box) => _box = box;

            [Releases("this")]
            public void Dispose() => _box.Exit();
        }

        public class Table
        {
            private readonly Box _box = new();

            [GuardedBy(nameof(_box))]
            private int _count;

            {{member}}
        }
        """);
}
