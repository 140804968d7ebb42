// How much is reported.
namespace Locking;

/// <summary>How much is reported.</summary>
public enum ReportPolicy
{
    /// <summary>The first report, then nothing: what follows is mostly its cascade. Linux's policy, and the default.</summary>
    FirstOnly,

    /// <summary>Every mistake once, by kind and classes.</summary>
    EachOnce,
}
