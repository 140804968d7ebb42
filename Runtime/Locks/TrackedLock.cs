// What the lock types have in common: the map that the validator knows them by.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>A lock of this library: has a class, and reports to the validator where that is on.</summary>
/// <remarks>
/// The class is the one given, else that of a <c>[LockClass]</c> on the type, else that of the member which the constructor call initialises,
/// named as the analyzer names it. Locks constructed by one call site, all instances of a field, share a class.
/// </remarks>
public abstract class TrackedLock
{
    private protected TrackedLock(LockClass? lockClass, WaitType inner, WaitType outer, string member, string file, int line)
    {
        if (LockdepSwitch.Observes)
        {
            Map = new LockMap(this, lockClass ?? LockClass.AtSite(GetType(), member, file, line), inner, outer);
        }
    }

    /// <summary>What the validator knows the lock by; null where nothing is observed in this process.</summary>
    public LockMap? Map { get; }

    /// <summary>The word for the lock in exceptions: its class where that is known, else its kind.</summary>
    private protected string Described => Map is null ? GetType().Name : "'" + Map.Class.Name + "'";

    /// <summary>Tells the validator that an acquisition was given up.</summary>
    private protected void Forget()
    {
        if (Map is not null)
        {
            Lockdep.Abandon(Map);
        }
    }

    /// <summary>An exception for a release by somebody who does not hold the lock.</summary>
    private protected SynchronizationLockException NotHeld(string how) =>
        new($"{Described} is not held {how}by this thread.");

    /// <summary>An exception for an acquire by somebody who holds the lock already.</summary>
    private protected LockRecursionException HeldAlready(string how) =>
        new($"{Described} is already held {how}by this thread, and is not recursive.");

    /// <summary>An exception for disposing a lock in use.</summary>
    private protected SynchronizationLockException InUse()
    {
        if (Map is not null)
        {
            Lockdep.AssertNotHeldAtDispose(Map);
        }

        return new SynchronizationLockException($"{Described} is disposed while it is in use.");
    }

    /// <summary>An exception for using a lock that was disposed.</summary>
    private protected ObjectDisposedException Gone() => new(Described);

    /// <summary>Reports an assertion that does not hold, and makes the exception for it.</summary>
    private protected SynchronizationLockException AssertionFailed(LockdepReportKind kind, string message, string file, int line)
    {
        if (Map is not null && Lockdep.IsActive)
        {
            HeldStack stack = HeldStack.Current;
            Validator.Publish(stack, Reports.About(stack, kind, $"{Described} {message}", Map, new LockPlace(file, line)));
        }

        return new SynchronizationLockException($"{Described} {message}.");
    }
}
