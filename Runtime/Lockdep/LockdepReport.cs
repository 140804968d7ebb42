// One report of the validator, as data.
using System.Collections.Generic;

namespace Locking;

/// <summary>One report: what was done, by whom, and why it can go wrong. <see cref="ToString"/> is the text for people.</summary>
public sealed class LockdepReport
{
    /// <summary>What kind of mistake it is.</summary>
    public required LockdepReportKind Kind { get; init; }

    /// <summary>What happened, as one sentence without a full stop.</summary>
    public required string Message { get; init; }

    /// <summary>The thread or flow that did it.</summary>
    public required string Actor { get; init; }

    /// <summary>The lock that is being acquired, released or asserted.</summary>
    public ReportedLock? Lock { get; init; }

    /// <summary>The held lock that it conflicts with.</summary>
    public ReportedLock? Conflict { get; init; }

    /// <summary>The dependencies that close the cycle, in the order in which they would be waited for; empty for other kinds.</summary>
    public IReadOnlyList<ReportedDependency> Chain { get; init; } = [];

    /// <summary>An interleaving that deadlocks; empty where there is none to show.</summary>
    public IReadOnlyList<ScenarioStep> Scenario { get; init; } = [];

    /// <summary>Everything the actor holds, outermost first.</summary>
    public IReadOnlyList<ReportedLock> Held { get; init; } = [];

    /// <summary>The actor's call stack.</summary>
    public string Stack { get; init; } = "";

    /// <summary>What to look at first; empty where the message says it all.</summary>
    public string Hint { get; init; } = "";

    /// <summary>Equal for two reports of the same mistake: the kind and the classes involved.</summary>
    public required string Key { get; init; }

    /// <summary>The whole report for people: a headline, the locks, the chain with its stacks, the scenario, what is held, the stack.</summary>
    /// <returns>Several lines, without a trailing line break.</returns>
    public override string ToString() => ReportText.Of(this);
}
