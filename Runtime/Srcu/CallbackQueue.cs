// The callbacks of an SRCU domain, and the thread that runs them.
using System;
using System.Threading;

namespace Locking;

/// <summary>
/// The callbacks of a domain, first queued first run, on a background thread that starts with the first callback and ends when none came for a
/// while. Safe for any thread.
/// </summary>
/// <remarks>A thread of its own and not the pool's: a grace period may last as long as a reader blocks, and readers may need the pool to go on.</remarks>
internal sealed class CallbackQueue(GracePeriods gracePeriods)
{
    /// <summary>How long the thread waits for another callback before it ends, in milliseconds.</summary>
    private const int Patience = 1000;

    private readonly object _gate = new();
    private SrcuCallback? _first;
    private SrcuCallback? _last;
    private Thread? _runner;
    private int _pending;

    /// <summary>How many callbacks have not finished yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Whether the caller is a callback.</summary>
    public bool IsCurrentThread => Volatile.Read(ref _runner) == Thread.CurrentThread;

    public void Add(SrcuCallback callback)
    {
        Interlocked.Increment(ref _pending);
        try
        {
            Enqueue(callback);
        }
        catch
        {
            Interlocked.Decrement(ref _pending);
            throw;
        }
    }

    /// <summary>Queues a mark that is no callback of the user's, and waits until it is reached.</summary>
    public void Barrier()
    {
        using var reached = new ManualResetEventSlim();
        Enqueue(new SrcuCallback(reached.Set) { IsMark = true });
        reached.Wait();
    }

    [NoThreadSafetyAnalysis("A few instructions under the lock of the queue: nobody blocks under it.")]
    private void Enqueue(SrcuCallback callback)
    {
        if (!callback.TryQueue())
        {
            throw new InvalidOperationException("The callback is queued already.");
        }

        lock (_gate)
        {
            callback.Number = gracePeriods.Next;
            callback.Next = null;
            _last = _last is null ? _first = callback : _last.Next = callback;
            if (_runner is null)
            {
                _runner = new Thread(Run) { IsBackground = true, Name = "SRCU callbacks" };
                _runner.Start();
            }

            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (TakeAll() is { } batch)
        {
            // Numbers grow along the queue, so the last one's grace period is everybody's.
            SrcuCallback last = batch;
            while (last.Next is not null)
            {
                last = last.Next;
            }

            gracePeriods.Await(last.Number, isExpedited: false);
            for (SrcuCallback? callback = batch; callback is not null;)
            {
                // Its link is read first: once it runs, it may be queued again.
                SrcuCallback? next = callback.Next;
                bool isMark = callback.IsMark;
                Invoke(callback);
                Interlocked.Add(ref _pending, isMark ? 0 : -1);
                callback = next;
            }
        }
    }

    /// <summary>Everything that is queued; null where the thread should end.</summary>
    private SrcuCallback? TakeAll()
    {
        lock (_gate)
        {
            while (_first is null)
            {
                if (!Monitor.Wait(_gate, Patience) && _first is null)
                {
                    _runner = null;
                    return null;
                }
            }

            SrcuCallback? batch = _first;
            _first = _last = null;
            return batch;
        }
    }

    private static void Invoke(SrcuCallback callback)
    {
        try
        {
            using (Lockdep.Restrict(WaitType.Spin))
            {
                callback.Run();
            }
        }
        catch (Exception thrown)
        {
            Report(thrown);
        }
    }

    private static void Report(Exception thrown)
    {
        HeldStack stack = HeldStack.Current;
        try
        {
            Validator.Publish(stack, Reports.About(
                stack, LockdepReportKind.CallbackThrew, $"An SRCU callback threw {thrown.GetType().Name}: {thrown.Message}", null, default, thrown.ToString()));
        }
        catch (LockdepException)
        {
            // A sink that throws has nobody here to throw to; the event source has the report.
        }
    }
}
