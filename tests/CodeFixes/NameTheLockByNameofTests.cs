// A lock in a contract is named by nameof.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class NameTheLockByNameofTests() : RefactoringTests(new NameTheLockByNameof())
{
    [Fact]
    public void Field_IsNamed() => Verify(
        """
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy( "[||]_gate" /* mine */ )] private int _balance;
        }
        """,
        """
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy( nameof(_gate) /* mine */ )] private int _balance;
        }
        """,
        "Use nameof(_gate)");

    [Fact]
    public void Parameter_IsNamed() => Verify(
        """
        public class Account
        {
            [Requires("[||]gate")]
            public void Add(object gate) { }
        }
        """,
        """
        public class Account
        {
            [Requires(nameof(gate))]
            public void Add(object gate) { }
        }
        """,
        "Use nameof(gate)");

    [Fact]
    public void PathsAndPhantoms_AreLeftAlone() => VerifyNone("""
        public class Account
        {
            private readonly object _gate = new();
            private readonly Account? _other;
            [GuardedBy("[||]_other._gate")] private int _balance;
        }
        """);

    [Fact]
    public void Phantoms_AreLeftAlone() => VerifyNone("""
        [DeclaresCapability("Users", CapabilityKind.Reference)]
        public class Account
        {
            [Requires("[||]Users")]
            public void Add() { }
        }
        """);

    [Fact]
    public void OtherStrings_AreLeftAlone() => VerifyNone("""
        public class Account
        {
            private readonly object _gate = new();

            [Obsolete("[||]_gate")]
            public void Add() { }
        }
        """);
}
