// A sink that keeps what was reported.
using System.Collections.Generic;

namespace Locking.Tests.Harness;

/// <summary>Keeps reports for a test to look at. Safe for any thread.</summary>
internal sealed class Reported : ILockdepSink
{
    private readonly List<LockdepReport> _reports = [];

    public IReadOnlyList<LockdepReport> All
    {
        get
        {
            lock (_reports)
            {
                return _reports.ToArray();
            }
        }
    }

    public void Report(LockdepReport report)
    {
        lock (_reports)
        {
            _reports.Add(report);
        }
    }
}
