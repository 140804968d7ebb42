// How long a thread spins before it parks.
using System;
using System.Threading;

namespace Locking;

/// <summary>
/// Spins with growing pauses, then yields a few times, then says that it is time to park. A holder that runs usually releases within that
/// time, and parking costs a context switch twice.
/// </summary>
internal struct Backoff
{
    /// <summary>Pauses of 2^i, so about a thousand spin-wait units in all: a few microseconds, the length of a short critical section.</summary>
    private const int Pauses = 9;

    /// <summary>Yields after that, for a holder that was preempted on this very processor.</summary>
    private const int Yields = 6;

    private static readonly bool s_alone = Environment.ProcessorCount == 1;
    private int _step;

    /// <summary>Waits a little; false where spinning has lasted long enough.</summary>
    public bool Spin()
    {
        if (_step < Pauses && !s_alone)
        {
            Thread.SpinWait(1 << _step++);
            return true;
        }

        if (_step++ >= Pauses + Yields)
        {
            return false;
        }

        _step = Math.Max(_step, Pauses);
        Thread.Yield();
        return true;
    }
}
