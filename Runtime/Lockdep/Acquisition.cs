// What an acquisition asks of its surroundings, computed once before the checks.
namespace Locking;

/// <summary>What an acquisition asks of its surroundings.</summary>
/// <param name="Needs">How much waiting it may need; unchecked for a try.</param>
/// <param name="Usage">What it adds to the callback usage of its vertex.</param>
/// <param name="IsSync">Whether it only waits and holds nothing afterwards.</param>
internal readonly record struct Acquisition(WaitType Needs, CallbackUsage Usage, bool IsSync);
