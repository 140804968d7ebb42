// The base of every test class: a validator that knows nothing yet, and whose reports a test must account for.
using System;
using System.Linq;
using Xunit;

namespace Locking.Tests.Harness;

/// <summary>Resets the validator before a test, and fails the test for reports that it did not ask for. Also right where validation is off.</summary>
public abstract class ValidatedTest : IDisposable
{
    private readonly Reported _reported = new();
    private bool _isAccounted;

    protected ValidatedTest()
    {
        Lockdep.Reset();
        Lockdep.Policy = ReportPolicy.EachOnce;
        Lockdep.Sink = _reported;
    }

    /// <summary>Every report so far; whoever looks accounts for them.</summary>
    protected LockdepReport[] Reports
    {
        get
        {
            _isAccounted = true;
            return [.. _reported.All];
        }
    }

    public void Dispose()
    {
        CheckEnd();
        string unexpected = _isAccounted ? "" : string.Join(Environment.NewLine, _reported.All);
        Lockdep.Policy = ReportPolicy.FirstOnly;
        Lockdep.Sink = new StandardErrorSink();
        Lockdep.Reset();
        GC.SuppressFinalize(this);
        Assert.True(unexpected.Length == 0, unexpected);
    }

    /// <summary>What else must be true at the end of a test, while the validator still listens.</summary>
    protected virtual void CheckEnd()
    {
    }

    /// <summary>The one report of the test, which must be of a kind; none where validation is off.</summary>
    protected LockdepReport SingleReport(LockdepReportKind kind)
    {
        LockdepReport report = Assert.Single(Reports);
        Assert.Equal(kind, report.Kind);
        return report;
    }

    /// <summary>Where validation is on, the reports are of these kinds, in this order; where it is off there are none.</summary>
    protected void AssertReported(params LockdepReportKind[] kinds) =>
        Assert.Equal(Lockdep.IsEnabled ? kinds : [], Reports.Select(r => r.Kind));
}
