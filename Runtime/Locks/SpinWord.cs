// The word of a spin lock: who holds it.
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>The word of a spin lock: the thread number of the holder, 0 if free. Mutable: keep it in a field that is not read-only.</summary>
internal struct SpinWord
{
    private const int Free = 0;

    /// <summary>A holder that no thread is.</summary>
    private const int Disposed = int.MaxValue;

    private int _holder;

    public readonly bool IsMine => Volatile.Read(in _holder) == ManagedThread.Id;

    public readonly bool IsDisposed => Volatile.Read(in _holder) == Disposed;

    /// <summary>Takes it for a thread if it is free.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(int thread) => Interlocked.CompareExchange(ref _holder, thread, Free) == Free;

    /// <summary>Spins for a while and takes it as soon as it seems free; false where that did not happen, after giving way to other threads.</summary>
    public bool SpinAndTake()
    {
        var backoff = default(Backoff);
        do
        {
            if (Volatile.Read(ref _holder) == Free && TryTake(ManagedThread.Id))
            {
                return true;
            }
        }
        while (backoff.Spin());

        // Sleep, not yield: a preempted holder of lower priority would never run.
        Thread.Sleep(1);
        return false;
    }

    /// <summary>False where the thread, which must be the calling one, does not hold it. A plain store with release order is enough: nobody else writes a held word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGive(int thread)
    {
        if (_holder != thread)
        {
            return false;
        }

        Volatile.Write(ref _holder, Free);
        return true;
    }

    /// <summary>False where somebody holds it.</summary>
    public bool TryDispose() => Interlocked.CompareExchange(ref _holder, Disposed, Free) is Free or Disposed;
}
