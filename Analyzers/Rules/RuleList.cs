// All rules, in the order of their ids.
using System.Collections.Immutable;

namespace Locking.Analyzers.Rules;

internal static class RuleList
{
    /// <summary>Rules about what bodies do.</summary>
    public static readonly ImmutableArray<BodyRule> Bodies = ImmutableArray.Create<BodyRule>(
        new WriteNeedsLock(),
        new ReadNeedsLock(),
        new WriteNeedsExclusive(),
        new ContentsNeedLock(),
        new CallNeedsLock(),
        new CallExcludesLock(),
        new ReferenceEscapes(),
        new LaterWithoutLock(),
        new ReleasedOnEveryPath(),
        new ReleasedWhenThrown(),
        new ReleaseNeedsHold(),
        new AcquiredOnce(),
        new HeldOnEveryWay(),
        new ReleasedAsAcquired(),
        new TryResultMatters(),
        new AcquireIsAwaited(),
        new ConditionIsTestedUnderLock(),
        new NoUpgradeWhileShared(),
        new ReleasedThroughSameObject(),
        new ContractIsKept(),
        new NoAwaitUnderLock(),
        new NoYieldUnderLock(),
        new GetIsChecked(),
        new PutOnEveryPath(),
        new NoUseAfterPut(),
        new GrabIsNotGet());
}
