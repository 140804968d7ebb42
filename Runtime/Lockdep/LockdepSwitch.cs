// The switch of the validator and of lock statistics: read once per process, so that the compiler drops what is off.
using System;

namespace Locking;

/// <summary>
/// Every lock tests <see cref="Observes"/> once per operation. As a static read-only field of an initialised type it is a constant to the
/// optimising compiler, so an operation of an unobserved lock contains no trace of the validator.
/// </summary>
internal static class LockdepSwitch
{
    /// <summary>Whether locks are checked: ordering, balance, contexts.</summary>
    public static readonly bool Validates = IsOn("LOCKING_LOCKDEP", LockdepRequest.Validation, "Locking.Lockdep", DefaultOn);

    /// <summary>Whether wait and hold times are measured.</summary>
    public static readonly bool Measures = IsOn("LOCKING_LOCKSTAT", LockdepRequest.Statistics, "Locking.LockStat", false);

    /// <summary>Whether anything looks at locks at all.</summary>
    public static readonly bool Observes = Validates || Measures;

#if DEBUG
    private const bool DefaultOn = true;
#else
    private const bool DefaultOn = false;
#endif

    /// <summary>Who starts the process has the last word, then the program, then its configuration.</summary>
    internal static bool IsOn(string variable, bool? request, string contextSwitch, bool otherwise)
    {
        string? environment = Environment.GetEnvironmentVariable(variable);
        if (!string.IsNullOrEmpty(environment))
        {
            return environment is "1" || environment.Equals("true", StringComparison.OrdinalIgnoreCase);
        }

        return request ?? (AppContext.TryGetSwitch(contextSwitch, out bool configured) ? configured : otherwise);
    }
}
