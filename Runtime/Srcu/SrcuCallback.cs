// Something to be run after a grace period.
using System;
using System.Threading;

namespace Locking;

/// <summary>
/// Something to be run after a grace period; kept inside the object it frees, it makes <see cref="SrcuDomain.Call(SrcuCallback)"/> free of
/// allocation. Linux: <c>struct rcu_head</c>.
/// </summary>
public sealed class SrcuCallback
{
    private readonly Action _action;
    private int _isQueued;

    /// <summary>Wraps an action.</summary>
    /// <param name="action">What to run. It should be short and must not block.</param>
    /// <exception cref="ArgumentNullException">The action is null.</exception>
    public SrcuCallback(Action action) => _action = action ?? throw new ArgumentNullException(nameof(action));

    internal SrcuCallback? Next { get; set; }

    /// <summary>Whether it only marks a place in the queue.</summary>
    internal bool IsMark { get; init; }

    /// <summary>The grace period it waits for.</summary>
    internal long Number { get; set; }

    /// <summary>False where it is queued already.</summary>
    internal bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    /// <summary>Runs it. From the first moment on it can be queued again.</summary>
    internal void Run()
    {
        Volatile.Write(ref _isQueued, 0);
        _action();
    }
}
