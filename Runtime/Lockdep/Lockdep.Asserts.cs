// The validator's assertions and pins.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

public static partial class Lockdep
{
    private static int s_pins;

    /// <summary>Whether the calling thread or flow holds a lock. True where that is unknown, because nothing is recorded in this process.</summary>
    /// <param name="map">The lock.</param>
    /// <returns>Whether it is held in any mode, or unknown.</returns>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static bool IsHeld(LockMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return !LockdepSwitch.Observes || HeldStack.Current.IndexOf(map) >= 0;
    }

    /// <summary>Reports where the calling thread or flow does not hold a lock in any mode. Linux: <c>lockdep_assert_held</c>.</summary>
    /// <param name="map">The lock.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static void AssertHeld(LockMap map, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (IsActive && !IsHeld(map))
        {
            HeldStack stack = HeldStack.Current;
            Validator.Publish(stack, Reports.About(stack, LockdepReportKind.NotHeld, $"'{map.Class}' should be held here", map, new LockPlace(file, line)));
        }
    }

    /// <summary>Reports where the calling thread or flow does not hold a lock exclusively. Linux: <c>lockdep_assert_held_write</c>.</summary>
    /// <param name="map">The lock.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static void AssertHeldWrite(LockMap map, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (!IsActive)
        {
            return;
        }

        HeldStack stack = HeldStack.Current;
        int index = stack.IndexOf(map);
        if (index < 0 || stack.Held[index].Mode != LockMode.Exclusive)
        {
            string how = index < 0 ? "" : ", not shared";
            Validator.Publish(stack, Reports.About(
                stack, LockdepReportKind.NotHeld, $"'{map.Class}' should be held exclusively here{how}", map, new LockPlace(file, line)));
        }
    }

    /// <summary>Reports where the calling thread or flow holds a lock. Linux: <c>lockdep_assert_not_held</c>.</summary>
    /// <param name="map">The lock.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static void AssertNotHeld(LockMap map, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (IsActive && IsHeld(map))
        {
            HeldStack stack = HeldStack.Current;
            Validator.Publish(stack, Reports.About(
                stack, LockdepReportKind.HeldUnexpectedly, $"'{map.Class}' must not be held here", map, new LockPlace(file, line)));
        }
    }

    /// <summary>
    /// Reports where the calling thread or flow holds anything: at the end of a work item, a test, a callback. Linux:
    /// <c>lockdep_assert_none_held_once</c>, and the check at the return to user space.
    /// </summary>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    public static void AssertNoneHeld([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (IsActive)
        {
            ReportHeldAtExit(HeldStack.Current, 0, new LockPlace(file, line));
        }
    }

    /// <summary>Reports where a held lock goes away. Called by a lock type's <c>Dispose</c>. Linux: <c>debug_check_no_locks_freed</c>.</summary>
    /// <param name="map">The lock.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static void AssertNotHeldAtDispose(LockMap map, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (IsActive && IsHeld(map))
        {
            HeldStack stack = HeldStack.Current;
            Validator.Publish(stack, Reports.About(
                stack, LockdepReportKind.HeldLockDisposed, $"'{map.Class}' is disposed while it is held", map, new LockPlace(file, line)));
        }
    }

    /// <summary>
    /// Declares that a held lock is to stay held until <see cref="Unpin"/>: what was checked under it is still relied on. Linux: <c>lock_pin_lock</c>.
    /// </summary>
    /// <param name="map">The lock.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <returns>What <see cref="Unpin"/> must be given.</returns>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static LockPin Pin(LockMap map, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (!LockdepSwitch.Validates)
        {
            return default;
        }

        HeldStack stack = HeldStack.Current;
        int index = stack.IndexOf(map);
        if (index < 0)
        {
            ReportPin(stack, map, $"'{map.Class}' is pinned, but not held", new LockPlace(file, line));
            return default;
        }

        var pin = new LockPin((Interlocked.Increment(ref s_pins) & 0xFFFF) + 1);
        stack.Held[index].Pins += pin.Cookie;
        return pin;
    }

    /// <summary>Ends what <see cref="Pin"/> began. Linux: <c>lock_unpin_lock</c>.</summary>
    /// <param name="map">The lock.</param>
    /// <param name="pin">What <see cref="Pin"/> answered.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <exception cref="ArgumentNullException">The map is null.</exception>
    public static void Unpin(LockMap map, LockPin pin, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (!LockdepSwitch.Validates || pin.Cookie == 0)
        {
            return;
        }

        HeldStack stack = HeldStack.Current;
        int index = stack.IndexOf(map);
        if (index < 0 || stack.Held[index].Pins < pin.Cookie)
        {
            ReportPin(stack, map, index < 0 ? $"'{map.Class}' is unpinned, but not held" : $"'{map.Class}' is unpinned with a cookie it was not pinned with", new LockPlace(file, line));
            return;
        }

        stack.Held[index].Pins -= pin.Cookie;
    }

    /// <summary>Reports entries above a depth that should be gone.</summary>
    internal static void ReportHeldAtExit(HeldStack stack, int depth, LockPlace place)
    {
        if (stack.Held.Length > depth)
        {
            ref HeldLock left = ref stack.Held[^1];
            Validator.Publish(stack, Reports.About(
                stack, LockdepReportKind.HeldAtExit, $"'{left.Vertex}', acquired at {left.Place}, is still held at the end of its scope", left.Map, place));
        }
    }

    private static void ReportPin(HeldStack stack, LockMap map, string message, LockPlace place) =>
        Validator.Publish(stack, Reports.About(stack, LockdepReportKind.PinViolation, message, map, place));
}
