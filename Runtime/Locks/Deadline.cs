// A point in time up to which something waits.
using System;
using System.Threading;

namespace Locking;

/// <summary>A point in time up to which something waits.</summary>
internal readonly struct Deadline
{
    public static readonly Deadline Never = new(long.MaxValue);
    private readonly long _tick;

    private Deadline(long tick) => _tick = tick;

    /// <summary>Milliseconds left, as the framework's waits take them: -1 for ever, 0 where the time is over.</summary>
    public int Left => _tick == long.MaxValue
        ? Timeout.Infinite
        : (int)Math.Clamp(_tick - Environment.TickCount64, 0, int.MaxValue);

    public bool IsOver => Left == 0;

    /// <summary>From a time-out as the framework takes them: negative one millisecond for ever.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative otherwise, or above <see cref="int.MaxValue"/> milliseconds.</exception>
    public static Deadline After(TimeSpan timeout)
    {
        long milliseconds = (long)Math.Ceiling(timeout.TotalMilliseconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, Timeout.Infinite, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, int.MaxValue, nameof(timeout));
        return milliseconds == Timeout.Infinite ? Never : new(Environment.TickCount64 + milliseconds);
    }
}
