// The scoped guard of the mutex.
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

public partial class MutexLock
{
    /// <summary>Releases a mutex at the end of a scope.</summary>
    [ScopedCapability]
    public ref struct Guard
    {
        private MutexLock? _held;

        internal Guard(MutexLock held) => _held = held;

        /// <summary>Releases.</summary>
        /// <exception cref="SynchronizationLockException">Disposed before, or by another thread than the one that acquired.</exception>
        [ReleasesExclusive("this")]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose()
        {
            MutexLock held = _held ?? throw GuardMisuse.DisposedTwice();
            _held = null;
            held.Release();
        }
    }
}
