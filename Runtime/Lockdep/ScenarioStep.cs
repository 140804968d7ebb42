// One line of the interleaving that a report shows.
namespace Locking;

/// <summary>One step of an interleaving that deadlocks.</summary>
/// <param name="Actor">0 for the thread that is reported, above for the others.</param>
/// <param name="Operation">What it does, such as <c>lock(A._x);</c>.</param>
public sealed record ScenarioStep(int Actor, string Operation);
