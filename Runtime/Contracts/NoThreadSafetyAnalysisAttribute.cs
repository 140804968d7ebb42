// Leaves a body unchecked.
using System;

namespace Locking;

/// <summary>The body is not checked; its own contracts still bind callers.</summary>
/// <remarks>
/// Clang: <c>NO_THREAD_SAFETY_ANALYSIS</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Class
    | AttributeTargets.Struct | AttributeTargets.Property)]
public sealed class NoThreadSafetyAnalysisAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="why">Why, for readers.</param>
    public NoThreadSafetyAnalysisAttribute(string why) => Why = why;

    /// <summary>The argument, as written.</summary>
    public string Why { get; }
}
