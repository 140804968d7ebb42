// LOCK5008: what callbacks may still use is not freed after an unregister that does not wait for them.
using Xunit;

namespace Locking.Tests.Rules;

public sealed class UnregisterIsFenceTests() : SectionTests("LOCK5008")
{
    [Theory]
    [InlineData("Node.Unlink(_registered); [|Node.Free(_registered)|];")]
    [InlineData("Node.Unlink(_registered); _other.Synchronize(); [|Node.Free(_registered)|];")]
    [InlineData("if (flag) Node.Unlink(_registered); else Node.Unlink(_registered); [|Node.Free(_registered)|];")]
    [InlineData("Node.Unlink(_registered); if (flag) _srcu.Synchronize(); [|Node.Free(_registered)|];")]
    [InlineData("Node same = _registered; Node.Unlink(same); [|Node.Free(same)|];")]
    [InlineData("Node.Unlink(_registered); [|Release(_registered)|];")]
    public void FreedWithoutAFence_IsReported(string body) => VerifyIn($"public void M(bool flag) {{ {body} }}");

    [Theory]
    [InlineData("Node.Unregister(_registered); Node.Free(_registered);")]
    [InlineData("Node.Unlink(_registered); _srcu.Synchronize(); Node.Free(_registered);")]
    [InlineData("Node.Unlink(_registered); Wait(); Node.Free(_registered);")]
    [InlineData("Node.Unlink(_registered); Node.Unregister(_registered); Node.Free(_registered);")]
    [InlineData("Node.Unlink(_registered); _srcu.Call(() => Node.Free(_registered));")]
    public void FreedBehindAFence_IsSilent(string body) => VerifyIn($"public void M(bool flag) {{ {body} }}");

    [Fact]
    public void LeavingAnEvent_IsNoFence() => VerifyIn(
        "private event Func<string?>? Asked; public void M() { Asked -= _registered.ToString; [|Node.Free(_registered)|]; } public string? Ask() => Asked?.Invoke();");

    [Fact]
    public void NoUnregisterAtAll_IsLOCK5005() => VerifyIn("public void M() => {|LOCK5005:Node.Free(_registered)|};");

    [Fact]
    public void Message_NamesTheObject() => VerifyIn(
        "public void M() { Node.Unlink(_registered); [|Node.Free(_registered)|]; }", "'_registered' is freed after it was only unlinked: callbacks may still be using it");
}
