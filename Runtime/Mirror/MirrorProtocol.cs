// Reports of broken protocols and invariants of mirroring.
using System;
using System.Runtime.CompilerServices;

namespace Locking.Mirror;

/// <summary>Reports broken protocols and invariants of mirroring to the validator's sink; costs nothing where validation is off.</summary>
internal static class MirrorProtocol
{
    /// <summary>Reports unless a condition holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Expect(bool condition, string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!condition)
        {
            Report(message, file, line);
        }
    }

    /// <summary>Reports a broken protocol.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Report(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Report(LockdepReportKind.MirrorProtocol, message, file, line);

    /// <summary>Reports, and makes the exception for a call that cannot go on.</summary>
    public static InvalidOperationException Misuse(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Report(message, file, line);
        return new InvalidOperationException(message + ".");
    }

    /// <summary>Reports what a callback threw; the caller goes on as if it had answered.</summary>
    public static void CallbackThrew(string callback, Exception thrown, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Report(LockdepReportKind.CallbackThrew, $"{callback} threw {thrown.GetType().Name}: {thrown.Message}", file, line);

    private static void Report(LockdepReportKind kind, string message, string file, int line)
    {
        if (Lockdep.IsActive)
        {
            HeldStack stack = HeldStack.Current;
            Validator.Publish(stack, Reports.About(stack, kind, message, null, new LockPlace(file, line)));
        }
    }
}
