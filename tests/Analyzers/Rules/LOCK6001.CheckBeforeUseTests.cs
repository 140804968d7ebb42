// LOCK6001: what was read optimistically is used only after the check that it is still valid.
using Xunit;

namespace Locking.Tests.Rules;

public sealed class CheckBeforeUseTests() : TokenTests("LOCK6001")
{
    [Theory]
    [InlineData("n.Begin(); n.Update.Enter(); [|n.Install()|]; n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (n.Retry(s)) { [|n.Install()|]; } n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); bool retry = n.Retry(s); [|n.Install()|]; n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (flag && n.Retry(s)) { n.Update.Exit(); return false; } [|n.Install()|]; n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); {|LOCK3003:other.Update.Enter()|}; if (!n.Retry(s)) { [|other.Install()|]; } other.Update.Exit(); n.Update.Exit();")]
    [InlineData("n.Update.Enter(); [|Use(n)|]; n.Update.Exit();")]
    public void UncheckedUse_IsReported(string body) => VerifyIn(body);

    [Theory]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (!n.Retry(s)) { n.Install(); } n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); bool retry = n.Retry(s); if (!retry) { n.Install(); n.Install(); } n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (n.Retry(s)) { n.Update.Exit(); return false; } Use(n); n.Update.Exit();")]
    [InlineData("while (true) { ulong s = n.Begin(); n.Update.Enter(); if (n.Retry(s)) { n.Update.Exit(); continue; } n.Install(); n.Update.Exit(); return true; }")]
    [InlineData("again: ulong s = n.Begin(); n.Update.Enter(); if (n.Retry(s)) { n.Update.Exit(); goto again; } n.Install(); n.Update.Exit();")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); try { if (n.Retry(s)) return false; n.Install(); } finally { n.Update.Exit(); }")]
    [InlineData("ulong s; bool stale; do { s = n.Begin(); n.Update.Enter(); stale = n.Retry(s); if (!stale) n.Install(); n.Update.Exit(); } while (stale);")]
    [InlineData("ulong s = n.Begin(); n.Update.Enter(); if (!n.Retry(s)) { Task.Run(() => {|LOCK1008:n.Install()|}); } n.Update.Exit();")]
    public void CheckedUse_IsSilent(string body) => VerifyIn(body);

    [Fact]
    public void Message_NamesCallAndToken() => VerifyIn(
        "n.Update.Enter(); [|n.Install()|]; n.Update.Exit();", "'Install' needs 'n.Valid', and no check has said that it is valid");

    [Fact]
    public void SequenceLockOfTheRuntime_GivesASnapshot() => Verify(
        """
        public class Clock
        {
            private readonly SeqLock _sequence = new();
            private long _ticks;

            public long Read()
            {
                long ticks;
                uint start;
                do
                {
                    start = _sequence.ReadBegin();
                    ticks = Volatile.Read(ref _ticks);
                }
                while (_sequence.ReadRetry(start));
                return ticks;
            }

            public void Write(long ticks)
            {
                using (_sequence.EnterWrite())
                {
                    Volatile.Write(ref _ticks, ticks);
                }
            }
        }
        """);

    [Fact]
    public void OptimisticVersionCheck_OfAnybodysType() => Verify(
        """
        [DeclaresCapability("Consistent", CapabilityKind.Token)]
        public abstract class Versioned
        {
            public abstract int Begin();

            [TryAcquires(true, "Consistent")]
            public abstract bool Validate(int version);

            [Requires("Consistent")]
            public abstract void Publish();
        }

        public static class Reader
        {
            public static void Right(Versioned v)
            {
                int version = v.Begin();
                if (v.Validate(version))
                {
                    v.Publish();
                }
            }

            public static void Wrong(Versioned v)
            {
                int version = v.Begin();
                [|v.Publish()|];
            }
        }
        """);
}
