// LOCK5007: a grace period is not waited for inside a read section of the same domain.
using Xunit;

namespace Locking.Tests.Rules;

public sealed class NoGraceWaitInSectionTests() : SectionTests("LOCK5007")
{
    [Theory]
    [InlineData("_srcu.Enter(); [|_srcu.Synchronize()|]; _srcu.Exit();")]
    [InlineData("_srcu.Enter(); _srcu.Enter(); _srcu.Exit(); [|_srcu.Synchronize()|]; _srcu.Exit();")]
    [InlineData("_srcu.Enter(); try { [|_srcu.Synchronize()|]; } finally { _srcu.Exit(); }")]
    [InlineData("_srcu.Enter(); if (flag) [|_srcu.Synchronize()|]; _srcu.Exit();")]
    [InlineData("if (flag) _srcu.Enter(); [|_srcu.Synchronize()|]; if (flag) _srcu.Exit();")]
    [InlineData("_srcu.Enter(); [|Wait()|]; _srcu.Exit();")]
    [InlineData("_srcu.Enter(); Local(); _srcu.Exit(); void Local() => [|_srcu.Synchronize()|];")]
    public void InTheSection_IsReported(string body) => VerifyIn($"public void M(bool flag) {{ {body} }}");

    [Theory]
    [InlineData("_srcu.Enter(); _srcu.Exit(); _srcu.Synchronize();")]
    [InlineData("_srcu.Enter(); _other.Synchronize(); _srcu.Exit();")]
    [InlineData("_srcu.Enter(); _srcu.Call(() => { }); _srcu.Exit();")]
    [InlineData("_srcu.Enter(); Task.Run(() => _srcu.Synchronize()); _srcu.Exit();")]
    [InlineData("lock (_update) { _srcu.Synchronize(); }")]
    public void OutsideOrOfAnotherDomain_IsSilent(string body) => VerifyIn($"public void M() {{ {body} }}");

    [Fact]
    public void RequiredSection_IsReported() => VerifyIn("[RequiresShared(nameof(_srcu))] public void M() => [|_srcu.Synchronize()|];");

    [Fact]
    public void Message_NamesTheDomain() => VerifyIn(
        "public void M() { {|#0:_srcu.Enter()|}; [|_srcu.Synchronize()|]; _srcu.Exit(); }",
        "A grace period of '_srcu' is waited for inside one of its sections: it waits for itself");
}
