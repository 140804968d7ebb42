// An override and what it overrides come to say the same.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class KeepTheContractTests() : FixTests("LOCK0003", new KeepTheContract())
{
    [Fact]
    public void ContractAbove_IsTakenOver() => VerifyFixAll(
        """
        public class Base
        {
            protected readonly Gate _gate = new(), _other = new();

            [Requires(nameof(_gate))]
            public virtual void Add() { }
        }

        public class Derived : Base
        {
            /// <summary>Adds.</summary>
            [Obsolete]
            [Requires(nameof(_gate)), Requires(nameof(_other))]
            public override void [|Add|]() { }
        }
        """,
        """
        public class Base
        {
            protected readonly Gate _gate = new(), _other = new();

            [Requires(nameof(_gate))]
            public virtual void Add() { }
        }

        public class Derived : Base
        {
            /// <summary>Adds.</summary>
            [Obsolete]
            [Requires(nameof(_gate))]
            public override void Add() { }
        }
        """,
        "Take the contract of 'Base.Add' over");

    [Fact]
    public void ContractBelow_IsWrittenAbove() => VerifyFix(
        """
        public interface IAccount
        {
            /// <summary>Adds.</summary>
            void Add(Gate gate);
        }

        public class Account : IAccount
        {
            [Requires("gate")]
            public void [|Add|](Gate gate) { }
        }
        """,
        """
        public interface IAccount
        {
            /// <summary>Adds.</summary>
            [Requires("gate")]
            void Add(Gate gate);
        }

        public class Account : IAccount
        {
            [Requires("gate")]
            public void Add(Gate gate) { }
        }
        """,
        "Write the contract at 'IAccount.Add', too");

    [Fact]
    public void ContractThatCannotBeSaidAbove_IsLeftAlone() => VerifyNoFix("""
        public interface IAccount
        {
            void Add();
        }

        public class Account : IAccount
        {
            private readonly Gate _gate = new();

            [Requires(nameof(_gate))]
            public void [|Add|]() { }
        }
        """);
}
