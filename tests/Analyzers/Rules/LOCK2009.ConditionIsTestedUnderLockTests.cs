// LOCK2009: a condition is waited for and signalled under its lock, and tested again after each wake-up.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ConditionIsTestedUnderLockTests() : RuleTests("LOCK2009")
{
    private void VerifyIn(string body, string? message = null, string editorConfig = "") => Verify(
        $$"""
        public class Mailbox
        {
            private readonly object _gate = new();
            private readonly object _other = new();
            private readonly Mutex _mutex = new();
            private readonly Queue<int> _letters = new();
            private int _closed;

            public int Use(bool flag, object given)
            {
                {{body}}
                return 0;
            }
        }
        """, message, editorConfig: editorConfig);

    [Theory]
    [InlineData("while (_closed == 0) [|Monitor.Wait(_gate)|];", "'_gate' is waited on without being held")]
    [InlineData("[|Monitor.Pulse(_gate)|];", "'_gate' is signalled without being held")]
    [InlineData("[|Monitor.PulseAll(_gate)|];", "'_gate' is signalled without being held")]
    [InlineData("lock (_other) { [|Monitor.Pulse(_gate)|]; }", "'_gate' is signalled without being held")]
    [InlineData("lock (_gate) { } [|Monitor.Pulse(_gate)|];", "'_gate' is signalled without being held")]
    [InlineData("if (flag) Monitor.Enter(_gate); [|Monitor.Pulse(_gate)|]; if (flag) Monitor.Exit(_gate);", "'_gate' is signalled without being held")]
    [InlineData("[|Monitor.Pulse(given)|];", "'given' is signalled without being held")]
    [InlineData("_mutex.WaitOne(); [|Monitor.Pulse(_mutex)|]; _mutex.ReleaseMutex();", "'_mutex' is signalled without being held")]
    [InlineData("lock (_gate) { [|Monitor.Wait(_gate)|]; }", "The wait on '_gate' is not in a loop that tests its condition again")]
    [InlineData("lock (_gate) { if (_letters.Count == 0) [|Monitor.Wait(_gate)|]; }", "The wait on '_gate' is not in a loop that tests its condition again")]
    public void UnlockedOrOnce_IsReported(string statements, string message) => VerifyIn(statements, message);

    [Theory]
    [InlineData("lock (_gate) { while (_letters.Count == 0) Monitor.Wait(_gate); }")]
    [InlineData("lock (_mutex) { while (_letters.Count == 0) Monitor.Wait(_mutex); }")]
    [InlineData("lock (_mutex) { Monitor.PulseAll(_mutex); }")]
    [InlineData("lock (_gate) { while (_letters.Count == 0) { Monitor.Wait(_gate, 100); } }")]
    [InlineData("lock (_gate) { do { Monitor.Wait(_gate); } while (_letters.Count == 0); }")]
    [InlineData("lock (_gate) { for (;;) { if (_letters.Count > 0) break; Monitor.Wait(_gate); } }")]
    [InlineData("lock (_gate) { again: if (_letters.Count == 0) { Monitor.Wait(_gate); goto again; } }")]
    [InlineData("lock (_gate) { Monitor.Pulse(_gate); }")]
    [InlineData("lock (_gate) Monitor.PulseAll(_gate);")]
    [InlineData("Monitor.Enter(_gate); try { Monitor.PulseAll(_gate); } finally { Monitor.Exit(_gate); }")]
    [InlineData("if (Monitor.TryEnter(_gate)) { Monitor.Pulse(_gate); Monitor.Exit(_gate); }")]
    [InlineData("lock (_gate) { lock (_gate) { while (_closed == 0) Monitor.Wait(_gate); } }")]
    [InlineData("lock (_gate) { Monitor.Wait(_gate, 100); }")]
    [InlineData("lock (_gate) { Monitor.Wait(_gate, TimeSpan.FromSeconds(1)); }")]
    [InlineData("if (Monitor.IsEntered(_gate)) Monitor.Pulse(_gate);")]
    [InlineData("object gate = _gate; lock (gate) { Monitor.Pulse(_gate); }")]
    public void LockedAndInALoop_IsSilent(string statements) => VerifyIn(statements);

    [Theory]
    [InlineData("report", "[|Monitor.Wait(_gate, 100)|]")]
    [InlineData("Report", "[|Monitor.Wait(_gate, 100)|]")]
    [InlineData("ignore", "Monitor.Wait(_gate, 100)")]
    public void TimedWait_IsAnOption(string value, string wait) => VerifyIn($"lock (_gate) {{ {wait}; }}", editorConfig: "lock2009.timed_waits = " + value);

    [Fact]
    public void LockStaysHeldBehindTheWait() => Verify(
        """
        public class Mailbox
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Take()
            {
                lock (_gate)
                {
                    while (_count == 0)
                    {
                        Monitor.Wait(_gate);
                    }

                    _count--;
                }
            }
        }
        """);

    [Fact]
    public void RequiredLock_IsHeld() => Verify(
        """
        public class Mailbox
        {
            private readonly object _gate = new();

            [Requires(nameof(_gate))]
            public void Wake() => Monitor.PulseAll(_gate);

            public void Use()
            {
                lock (_gate)
                {
                    Signal();
                }
            }

            private void Signal() => Monitor.Pulse(_gate);
        }
        """);

    [Fact]
    public void OtherThread_HoldsNothing() => Verify(
        """
        public class Mailbox
        {
            private readonly object _gate = new();

            public void Use()
            {
                lock (_gate)
                {
                    Task.Run(() => [|Monitor.Pulse(_gate)|]);
                }
            }
        }
        """);

    [Fact]
    public void LoopAroundTheCaller_IsALoop() => Verify(
        """
        public class Mailbox
        {
            private readonly object _gate = new();
            private bool _ready;

            public void Use()
            {
                lock (_gate)
                {
                    while (!_ready)
                    {
                        Sleep();
                    }
                }

                void Sleep() => Monitor.Wait(_gate);
            }
        }
        """);

    [Fact]
    public void HomeMadeMonitor_IsSilent() => Verify(
        """
        internal static class Mon
        {
            public static void Enter(object o)
            {
                try
                {
                    Monitor.Enter(o);
                }
                catch (ThreadInterruptedException)
                {
                    Monitor.Enter(o);
                }
            }

            public static bool TryEnter(object o, int ms) => Monitor.TryEnter(o, ms);

            public static void Exit(object o) => Monitor.Exit(o);

            public static void Wait(object o) => Monitor.Wait(o);

            public static void Pulse(object o) => Monitor.Pulse(o);
        }

        internal class User
        {
            private readonly object _gate = new();

            public void M() { Mon.Enter(_gate); Mon.Exit(_gate); }
        }
        """);

    [Theory]
    [InlineData("private void WaitOnce() { Monitor.Wait(_gate); }", "while (!_ready) WaitOnce();")]
    [InlineData("private void WaitOnce() { Before(); } private void Before() { Monitor.Wait(_gate); }", "while (!_ready) WaitOnce();")]
    [InlineData("private void WaitOnce() { Monitor.Wait(_gate); }", "if (!_ready) [|WaitOnce()|];")]
    [InlineData("private void WaitOnce() { Before(); } private void Before() { Monitor.Wait(_gate); }", "if (!_ready) [|WaitOnce()|];")]
    [InlineData("public void WaitOnce() { [|Monitor.Wait(_gate)|]; }", "while (!_ready) WaitOnce();")]
    [InlineData("", "do { [|Monitor.Wait(_gate)|]; } while (false);")]
    [InlineData("", "do { Monitor.Wait(_gate); } while (!_ready);")]
    public void HelperThatWaitsOnce_IsJudgedWhereItIsCalled(string helper, string body) => Verify(
        $$"""
        public class Door
        {
            private readonly object _gate = new();
            private bool _ready;

            public void Open() { lock (_gate) { _ready = true; Monitor.PulseAll(_gate); } }

            public void Pass() { lock (_gate) { {{body}} } }

            {{helper}}
        }
        """);

    [Fact]
    public void WaitOnAnotherObject_IsNoBlockingCallAsWell() => VerifyIn("lock (_gate) { while (_closed == 0) [|Monitor.Wait(_other)|]; }", "'_other' is waited on without being held");

    /// <summary>Whoever disposes of a releaser holds the lock that it gives up.</summary>
    [Theory]
    [InlineData("Monitor.Pulse(_gate); Monitor.Exit(_gate);")]
    [InlineData("Monitor.Exit(_gate); [|Monitor.Pulse(_gate)|];")]
    [InlineData("if (_other != null) [|Monitor.PulseAll(_other)|]; Monitor.Exit(_gate);")]
    public void SignalOfAReleaser(string body) => Verify(
        $$"""
        public class Door
        {
            private readonly object _gate = new();

            public IDisposable Enter() { Monitor.Enter(_gate); return new Releaser(_gate, _gate); }

            private sealed class Releaser : IDisposable
            {
                private readonly object _gate;
                private readonly object _other;

                public Releaser(object gate, object other) { _gate = gate; _other = other; }

                public void Dispose() { {{body}} }

                public bool IsSame => _gate == _other;
            }
        }
        """);
}
