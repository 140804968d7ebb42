// The table of contract attributes: their names, and what those that make clauses mean.
using System.Collections.Generic;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Contracts;

/// <summary>A contract that makes a clause about capabilities.</summary>
/// <param name="Kind">The clause it makes.</param>
/// <param name="Mode">The mode it speaks of.</param>
/// <param name="TakesResult">Whether its first argument is a result.</param>
internal sealed record ClauseRow(ClauseKind Kind, Mode Mode, bool TakesResult = false);

internal static class ContractCatalog
{
    public const string Namespace = "Locking";

    public const string Capability = "Capability";
    public const string DeclaresCapability = "DeclaresCapability";
    public const string ScopedCapability = "ScopedCapability";
    public const string LockClass = "LockClass";
    public const string AcquiredBefore = "AcquiredBefore";
    public const string AcquiredAfter = "AcquiredAfter";
    public const string LockOrder = "LockOrder";
    public const string NestedLock = "NestedLock";
    public const string GuardedBy = "GuardedBy";
    public const string ContentsGuardedBy = "ContentsGuardedBy";
    public const string GracePeriod = "GracePeriod";
    public const string Unguarded = "Unguarded";
    public const string ReturnsCapability = "ReturnsCapability";
    public const string MayBlock = "MayBlock";
    public const string MustNotBlock = "MustNotBlock";
    public const string Frees = "Frees";
    public const string AwaitsGracePeriod = "AwaitsGracePeriod";
    public const string AfterGracePeriod = "AfterGracePeriod";
    public const string Fence = "Fence";
    public const string NoThreadSafetyAnalysis = "NoThreadSafetyAnalysis";

    /// <summary>Only in contract files: a type whose methods access what they get by reference, and nothing else.</summary>
    public const string Atomic = "Atomic";

    /// <summary>Only in contract files: a type whose methods, and those of types derived from it, keep nothing of what they get.</summary>
    public const string Borrows = "Borrows";

    /// <summary>Only in contract files: a method that returns its receiver, or something that stands for it.</summary>
    public const string ReturnsReceiver = "ReturnsReceiver";

    /// <summary>Only in contract files: a member that waits for the task that it is called on.</summary>
    public const string Awaits = "Awaits";

    /// <summary>Only in contract files: waits for every task that it gets, or stands for a wait for all of them.</summary>
    public const string AwaitsAll = "AwaitsAll";

    /// <summary>Only in contract files: makes a task that yields one of those that it gets, which is done.</summary>
    public const string AwaitsAny = "AwaitsAny";

    /// <summary>Only in contract files: the delegate runs when the task is done that it gets.</summary>
    public const string AfterCompletion = "AfterCompletion";

    /// <summary>Only in contract files: the delegate runs on another thread, and what the call returns stands for that work.</summary>
    public const string RunsElsewhere = "RunsElsewhere";

    /// <summary>Only in contract files: the delegate runs on other threads, and the call waits for it.</summary>
    public const string AwaitsDelegate = "AwaitsDelegate";

    /// <summary>Only in contract files: the handle is signalled when the callbacks of the receiver have ended.</summary>
    public const string SignalsEnd = "SignalsEnd";

    /// <summary>Only in contract files: code that others have registered runs before the call returns.</summary>
    public const string RunsCallbacks = "RunsCallbacks";

    /// <summary>Only in contract files: the same, where the receiver was made without options; with some, what waits for it may be continued elsewhere.</summary>
    public const string RunsContinuations = "RunsContinuations";

    /// <summary>
    /// Only in contract files: unless the argument is false, the object that is made may be acquired already; of handles, one or all of those that are
    /// waited for may be.
    /// </summary>
    public const string MayAcquire = "MayAcquire";

    /// <summary>The phantom that a type of tasks has: held where the task is known to have completed.</summary>
    public const string Completed = "Completed";

    /// <summary>Only in contract files; in source it is the attribute of the same name that JetBrains.Annotations has.</summary>
    public const string InstantHandle = "InstantHandle";

