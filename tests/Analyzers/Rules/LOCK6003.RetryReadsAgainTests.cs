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

    /// <summary>A sequence lock needs no lock for its check.</summary>
    [Theory]
    [InlineData("uint start = _sequence.ReadBegin(); do { ticks = Volatile.Read(ref _ticks); } while ([|_sequence.ReadRetry(start)|]);")]
    [InlineData("uint start = _sequence.ReadBegin(); while (true) { ticks = Volatile.Read(ref _ticks); if (![|_sequence.ReadRetry(start)|]) { break; } }")]
    [InlineData("uint start; do { start = _sequence.ReadBegin(); ticks = Volatile.Read(ref _ticks); } while (_sequence.ReadRetry(start));")]
    [InlineData("uint start = _sequence.ReadBegin(); ticks = Volatile.Read(ref _ticks); while (_sequence.ReadRetry(start)) { start = _sequence.ReadBegin(); ticks = Volatile.Read(ref _ticks); }")]
    public void SequenceLock_IsReadAgainToo(string body) => Verify(
        $$"""
        public class Clock
        {
            private readonly SeqLock _sequence = new();
            private long _ticks;

            public long Read() { long ticks; {{body}} return ticks; }

            public void Write(long ticks) { using (_sequence.EnterWrite()) { Volatile.Write(ref _ticks, ticks); } }
        }
        """);
}
