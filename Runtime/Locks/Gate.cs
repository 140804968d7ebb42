// The short lock around a wait queue, which Thread.Interrupt must not break.
using System.Threading;

namespace Locking;

/// <summary>
/// Locks an object for a few instructions on which the waking of other threads depends. An interrupt that arrives meanwhile is put off to the
/// end: a release that it cut short would leave somebody asleep for ever.
/// </summary>
[NoThreadSafetyAnalysis("A few instructions, under which nobody blocks and nothing else is acquired.")]
internal readonly ref struct Gate
{
    private readonly object _gate;
    private readonly bool _wasInterrupted;

    private Gate(object gate, bool wasInterrupted)
    {
        _gate = gate;
        _wasInterrupted = wasInterrupted;
    }

    public static Gate Enter(object gate)
    {
        bool wasInterrupted = false;
        while (true)
        {
            try
            {
                Monitor.Enter(gate);
                return new Gate(gate, wasInterrupted);
            }
            catch (ThreadInterruptedException)
            {
                wasInterrupted = true;
            }
        }
    }

    public void Dispose()
    {
        Monitor.Exit(_gate);
        if (_wasInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}
