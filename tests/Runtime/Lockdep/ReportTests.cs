// What a report says, who gets it, and how often.
using System;
using System.Diagnostics.Tracing;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Validation;

public sealed class ReportTests : ValidatedTest
{
    private readonly MutexLock _a = new(LockClass.Named("report.A"));
    private readonly MutexLock _b = new(LockClass.Named("report.B"));

    [Fact]
    public void Cycle_IsTold_WithBothStacks_TheScenario_AndWhatIsHeld()
    {
        FirstOrder();
        SecondOrder();

        LockdepReport report = SingleReport(LockdepReportKind.CircularDependency);
        Assert.Equal("Acquiring 'report.A' while 'report.B' is held closes a cycle of lock order", report.Message);
        Assert.Equal("CircularDependency report.B -> report.A", report.Key);
        Assert.Equal("report.A", report.Lock?.Class);
        Assert.Equal("report.B", report.Conflict?.Class);
        ReportedDependency seen = Assert.Single(report.Chain);
        Assert.Equal(("report.A", "report.B"), (seen.Outer, seen.Inner));
        Assert.Contains(nameof(FirstOrder), seen.Stack);
        Assert.Contains(nameof(SecondOrder), report.Stack);
        Assert.Equal(["report.B"], report.Held.Select(h => h.Class));
        Assert.Equal(
            [
                new ScenarioStep(0, "lock(report.B);"),
                new ScenarioStep(1, "lock(report.A);"),
                new ScenarioStep(1, "lock(report.B);"),
                new ScenarioStep(0, "lock(report.A);"),
            ],
            report.Scenario);
        Assert.Matches(@"^ReportTests\.cs:\d+$", report.Lock?.Place.ToString());
    }

