// How a device hears of windows and faults.
namespace Locking.Tests.Mirror.SelfTest;

/// <summary>How a device hears of windows and faults.</summary>
public enum MirrorInterface
{
    /// <summary>An interval with a sequence: since 5.5.</summary>
    Interval55,

    /// <summary>A mirror and its ranges, which own a user reference.</summary>
    Mirror53,

    /// <summary>The same with a flag and without the reference: wrong, and only here to be caught.</summary>
    Mirror52,
}
