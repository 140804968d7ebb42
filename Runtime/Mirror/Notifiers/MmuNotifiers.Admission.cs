// The notifiers of an address space: when a window may start.
using System;
using System.Threading;

namespace Locking.Mirror;

public sealed partial class MmuNotifiers
{
    /// <summary>How long a reader waits for windows of which one always begins before the other ends, until it holds new ones back.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(2);

    /// <summary>How many windows the thread has open.</summary>
    [ThreadStatic]
    private static int t_depth;

    /// <summary>How many holds the thread has: its own windows start nevertheless.</summary>
    [ThreadStatic]
    private static int t_holds;

    private int _windows;
    private int _windowsExcluded;

    /// <summary>How many windows are open. A hint.</summary>
    public int OpenWindows => Volatile.Read(ref _windows);

    /// <summary>Refuses what would wait for a callback that the thread is in (R23), or for a window that it has to end itself (R43).</summary>
    internal static void RefuseInCallbackOrWindow(string what)
    {
        RefuseInCallback(what);
        if (t_depth > 0)
        {
            throw MirrorProtocol.Misuse($"R43: {what} while the thread has a window open, for which it would wait");
        }
    }

    /// <summary>Waits until no window is open, and lets none start until the scope ends but those of this thread.</summary>
    [MayBlock]
    internal WindowHold Hold()
    {
        RefuseInCallbackOrWindow("windows are held back");
        ExcludeWindows();
        return new WindowHold(this);
    }

    /// <summary>Ends with the scope.</summary>
    internal readonly ref struct WindowHold
    {
        private readonly MmuNotifiers _notifiers;

        public WindowHold(MmuNotifiers notifiers)
        {
            _notifiers = notifiers;
            t_holds++;
        }

        public void Dispose()
        {
            t_holds--;
            _notifiers.AdmitWindows();
        }
    }

    /// <summary>A list notifier is published while no window is open, so that it hears of no end whose start it missed. Linux: <c>mm_take_all_locks</c>.</summary>
    private void ExcludeWindows()
    {
        VirtualLocks.InvalidateWindow.MightAcquire();
        Interlocked.Increment(ref _windowsExcluded);
        lock (_changed)
        {
            while (Volatile.Read(ref _windows) > 0)
            {
                Monitor.Wait(_changed);
            }
        }
    }

    private void AdmitWindows()
    {
        Interlocked.Decrement(ref _windowsExcluded);
        Wake();
    }

    private bool TryEnterWindow()
    {
        // A window inside another one of this thread is part of what is waited for. Counted first, looked at then; who excludes does it in the
        // other order.
        Interlocked.Increment(ref _windows);
        if (t_depth + t_holds == 0 && Volatile.Read(ref _windowsExcluded) > 0)
        {
            CountOut();
            return false;
        }

        t_depth++;
        return true;
    }

    private void EnterWindow()
    {
        while (!TryEnterWindow())
        {
            lock (_changed)
            {
                while (Volatile.Read(ref _windowsExcluded) > 0)
                {
                    Monitor.Wait(_changed);
                }
            }
        }
    }

    private void LeaveWindow()
    {
        t_depth--;
        CountOut();
    }

    private void CountOut()
    {
        if (Interlocked.Decrement(ref _windows) == 0 && Volatile.Read(ref _windowsExcluded) > 0)
        {
            Wake();
        }
    }
}
