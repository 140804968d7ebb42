// The completion: one side waits until the other has done something.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// A completion: <see cref="Complete"/> lets one waiter go, now or later; <see cref="CompleteAll"/> lets all go, for good. Linux:
/// <c>struct completion</c>.
/// </summary>
/// <remarks>
/// <para>
/// As a capability it is the duty to complete: code that must run before a waiter goes on can say so with <see cref="EnterDuty"/>, and the
/// validator then reports a wait that happens under a lock which that code takes.
/// </para>
/// <para>
/// Own code on one monitor, because no part of the framework both counts (as a semaphore) and opens for good (as an event). Safe for any thread.
/// </para>
/// </remarks>
[Capability("completion", ThreadAffine = false)]
public sealed class Completion : TrackedLock
{
    /// <summary>A count that waiting does not use up.</summary>
    private const int ForAll = int.MaxValue;

    private readonly object _gate = new();
    private int _done;

    [GuardedBy(nameof(_gate))]
    private int _waiting;


    /// <summary>Makes a completion, not completed, of the class of the member that is being initialised.</summary>
    /// <param name="member">The member; filled in by the compiler.</param>
    /// <param name="file">The file; filled in by the compiler.</param>
    /// <param name="line">The line; filled in by the compiler.</param>
    public Completion([CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(null, WaitType.Sleep, WaitType.Sleep, member, file, line)
    {
    }

    /// <summary>Makes a completion of a class, not completed.</summary>
    /// <param name="lockClass">The class.</param>
    public Completion(LockClass lockClass)
        : base(lockClass, WaitType.Sleep, WaitType.Sleep, "", "", 0)
    {
    }

    /// <summary>Whether a wait would return at once. Linux: <c>completion_done</c>. A hint: it may have changed already.</summary>
    public bool IsCompleted => Volatile.Read(ref _done) > 0;

    /// <summary>Waits until completed, and uses one completion up. Linux: <c>wait_for_completion</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    [MayBlock]
    [Excludes("this")]
    public void Wait([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Wait(Deadline.Never, file, line);

    /// <summary>Waits until completed or until a time is over. Linux: <c>wait_for_completion_timeout</c>.</summary>
    /// <param name="timeout">How long to wait; -1 ms for ever.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it was completed, and one completion was used up.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or too long.</exception>
    [MayBlock]
    [Excludes("this")]
    public bool Wait(TimeSpan timeout, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Wait(Deadline.After(timeout), file, line);

    /// <summary>Uses one completion up if there is one. Linux: <c>try_wait_for_completion</c>.</summary>
    /// <returns>Whether there was one.</returns>
    [MustNotBlock]
    public bool TryWait()
    {
        int done;
        while ((done = Volatile.Read(ref _done)) > 0)
        {
            if (done == ForAll || Interlocked.CompareExchange(ref _done, done - 1, done) == done)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lets one waiter go: one that waits, else the next that comes. Linux: <c>complete</c>.</summary>
    [MustNotBlock]
    public void Complete()
    {
        int done;
        while ((done = Volatile.Read(ref _done)) < ForAll - 1 && Interlocked.CompareExchange(ref _done, done + 1, done) != done)
        {
        }

        WakeWaiters();
    }

    /// <summary>Lets all waiters go, now and later, until <see cref="Reset"/>. Linux: <c>complete_all</c>.</summary>
    [MustNotBlock]
    public void CompleteAll()
    {
        Interlocked.Exchange(ref _done, ForAll);
        WakeWaiters();
    }

    /// <summary>Not completed from here on. Linux: <c>reinit_completion</c>. Nobody may wait at that time.</summary>
    /// <exception cref="SynchronizationLockException">Somebody waits.</exception>
    public void Reset()
    {
        lock (_gate)
        {
            if (_waiting > 0)
            {
                throw new SynchronizationLockException($"{Described} is reset while somebody waits for it.");
            }

            Volatile.Write(ref _done, 0);
        }
    }

    /// <summary>
    /// Declares that the code to the end of the scope must run before a waiter can go on. Linux had this as cross-release; here it is said by hand.
    /// </summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope.</returns>
    [Acquires("this")]
    public Duty EnterDuty([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Acquire(Map!, LockMode.Exclusive, default, AcquireKind.Blocking, file, line);
        }

        return new Duty(this);
    }

    private bool Wait(Deadline deadline, string file, int line)
    {
        if (LockdepSwitch.Validates)
        {
            Lockdep.MightAcquire(Map!, LockMode.Exclusive, AcquireKind.Blocking, file, line);
        }

        return TryWait() || Park(deadline);
    }

    private bool Park(Deadline deadline)
    {
        long since = LockMetrics.Contended(Map);
        lock (_gate)
        {
            // Full fence: who completes sees this waiter, or this waiter sees the completion.
            Interlocked.Increment(ref _waiting);
            try
            {
                while (!TryWait())
                {
                    int left = deadline.Left;
                    if (left == 0)
                    {
                        return false;
                    }

                    Monitor.Wait(_gate, left);
                }

                return true;
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
                LockMetrics.Waited(Map, since);
            }
        }
    }

    [NoThreadSafetyAnalysis("A few instructions under the gate of the queue: nobody blocks under it.")]
    private void WakeWaiters()
    {
        if (Volatile.Read(ref _waiting) > 0)
        {
            using (Gate.Enter(_gate))
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Ends the duty to complete. Does not complete.</summary>
    [ScopedCapability]
    public ref struct Duty
    {
        private Completion? _held;

        internal Duty(Completion held) => _held = held;

        /// <summary>Ends the scope.</summary>
        /// <exception cref="SynchronizationLockException">Disposed before.</exception>
        [ReleasesExclusive("this")]
        public void Dispose()
        {
            Completion held = _held ?? throw GuardMisuse.DisposedTwice();
            _held = null;
            if (LockdepSwitch.Observes)
            {
                Lockdep.Release(held.Map!);
            }
        }
    }
}
