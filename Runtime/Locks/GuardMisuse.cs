// The exceptions of guards.
using System.Threading;

namespace Locking;

internal static class GuardMisuse
{
    /// <summary>A guard that holds nothing is disposed: it was before, or nothing was ever acquired.</summary>
    public static SynchronizationLockException DisposedTwice() => new("This guard holds nothing: it was disposed before, or its try failed.");
}
