// LOCK5004: a weaker reference does not do where a stronger one is required.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class GrabIsNotGetTests() : RuleTests("LOCK5004")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Walker
        {
            private readonly Mm _own = new();

            {{member}}
            [Requires("mm.Users")]
            private static int Demands(Mm mm) => mm.Walk();
        }
        """,
        message);

    [Theory]
    [InlineData("[|mm.Walk()|];")]
    [InlineData("mm.Grab(); [|mm.Walk()|]; mm.Drop();")]
    [InlineData("mm.Get(); [|other.Walk()|]; mm.Put();")]
    [InlineData("if (!mm.TryGet()) { [|mm.Walk()|]; return; } mm.Put();")]
    [InlineData("[|Demands(mm)|];")]
    [InlineData("[|_own.Walk()|];")]
    [InlineData("foreach (Mm one in all) { [|one.Walk()|]; }")]
    [InlineData("all.ForEach(one => [|one.Walk()|]);")]
    [InlineData("Task.Run(() => [|mm.Walk()|]);")]
    [InlineData("Local(); void Local() => [|mm.Walk()|];")]
    public void WithoutTheReference_IsReported(string body) => VerifyIn($"public void M(Mm mm, Mm other, List<Mm> all) {{ {body} }}");

    [Theory]
    [InlineData("mm.Get(); mm.Walk(); mm.Put();")]
    [InlineData("mm.Grab(); mm.Get(); mm.Walk(); mm.Put(); mm.Drop();")]
    [InlineData("if (mm.TryGet()) { Demands(mm); mm.Put(); }")]
    [InlineData("mm.Get(); Local(); mm.Put(); void Local() => mm.Walk();")]
    [InlineData("mm.Get(); new List<int> { 1 }.ForEach(n => mm.Walk()); mm.Put();")]
    [InlineData("var fresh = new Mm(); fresh.Walk();")]
    [InlineData("Mm same = mm; mm.Get(); same.Walk(); mm.Put();")]
    public void WithTheReference_IsSilent(string body) => VerifyIn($"public void M(Mm mm) {{ {body} }}");

    [Theory]
    [InlineData("public int M(Mm mm) => [|mm.Walk()|];", "'Walk' needs the reference 'mm.Users'")]
    [InlineData("public void M(Mm mm) { mm.Grab(); [|mm.Walk()|]; mm.Drop(); }", "'Walk' needs the reference 'mm.Users'; 'mm.Grabs' keeps less alive")]
    public void Message_SaysWhichOneIsMissing(string member, string message) => VerifyIn(member, message);

    [Fact]
    public void RequiredByContract_IsHeld() => VerifyIn("[Requires(\"mm.Users\")] public async Task M(Mm mm) { mm.Walk(); await Task.Yield(); Demands(mm); }");

    [Fact]
    public void FunctionThatRunsLater_IsLOCK1008() => VerifyIn(
        "public Func<int> M(Mm mm) { mm.Get(); try { return () => {|LOCK1008:mm.Walk()|}; } finally { mm.Put(); } }");

    [Fact]
    public void ReferenceOfALibrary_InAContractFile() => Verify(
        """
        public static class Walker
        {
            public static void Wrong(Thread thread) => [|thread.Interrupt()|];
            public static void Right(Thread thread) { thread.Start(); thread.Interrupt(); thread.Join(); }
        }
        """,
        contracts: """
            T:System.Threading.Thread : DeclaresCapability("Running", CapabilityKind.Reference)
            M:System.Threading.Thread.Start : Acquires("Running")
            M:System.Threading.Thread.Join : Releases("Running")
            M:System.Threading.Thread.Interrupt : Requires("Running")
            """);
}
