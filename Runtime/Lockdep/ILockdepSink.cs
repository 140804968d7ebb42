// Where reports go.
namespace Locking;

/// <summary>Where reports go.</summary>
/// <remarks>
/// Called by the thread that made the mistake, with none of the validator's own locks held and with its checks off, so a sink may take locks.
/// What it throws comes out of the operation that was reported, which has then not happened.
/// </remarks>
public interface ILockdepSink
{
    /// <summary>Receives a report.</summary>
    /// <param name="report">The report.</param>
    void Report(LockdepReport report);
}
