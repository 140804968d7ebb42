// The guard that a field has anyway is written down.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class WriteTheGuardTests() : FixTests("LOCK1101", new WriteTheGuard())
{
    [Fact]
    public void Field_SaysWhatGuardsIt() => VerifyFix(
        """
        public class Account
        {
            private readonly object _gate = new();
            private int _balance; // in cents

            public void Add() { lock (_gate) { _balance++; } }
            public void Take() { lock (_gate) { _balance--; } }
            public int Read() { lock (_gate) { return _balance; } }
            public void Clear() => [|_balance|] = 0;
        }
        """,
        """
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))]
            private int _balance; // in cents

            public void Add() { lock (_gate) { _balance++; } }
            public void Take() { lock (_gate) { _balance--; } }
            public int Read() { lock (_gate) { return _balance; } }
            public void Clear() => _balance = 0;
        }
        """,
        "Write that '_gate' guards '_balance'",
        turnsInto: "LOCK1001");

    [Fact]
    public void AutomaticProperty_SaysWhatGuardsIt() => VerifyFix(
        """
        public class Account
        {
            private readonly object _gate = new();

            /// <summary>In cents.</summary>
            private int Balance { get; set; }

            public void Add() { lock (_gate) { Balance++; } }
            public void Take() { lock (_gate) { Balance--; } }
            public int Read() { lock (_gate) { return Balance; } }
            public void Clear() => [|Balance|] = 0;
        }
        """,
        """
        public class Account
        {
            private readonly object _gate = new();

            /// <summary>In cents.</summary>
            [GuardedBy(nameof(_gate))]
            private int Balance { get; set; }

            public void Add() { lock (_gate) { Balance++; } }
            public void Take() { lock (_gate) { Balance--; } }
            public int Read() { lock (_gate) { return Balance; } }
            public void Clear() => Balance = 0;
        }
        """,
        "Write that '_gate' guards 'Balance'",
        turnsInto: "LOCK1001");

    [Fact]
    public void Everywhere_OneContractForAField() => VerifyFixAll(
        """
        public class Account
        {
            private static readonly object s_gate = new();

            // All there is.
            private static int s_total;

            public void Add() { lock (s_gate) { s_total++; } }
            public void Take() { lock (s_gate) { s_total--; } }
            public int Read() { lock (s_gate) { return s_total; } }
            public int Next() { lock (s_gate) { return s_total++; } }
            public void Clear() => [|s_total|] = 0;
            public void Reset() => [|s_total|] = 1;
        }
        """,
        """
        public class Account
        {
            private static readonly object s_gate = new();

            // All there is.
            [GuardedBy(nameof(s_gate))]
            private static int s_total;

            public void Add() { lock (s_gate) { s_total++; } }
            public void Take() { lock (s_gate) { s_total--; } }
            public int Read() { lock (s_gate) { return s_total; } }
            public int Next() { lock (s_gate) { return s_total++; } }
            public void Clear() => s_total = 0;
            public void Reset() => s_total = 1;
        }
        """,
        turnsInto: "LOCK1001");
}
