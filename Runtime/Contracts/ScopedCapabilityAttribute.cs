// Declares a guard type.
using System;

namespace Locking;

/// <summary>A guard: acquires in its constructor or factory, and releases in <c>Dispose</c>.</summary>
/// <remarks>
/// In the contracts of its members <c>this</c> is what the guard is bound to, so a guard can be unlocked early, locked again, adopted or deferred.
/// A constructor or factory with <c>[Acquires]</c> acquires; with <c>[Requires]</c> it adopts what is held; with <c>[Excludes]</c> it is bound but
/// does not hold yet; with <c>[Releases]</c> it is a reverse guard, whose <c>Dispose</c> acquires again.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class ScopedCapabilityAttribute : Attribute
{
}
