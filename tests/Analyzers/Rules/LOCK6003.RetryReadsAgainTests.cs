// LOCK6003: a retry reads the sequence again.
using Xunit;

namespace Locking.Tests.Rules;

public sealed class RetryReadsAgainTests() : TokenTests("LOCK6003")
{
    private const string Attempt = "n.Update.Enter(); if ([|n.Retry(s)|]) { n.Update.Exit(); continue; } n.Install(); n.Update.Exit(); return true;";

    [Theory]
    [InlineData($"ulong s = n.Begin(); while (true) {{ {Attempt} }}")]
    [InlineData($"ulong s = n.Begin(); for (;;) {{ {Attempt} }}")]
    [InlineData("ulong s = n.Begin(); again: n.Update.Enter(); if ([|n.Retry(s)|]) { n.Update.Exit(); goto again; } n.Install(); n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); bool stale; do { n.Update.Enter(); stale = [|n.Retry(s)|]; n.Update.Exit(); } while (stale);")]
    public void StaleSequence_IsReported(string body) => VerifyIn(body);

    [Theory]
    [InlineData("while (true) { ulong s = n.Begin(); n.Update.Enter(); if (n.Retry(s)) { n.Update.Exit(); continue; } n.Install(); n.Update.Exit(); return true; }")]
    [InlineData("ulong s = n.Begin(); while (true) { n.Update.Enter(); if (n.Retry(s)) { n.Update.Exit(); s = n.Begin(); continue; } n.Install(); n.Update.Exit(); return true; }")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (n.Retry(s)) { n.Update.Exit(); return false; } n.Install(); n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (n.Retry(s)) { s = n.Begin(); if (n.Retry(s)) { n.Update.Exit(); return false; } } n.Install(); n.Update.Exit();")]
    public void SampledAgain_IsSilent(string body) => VerifyIn(body);

    [Fact]
    public void Message_NamesTheToken() => VerifyIn(
        $"ulong s = n.Begin(); while (true) {{ {Attempt} }}", "The check of 'n.Valid' failed with this sequence before: read it again before each attempt");
}