    /// <summary>Name, clause. The rows in the last block have no attribute: they are words of the framework's table.</summary>
    public static readonly IReadOnlyDictionary<string, ClauseRow> Clauses = new Dictionary<string, ClauseRow>
    {
        ["Requires"] = new(ClauseKind.Requires, Mode.Exclusive),
        ["RequiresShared"] = new(ClauseKind.Requires, Mode.Shared),
        ["Excludes"] = new(ClauseKind.Excludes, Mode.Any),
        ["Acquires"] = new(ClauseKind.Acquires, Mode.Exclusive),
        ["AcquiresShared"] = new(ClauseKind.Acquires, Mode.Shared),
        ["Releases"] = new(ClauseKind.Releases, Mode.Any),
        ["ReleasesShared"] = new(ClauseKind.Releases, Mode.Shared),
        ["ReleasesExclusive"] = new(ClauseKind.Releases, Mode.Exclusive),
        ["TryAcquires"] = new(ClauseKind.TryAcquires, Mode.Exclusive, TakesResult: true),
        ["TryAcquiresShared"] = new(ClauseKind.TryAcquires, Mode.Shared, TakesResult: true),
        ["ReleasesWhen"] = new(ClauseKind.ReleasesWhen, Mode.Any, TakesResult: true),
        ["AssertsHeld"] = new(ClauseKind.AssertsHeld, Mode.Exclusive),
        ["AssertsHeldShared"] = new(ClauseKind.AssertsHeld, Mode.Shared),
        ["AcquiresInside"] = new(ClauseKind.AcquiresInside, Mode.Any),

        ["AcquiresUpgradeable"] = new(ClauseKind.Acquires, Mode.Upgradeable),
        ["ReleasesUpgradeable"] = new(ClauseKind.Releases, Mode.Upgradeable),
        ["TryAcquiresUpgradeable"] = new(ClauseKind.TryAcquires, Mode.Upgradeable, TakesResult: true),
        ["TestsHeld"] = new(ClauseKind.TestsHeld, Mode.Exclusive, TakesResult: true),
        ["TestsHeldShared"] = new(ClauseKind.TestsHeld, Mode.Shared, TakesResult: true),
        ["TestsHeldUpgradeable"] = new(ClauseKind.TestsHeld, Mode.Upgradeable, TakesResult: true),
        ["Waits"] = new(ClauseKind.Waits, Mode.Exclusive),
        ["Pulses"] = new(ClauseKind.Pulses, Mode.Exclusive),
    };

    private static readonly HashSet<string> s_others = new()
    {
        Capability, DeclaresCapability, ScopedCapability, LockClass, AcquiredBefore, AcquiredAfter, LockOrder, NestedLock, GuardedBy,
        ContentsGuardedBy, GracePeriod, Unguarded, ReturnsCapability, MayBlock, MustNotBlock, Frees, AwaitsGracePeriod, AfterGracePeriod,
        Fence, NoThreadSafetyAnalysis, Atomic, Borrows, InstantHandle, ReturnsReceiver, Awaits, AwaitsAll, AwaitsAny, AfterCompletion, RunsElsewhere, AwaitsDelegate,
        SignalsEnd, MayAcquire, RunsCallbacks, RunsContinuations,
    };

    public static bool Knows(string name) => Clauses.ContainsKey(name) || s_others.Contains(name);

    /// <summary>The name of a contract attribute, without "Attribute"; null for any other attribute. Matched by full name, wherever declared.</summary>
    public static string? NameOf(AttributeData attribute)
    {
        const string ending = "Attribute";
        if (attribute.AttributeClass is not { ContainingType: null } type || !type.Name.EndsWith(ending, System.StringComparison.Ordinal))
        {
            return null;
        }

        string name = type.Name.Substring(0, type.Name.Length - ending.Length);
        return type.ContainingNamespace is { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } && Knows(name) ? name : null;
    }

    /// <summary>Whether an attribute is JetBrains' mark for delegates that are invoked before the call returns.</summary>
    public static bool IsInstantHandle(AttributeData attribute) =>
        attribute.AttributeClass is
        {
            Name: "InstantHandleAttribute",
            ContainingNamespace: { Name: "Annotations", ContainingNamespace: { Name: "JetBrains", ContainingNamespace.IsGlobalNamespace: true } },
        };
}
