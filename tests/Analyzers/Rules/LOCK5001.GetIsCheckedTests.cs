// LOCK5001: whether a conditional get succeeded is looked at.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class GetIsCheckedTests() : RuleTests("LOCK5001")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Walker
        {
            {{member}}
            private static void Throws() => throw new InvalidOperationException();
        }
        """,
        message);

    [Theory]
    [InlineData("[|mm.TryGet()|];")]
    [InlineData("_ = [|mm.TryGet()|];")]
    [InlineData("bool got = [|mm.TryGet()|]; mm.Put();")]
    [InlineData("if ([|mm.TryGet()|]) mm.Walk(); mm.Put();")]
    [InlineData("bool got = [|mm.TryGet()|]; bool other = true; if (other) mm.Put();")]
    [InlineData("try { if (![|mm.TryGet()|]) return; mm.Walk(); } finally { mm.Put(); }")]
    public void UncheckedGet_IsReported(string body) => VerifyIn($"public void M(Mm mm) {{ {body} }}");

    [Theory]
    [InlineData("if (!mm.TryGet()) return; mm.Walk(); mm.Put();")]
    [InlineData("if (mm.TryGet()) { mm.Walk(); mm.Put(); }")]
    [InlineData("bool got = mm.TryGet(); if (got) { mm.Walk(); } if (got) { mm.Put(); }")]
    [InlineData("bool got = false; try { got = mm.TryGet(); if (got) mm.Walk(); } finally { if (got) mm.Put(); }")]
    [InlineData("while (!mm.TryGet()) { Thread.Yield(); } mm.Walk(); mm.Put();")]
    [InlineData("if (mm.TryGet() == false) { return; } mm.Put();")]
    [InlineData("if (mm.TryGet() is true) { mm.Walk(); mm.Put(); }")]
    [InlineData("switch (mm.TryGet()) { case true: mm.Walk(); mm.Put(); break; case false: break; }")]
    [InlineData("if (maybe?.TryGet() == true) { maybe.Walk(); maybe.Put(); }")]
    [InlineData("if (maybe?.TryGet() != true) return; maybe.Walk(); maybe.Put();")]
    [InlineData("if (maybe?.TryGet() ?? false) { maybe.Walk(); maybe.Put(); }")]
    [InlineData("bool got = maybe?.TryGet() ?? false; if (got) { maybe!.Walk(); maybe.Put(); }")]
    [InlineData("if (maybe is null || !maybe.TryGet()) return; maybe.Walk(); maybe.Put();")]
    public void CheckedGet_IsSilent(string body) => VerifyIn($"public void M(Mm mm, Mm? maybe) {{ {body} }}");

    [Theory]
    [InlineData("public void M(Mm mm) { [|mm.TryGet()|]; }", "Whether the reference 'mm.Users' was taken is not checked")]
    [InlineData("public void M(Mm mm) { bool got = [|mm.TryGet()|]; mm.Put(); }", "The reference 'mm.Users' is put whether or not it was taken here")]
    public void Message_SaysWhatIsWrong(string member, string message) => VerifyIn(member, message);

    [Fact]
    public void AdditionalLocation_IsThePut() => VerifyIn("public void M(Mm mm) { bool got = [|mm.TryGet()|]; {|#0:mm.Put()|}; }");

    [Fact]
    public void AnswerInAnInteger_IsRead() => Verify(
        """
        [DeclaresCapability("Users", CapabilityKind.Reference)]
        public abstract class Space
        {
            [TryAcquires(Result.NonZero, "Users")]
            public abstract int GetUnlessZero();

            [Releases("Users")]
            public abstract void Put();
        }

        public static class Walker
        {
            public static void Right(Space space) { if (space.GetUnlessZero() != 0) space.Put(); }
            public static void Wrong(Space space) { int got = [|space.GetUnlessZero()|]; space.Put(); }
            public static void Ignored(Space space) => [|space.GetUnlessZero()|];
        }
        """);

    [Fact]
    public void HelperWithTheSameContract_IsACheckedGetForItsCallers() => VerifyIn(
        """
        [TryAcquires(true, "mm.Users")]
        public static bool Take(Mm mm) => mm.TryGet();

        public void Right(Mm mm) { if (Take(mm)) mm.Put(); }
        public void Wrong(Mm mm) => [|Take(mm)|];
        """);

    [Fact]
    public void CapabilityOfAMember_IsCheckedLikeAPhantom() => Verify(
        """
        public class Device
        {
            public Kref References { get; } = new();
        }

        public static class Users
        {
            public static void Wrong(Device device) { bool got = [|device.References.TryGet()|]; device.References.Put(() => { }); }
            public static void Right(Device device) { if (device.References.TryGet()) device.References.Put(() => { }); }
        }
        """);
}
