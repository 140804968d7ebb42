// LOCK6002: the check is made under the update lock, which is held until the use.
using Xunit;

namespace Locking.Tests.Rules;

public sealed class CheckHoldsUntilUseTests() : TokenTests("LOCK6002")
{
    [Theory]
    [InlineData("ulong s = n.Begin(); if ([|n.Retry(s)|]) return false;")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); n.Update.Exit(); if ([|n.Retry(s)|]) return false;")]
    [InlineData("ulong s = n.Begin(); other.Update.Enter(); bool retry = [|n.Retry(s)|]; other.Update.Exit(); return retry;")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); bool retry = n.Retry(s); n.Update.Exit(); if (retry) return false; n.Update.Enter(); [|n.Install()|]; n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (!n.Retry(s)) { n.Update.Exit(); n.Update.Enter(); [|Use(n)|]; } n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); if (EnterAndCheck(n, s)) { n.Update.Exit(); n.Update.Enter(); [|n.Install()|]; n.Update.Exit(); }")]
    public void CheckOrUseWithoutTheLock_IsReported(string body) => VerifyIn(body);

    [Theory]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (!n.Retry(s)) { n.Install(); } n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (!n.Retry(s)) { {|LOCK3003:other.Update.Enter()|}; other.Update.Exit(); n.Install(); } n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); bool retry = n.Retry(s); n.Update.Exit(); n.Update.Enter(); s = n.Begin(); if (!n.Retry(s)) n.Install(); n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); if (EnterAndCheck(n, s)) { n.Install(); n.Update.Exit(); }")]
    public void CheckAndUseInOneSection_IsSilent(string body) => VerifyIn(body);

    [Theory]
    [InlineData("ulong s = n.Begin(); if ([|n.Retry(s)|]) return false;", "'Retry' is asked without holding 'n.Update': its answer is out of date at once")]
    [InlineData(
        "ulong s = n.Begin(); n.Update.Enter(); bool retry = n.Retry(s); n.Update.Exit(); if (retry) return false; n.Update.Enter(); [|n.Install()|]; n.Update.Exit();",
        "'Install' needs 'n.Valid', which was lost when the lock that it hangs on was released")]
    public void Message_SaysWhatIsLacking(string body, string message) => VerifyIn(body, message);
}
