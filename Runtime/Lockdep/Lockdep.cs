// The validator's public face for lock types: what is acquired, released and waited for.
using System;
using System.Runtime.CompilerServices;

namespace Locking;

/// <summary>
/// The run-time validator. Lock types tell it what they do; it learns the order in which classes are acquired, over the life of the process
/// and whatever the threads, and reports an order that can deadlock the first time it is seen, without any deadlock. Linux: lockdep.
/// </summary>
/// <remarks>
/// Off in a release build unless switched on: environment variable <c>LOCKING_LOCKDEP=1</c>, <see cref="Enable"/>, or the runtime
/// configuration switch <c>Locking.Lockdep</c>, in this order of precedence. Read once, when the first lock is used. Safe for any thread.
/// </remarks>
public static partial class Lockdep
{
    /// <summary>Whether this process validates locks. Constant once the first lock was used.</summary>
    public static bool IsEnabled => LockdepSwitch.Validates;

    /// <summary>Whether checks are made at the moment: enabled, and not quiet after a report.</summary>
    public static bool IsActive => LockdepSwitch.Validates && Validator.IsActive;

    /// <summary>Where reports go; standard error by default. The event source gets them whatever the sink.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public static ILockdepSink Sink
    {
        get => Validator.Sink;
        set => Validator.Sink = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>How much is reported; <see cref="ReportPolicy.FirstOnly"/> by default.</summary>
    public static ReportPolicy Policy
    {
        get => Validator.Policy;
        set => Validator.Policy = value;
    }

    /// <summary>Switches validation on for this process. Call it before any lock is used.</summary>
    /// <exception cref="InvalidOperationException">Too late, or the environment said no: validation is off for this process.</exception>
    public static void Enable()
    {
        LockdepRequest.Validation = true;
        if (!LockdepSwitch.Validates)
        {
            throw new InvalidOperationException("Validation is off for this process: a lock was used before, or LOCKING_LOCKDEP says so.");
        }
    }

    /// <summary>Switches the measuring of wait and hold times on for this process, with or without validation. Call it before any lock is used.</summary>
    /// <exception cref="InvalidOperationException">Too late, or the environment said no.</exception>
    public static void EnableStatistics()
    {
        LockdepRequest.Statistics = true;
        if (!LockdepSwitch.Measures)
        {
            throw new InvalidOperationException("Lock statistics are off for this process: a lock was used before, or LOCKING_LOCKSTAT says so.");
        }
    }

    /// <summary>
    /// Forgets every dependency, use and report, and what the calling thread or flow holds, and makes checks again. For tests. Linux:
    /// <c>lockdep_reset</c>.
    /// </summary>
    public static void Reset() => Validator.Reset();

    /// <summary>
    /// Checks an acquisition and records it. Called before a blocking acquisition, so that the report comes before the hang, and after a
    /// successful try. Where it throws, nothing was recorded and the lock must not be acquired.
    /// </summary>
    /// <param name="map">The lock.</param>
    /// <param name="mode">How it will be held.</param>
    /// <param name="nesting">Why it may be acquired while another of its class is held.</param>
    /// <param name="kind">How it is acquired.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    /// <exception cref="ArgumentException">The subclass is not one of the lock's class.</exception>
    public static void Acquire(
        LockMap map,
        LockMode mode,
        LockNesting nesting = default,
        AcquireKind kind = AcquireKind.Blocking,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        CheckLevel(map, nesting);
        if (LockdepSwitch.Observes)
        {
            HeldStack.Current.Acquire(map, mode, nesting, kind, file, line);
        }
    }

    /// <summary>Records a release. Called before the lock is released.</summary>
    /// <param name="map">The lock.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static void Release(LockMap map, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (LockdepSwitch.Observes && HeldStack.Current.Release(map) is var outcome && outcome != ReleaseOutcome.Released)
        {
            ReportBadRelease(map, outcome, new LockPlace(file, line));
        }
    }

    /// <summary>Records that an acquisition was given up, because it failed or was cancelled. Never reports.</summary>
    /// <param name="map">The lock.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static void Abandon(LockMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (LockdepSwitch.Observes)
        {
            HeldStack.Current.Release(map);
        }
    }

    /// <summary>Records that a lock held exclusively is held shared from here on. Linux: <c>lock_downgrade</c>.</summary>
    /// <param name="map">The lock.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static void Downgrade(LockMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (LockdepSwitch.Observes)
        {
            HeldStack.Current.Downgrade(map);
        }
    }

    /// <summary>
    /// Checks as if the lock were acquired and released at once: for a wait that creates no section (a grace period), or for what might be
    /// acquired further down but rarely is. Linux: <c>lock_sync</c>, <c>might_lock</c>.
    /// </summary>
    /// <param name="map">The lock, or what stands for the resource that is waited for.</param>
    /// <param name="mode">How it would be held.</param>
    /// <param name="kind">How it would be acquired.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static void MightAcquire(
        LockMap map,
        LockMode mode = LockMode.Exclusive,
        AcquireKind kind = AcquireKind.Blocking,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (LockdepSwitch.Validates)
        {
            HeldStack.Current.Sync(map, mode, kind, file, line);
        }
    }

    /// <summary>
    /// A blocking acquisition by a lock of this library, which knows that somebody observes and that its map is there. Answers the number of
    /// the current thread, which the lock needs next and which is at hand here.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Begin(LockMap map, LockMode mode, in LockNesting nesting, string file, int line)
    {
        CheckLevel(map, nesting);
        HeldStack stack = HeldStack.Current;
        stack.Acquire(map, mode, nesting, AcquireKind.Blocking, file, line);
        return stack.Thread;
    }

    /// <summary>A release by a lock of this library. Answers the number of the current thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int End(LockMap map)
    {
        HeldStack stack = HeldStack.Current;
        ReleaseOutcome outcome = stack.Release(map);
        if (outcome != ReleaseOutcome.Released)
        {
            ReportBadRelease(map, outcome, default);
        }

        return stack.Thread;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckLevel(LockMap map, in LockNesting nesting)
    {
        if (nesting.Subclass is not null && nesting.Subclass.Class != map.Class)
        {
            throw WrongLevel(map, nesting.Subclass);
        }
    }

    private static ArgumentException WrongLevel(LockMap map, LockSubclass subclass) =>
        new($"'{subclass}' is not a subclass of '{map.Class}'.", "nesting");

    private static void ReportBadRelease(LockMap map, ReleaseOutcome outcome, LockPlace place)
    {
        HeldStack stack = HeldStack.Current;
        Validator.Publish(stack, outcome == ReleaseOutcome.WasPinned
            ? Reports.About(stack, LockdepReportKind.PinViolation, $"'{map.Class}' is released while it is pinned", map, place)
            : Reports.About(stack, LockdepReportKind.ReleaseOfFreeLock, $"'{map.Class}' is released, but this thread or flow does not hold it", map, place));
    }
}
