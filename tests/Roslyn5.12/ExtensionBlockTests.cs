// Extension blocks (C# 14), which older compilers do not know: what they extend is their members' receiver.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ExtensionBlockTests() : RuleTests("LOCK1001")
{
    [Theory]
    [InlineData("public void Add() { lock (table.Gate) { table.Count++; } }")]
    [InlineData("public void Add() { [|table.Count|]++; }", "'Count' is written without holding 'Gate', which guards it")]
    [InlineData("public int Rows => {|LOCK1002:table.Count|};")]
    [InlineData("public int Rows { get { lock (table.Gate) { return table.Count; } } }")]
    [InlineData("public void Leave() { {|LOCK2001:Monitor.Enter(table.Gate)|}; }")]
    [InlineData("[Requires(\"table.Gate\")] public void Add() { table.Count++; }")]
    [InlineData("[Requires({|LOCK0001:\"tabel.Gate\"|})] public void Add() { }")]
    [InlineData("public static void Add(Table other) { [|other.Count|]++; }")]
    public void Member_IsCheckedLikeAMethodOfWhatItExtends(string member, string? message = null) => Verify(
        $$"""
        internal sealed class Table
        {
            internal readonly object Gate = new();
            [GuardedBy(nameof(Gate))] internal int Count;
        }

        internal static class Extensions
        {
            extension(Table table)
            {
                {{member}}
            }
        }
        """, message);

    [Fact]
    public void Caller_HoldsWhatTheReceiverNeeds() => Verify(
        """
        internal sealed class Table
        {
            internal readonly object Gate = new();
            [GuardedBy(nameof(Gate))] internal int Count;

            public void Right(Table other)
            {
                lock (Gate)
                {
                    this.Add();
                    {|LOCK1005:other.Add()|};
                }

                this.Enter();
                Count++;
                this.Leave();
            }

            public void Wrong()
            {
                {|LOCK2001:this.Enter()|};
                Count++;
            }
        }

        internal static class Extensions
        {
            extension(Table table)
            {
                [Requires("table.Gate")]
                public void Add() => table.Count++;

                internal void Enter() => Monitor.Enter(table.Gate);

                internal void Leave() => Monitor.Exit(table.Gate);
            }
        }
        """);

    [Fact]
    public void WhatIsExtended_IsNobodysOwn() => Verify(
        """
        public static class Extensions
        {
            extension(object gate)
            {
                public void Locked(Action action) { lock (gate) { action(); } }
            }
        }
        """);
}
