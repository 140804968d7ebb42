// Sleepable read-copy-update: what updaters call.
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Locking;

public sealed partial class SrcuDomain
{
    /// <summary>
    /// Blocks until every section that was open at the call has ended. Sections entered later are not waited for. What was done before the
    /// call is visible to those; what the earlier ones did is visible after it. Linux: <c>synchronize_srcu</c>.
    /// </summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The calling thread is inside a section of this domain, and would wait for itself.</exception>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [AwaitsGracePeriod("this")]
    [MayBlock]
    public void Synchronize([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckMayWait("Synchronize", file, line);
        _gracePeriods.Await(_gracePeriods.Next, isExpedited: false);
    }

    /// <summary>The same, burning processor time to be done sooner. Linux: <c>synchronize_srcu_expedited</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The calling thread is inside a section of this domain, and would wait for itself.</exception>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [AwaitsGracePeriod("this")]
    [MayBlock]
    public void SynchronizeExpedited([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckMayWait("SynchronizeExpedited", file, line);
        _gracePeriods.Await(_gracePeriods.Next, isExpedited: true);
    }

    /// <summary>Blocks until the grace period of a state has passed, which it may have already. Linux: <c>cond_synchronize_srcu</c>'s like.</summary>
    /// <param name="state">The state.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="ArgumentException">The state is of another domain.</exception>
    /// <exception cref="InvalidOperationException">The calling thread is inside a section of this domain, and would wait for itself.</exception>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [AwaitsGracePeriod("this")]
    [MayBlock]
    public void Synchronize(GracePeriodState state, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckMayWait("Synchronize", file, line);
        _gracePeriods.Await(NumberOf(state), isExpedited: false);
    }

    /// <summary>A task that ends after a grace period, without blocking a thread of the caller's. May be called inside a section.</summary>
    /// <returns>The task; its continuations do not run on the callback thread.</returns>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [AwaitsGracePeriod("this")]
    public Task SynchronizeAsync()
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Call(new SrcuCallback(passed.SetResult));
        return passed.Task;
    }

    /// <summary>
    /// Runs something on the domain's callback thread after a grace period, never inline. Callbacks run one after the other in the order in
    /// which they were queued, next to sections that were entered after the call. One should be short and must not block. What it throws is
    /// reported to <see cref="Lockdep.Sink"/>, and the next one runs. Linux: <c>call_srcu</c>.
    /// </summary>
    /// <param name="callback">What to run; can be queued again once it has begun to run.</param>
    /// <exception cref="ArgumentNullException">The callback is null.</exception>
    /// <exception cref="InvalidOperationException">The callback is queued already; it stays queued once.</exception>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [MustNotBlock]
    public void Call([AfterGracePeriod("this")] SrcuCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _callbacks.Add(callback);
    }

    /// <summary>Runs something after a grace period: see <see cref="Call(SrcuCallback)"/>.</summary>
    /// <param name="callback">What to run.</param>
    /// <exception cref="ArgumentNullException">The callback is null.</exception>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [MustNotBlock]
    public void Call([AfterGracePeriod("this")] Action callback) => Call(new SrcuCallback(callback));

    /// <summary>Blocks until every callback queued before the call has finished. Linux: <c>srcu_barrier</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">Called inside a section of this domain, or by one of its callbacks: it would wait for itself.</exception>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [Fence("callbacks")]
    [MayBlock]
    public void Barrier([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckMayWait("Barrier", file, line);
        if (_callbacks.IsCurrentThread)
        {
            throw new InvalidOperationException($"Barrier of {Described} inside one of its callbacks waits for itself.");
        }

        _callbacks.Barrier();
    }

    /// <summary>The state that a grace period beginning now would complete. Starts none. Linux: <c>get_state_synchronize_srcu</c>.</summary>
    /// <returns>The state, to be polled.</returns>
    public GracePeriodState GetState() => new(this, _gracePeriods.Next);

    /// <summary>The same, and sees to it that such a grace period begins. Linux: <c>start_poll_synchronize_srcu</c>.</summary>
    /// <returns>The state, to be polled.</returns>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [MustNotBlock]
    public GracePeriodState StartPolling()
    {
        GracePeriodState state = GetState();
        Call(static () => { });
        return state;
    }

    /// <summary>Whether the grace period of a state has passed. Never blocks. Linux: <c>poll_state_synchronize_srcu</c>.</summary>
    /// <param name="state">What <see cref="GetState"/> or <see cref="StartPolling"/> answered.</param>
    /// <returns>True: every section that was open at that time has ended.</returns>
    /// <exception cref="ArgumentException">The state is of another domain.</exception>
    [MustNotBlock]
    public bool Poll(GracePeriodState state) => _gracePeriods.HasPassed(NumberOf(state));

    private long NumberOf(GracePeriodState state) =>
        state.Domain == this ? state.Number : throw new ArgumentException("The state is of another domain.", nameof(state));

    /// <summary>A wait for oneself is refused whatever the validator; other mistakes are its business.</summary>
    private void CheckMayWait(string what, string file, int line)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (LockdepSwitch.Validates)
        {
            Lockdep.MightBlock(what, WaitType.Sleep, file, line);
            Lockdep.MightAcquire(Map!, LockMode.Exclusive, AcquireKind.Blocking, file, line);
        }

        if (IsReadHeldByCurrentThread)
        {
            throw new InvalidOperationException($"{what} of {Described} inside one of its read sections waits for itself.");
        }
    }
}
