// Tells of a callback that does not return in time, while it runs.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>Tells of a callback that does not return in time, while it runs. Only where validation is on. Linux: the hung-task detector.</summary>
internal readonly ref struct CallbackWatch
{
    private readonly Timer? _timer;

    private CallbackWatch(Timer timer) => _timer = timer;

    public static CallbackWatch Begin(string callback, object of) => Lockdep.IsActive
        ? new CallbackWatch(new Timer(static state => Tell((string)state!), $"{callback} of {of.GetType().Name}", Machine.CallbackTimeout, Timeout.InfiniteTimeSpan))
        : default;

    public void Dispose() => _timer?.Dispose();

    private static void Tell(string callback)
    {
        try
        {
            MirrorProtocol.Report($"{callback} has not returned for {Machine.CallbackTimeout.TotalSeconds:0.###} s; whoever opened the window waits");
        }
        catch (LockdepException)
        {
            // A sink that throws has told already; nobody is here to throw to.
        }
    }
}