    [Fact]
    public void Text_HasTheLayoutOfLockdep()
    {
        FirstOrder();
        SecondOrder();

        string text = Regex.Replace(SingleReport(LockdepReportKind.CircularDependency).ToString().ReplaceLineEndings("\n"), @"   at .*\n", "");
        text = Regex.Replace(text, @"thread \d+( "".*"")?", "thread N");
        text = Regex.Replace(text, @"#\d+ \(", "#N (");
        text = Regex.Replace(text, @"\.cs:\d+", ".cs:L");
        Assert.Equal(
            """
            ======================================================================
            Locking: Acquiring 'report.A' while 'report.B' is held closes a cycle of lock order
            ----------------------------------------------------------------------
            By thread N
            Lock:     report.A #N (exclusive) {....}-{Sleep:Sleep}, at ReportTests.cs:L
            Conflict: report.B #N (exclusive) {....}-{Sleep:Sleep}, at ReportTests.cs:L

            Dependencies seen before:
             #0 report.A (ReportTests.cs:L) -> report.B (ReportTests.cs:L), first by thread N

            Possible deadlock:

              this thread                             another thread
              -----------                             --------------
              lock(report.B);
                                                      lock(report.A);
                                                      lock(report.B);
              lock(report.A);

            Held, outermost first:
             #0 report.B #N (exclusive) {....}-{Sleep:Sleep}, at ReportTests.cs:L

            Stack:
            ======================================================================
            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void LongCycle_NumbersTheOtherThreads()
    {
        var c = new MutexLock(LockClass.Named("report.C"));
        Take(_a, _b);
        Take(_b, c);
        Take(c, _a);

        LockdepReport report = SingleReport(LockdepReportKind.CircularDependency);
        Assert.Equal([("report.A", "report.B"), ("report.B", "report.C")], report.Chain.Select(d => (d.Outer, d.Inner)));
        Assert.Equal(
            ["0 lock(report.C);", "1 lock(report.A);", "2 lock(report.B);", "1 lock(report.B);", "2 lock(report.C);", "0 lock(report.A);"],
            report.Scenario.Select(s => s.Actor + " " + s.Operation));
        Assert.Contains("2: lock(report.B);", report.ToString());
    }

    [Fact]
    public void SameMistakeTwice_IsReportedOnce()
    {
        FirstOrder();
        SecondOrder();
        SecondOrder();
        Take(_b, _a);
        SingleReport(LockdepReportKind.CircularDependency);
    }

    [Fact]
    public void FirstOnly_GoesQuietAfterOneReport_AndResetWakesIt()
    {
        Lockdep.Policy = ReportPolicy.FirstOnly;
        Take(_a, _b);
        Take(_b, _a);
        Assert.False(Lockdep.IsActive);
        Take(_a, new MutexLock(_a.Map!.Class));
        SingleReport(LockdepReportKind.CircularDependency);
        Lockdep.Reset();
        Assert.True(Lockdep.IsActive);
        Take(_a, new MutexLock(_a.Map.Class));
        Assert.Equal([LockdepReportKind.CircularDependency, LockdepReportKind.RecursiveLocking], Reports.Select(r => r.Kind));
    }

    [Fact]
    public void WhatIsHeldWhileItIsQuiet_IsKnownAfterwards()
    {
        Lockdep.Policy = ReportPolicy.FirstOnly;
        Take(_a, _b);
        Take(_b, _a);
        Assert.False(Lockdep.IsActive);
        using (_a.Enter())
        {
            Assert.True(Lockdep.IsHeld(_a.Map!));
        }

        Assert.False(Lockdep.IsHeld(_a.Map!));
        SingleReport(LockdepReportKind.CircularDependency);
    }

    [Fact]
    public void ThrowingSink_StopsTheAcquisition_AndNothingIsHeld()
    {
        FirstOrder();
        Lockdep.Sink = new ThrowingSink();
        _b.Acquire();
        LockdepException thrown = Assert.Throws<LockdepException>(() => _a.Acquire());
        Assert.Equal(LockdepReportKind.CircularDependency, thrown.Report.Kind);
        Assert.Equal(thrown.Report.ToString(), thrown.Message);
        Assert.False(_a.IsHeldByCurrentThread);
        Assert.False(Lockdep.IsHeld(_a.Map!));
        Assert.True(Lockdep.IsHeld(_b.Map!));
        _b.Release();
    }

    [Fact]
    public void ThrowingSink_StopsATry_AndNothingIsHeld()
    {
        var spin = new SpinMutex(LockClass.Named("report.spin"));
        using (Lockdep.AdmitCallbacks(CallbackContexts.Any))
        {
            Lockdep.Sink = new ThrowingSink();
            using (Lockdep.EnterCallback(CallbackContexts.NonBlockable))
            {
                spin.Acquire();
                spin.Release();
            }

            Assert.Throws<LockdepException>(() => spin.TryAcquire());
        }

        Assert.False(spin.IsHeldByCurrentThread);
        Assert.False(Lockdep.IsHeld(spin.Map!));
    }

    [Fact]
    public void Sink_MayTakeLocks()
    {
        var inside = new MutexLock(LockClass.Named("report.sink"));
        var sink = new LockingSink(inside);
        Lockdep.Sink = sink;
        FirstOrder();
        SecondOrder();
        Assert.Equal(1, sink.Reports);
    }

    [Fact]
    public void StandardErrorSink_WritesTheText_AndSaysThatItIsQuiet()
    {
        Lockdep.Policy = ReportPolicy.FirstOnly;
        Lockdep.Sink = new StandardErrorSink();
        TextWriter before = Console.Error;
        var written = new StringWriter();
        Console.SetError(written);
        try
        {
            FirstOrder();
            SecondOrder();
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Contains("Locking: Acquiring 'report.A'", written.ToString());
        Assert.EndsWith("Locking: the validator is quiet from here on." + Environment.NewLine, written.ToString());
    }

    [Fact]
    public void EventSource_GetsEveryReport()
    {
        using var listener = new Listener();
        FirstOrder();
        SecondOrder();
        EventWrittenEventArgs written = Assert.Single(listener.Written, e => e.EventId == 1);
        Assert.Equal(["CircularDependency", Reports[0].Message, Reports[0].ToString()], written.Payload!);
    }

    [Fact]
    public void NullSink_IsRefused() => Assert.Throws<ArgumentNullException>(() => Lockdep.Sink = null!);

    private static void Take(MutexLock outer, MutexLock inner)
    {
        using (outer.Enter())
        using (inner.Enter())
        {
        }
    }

    private void FirstOrder()
    {
        using (_a.Enter())
        using (_b.Enter())
        {
        }
    }

    private void SecondOrder()
    {
        using (_b.Enter())
        using (_a.Enter())
        {
        }
    }

    private sealed class LockingSink(MutexLock inside) : ILockdepSink
    {
        public int Reports { get; private set; }

        public void Report(LockdepReport report)
        {
            using (inside.Enter())
            {
                Reports++;
            }
        }
    }

    private sealed class Listener : EventListener
    {
        public System.Collections.Generic.List<EventWrittenEventArgs> Written { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Locking-Runtime")
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => Written?.Add(eventData);
    }
}
