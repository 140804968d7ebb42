// Forbids code to sleep.
using System;

namespace Locking;

/// <summary>Must not sleep, nor call what may.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class MustNotBlockAttribute : Attribute
{
}
