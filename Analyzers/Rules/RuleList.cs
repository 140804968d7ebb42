// All rules, in the order of their ids.
using System.Collections.Immutable;
using System.Linq;

namespace Locking.Analyzers.Rules;

internal static class RuleList
{
    /// <summary>Rules about what declarations say.</summary>
    public static readonly ImmutableArray<IDeclarationRule> Declarations = ImmutableArray.Create<IDeclarationRule>(
        new ContractNamesCapability(),
        new ContractsAgree(),
        new OverrideKeepsContract(),
        new ContractIsNeeded(),
        new LockIsNotCopied(),
        new LockTypeForLocks());

    /// <summary>Rules about what bodies do.</summary>
    public static readonly ImmutableArray<BodyRule> Bodies = ImmutableArray.Create<BodyRule>(
        new OverrideKeepsContract(),
        new WriteNeedsLock(),
        new ReadNeedsLock(),
        new WriteNeedsExclusive(),
        new ContentsNeedLock(),
        new CallNeedsLock(),
        new CallExcludesLock(),
        new ReferenceEscapes(),
        new LaterWithoutLock(),
        new WriteKeepsInferredGuard(),
        new ReadKeepsInferredGuard(),
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
        new DeclaredOrderIsKept(),
        new PairIsOrdered(),
        new NoWaitForWorkThatNeedsLock(),
        new NoAwaitUnderLock(),
        new NoBlockingUnderLock(),
        new NoForeignCodeUnderLock(),
        new NoBlockingWhereForbidden(),
        new NoYieldUnderLock(),
        new GetIsChecked(),
        new PutOnEveryPath(),
        new NoUseAfterPut(),
        new GrabIsNotGet(),
        new FreeAfterGrace(),
        new PointerUsedInSection(),
        new NoGraceWaitInSection(),
        new UnregisterIsFence(),
        new PointerStaysInSection(),
        new CheckBeforeUse(),
        new CheckHoldsUntilUse(),
        new RetryReadsAgain(),
        new CheckInsideLock(),
        new DoubleCheckIsVolatile(),
        new PrivateLockObject(),
        new LockObjectStays(),
        new SharedLockObject(),
        new LockIsNoObject(),
        new LockIsNotCopied());

    /// <summary>
    /// Rules about what happens under a lock, that it is acquired once more among it: knowing more callees only finds more. They speak about bodies that
    /// were decided before, too.
    /// </summary>
    public static readonly ImmutableArray<BodyRule> Transitive = Bodies
        .Where(r => r is AcquiredOnce or NoUpgradeWhileShared || r.Descriptor.Id[4] is '3' or '4')
        .ToImmutableArray();

    /// <summary>What is acquired is released.</summary>
    public static readonly ImmutableArray<BodyRule> Balance = Bodies.Where(r => r is ReleasedOnEveryPath).ToImmutableArray();

    /// <summary>Rules about what several bodies do together.</summary>
    public static readonly ImmutableArray<IProgramRule> Programs = ImmutableArray.Create<IProgramRule>(new VisibleContractIsWritten(), new OrderHasNoCycle());

    /// <summary>Rules that an analyzer asks by name, for what they look at is neither a declaration nor a body.</summary>
    public static readonly ImmutableArray<Rule> Others = ImmutableArray.Create<Rule>(new ContractFileIsRead(), new OptionIsKnown(), new BodyTooLarge());

    /// <summary>Every rule once.</summary>
    public static readonly ImmutableArray<Rule> All = Declarations.Cast<Rule>().Concat(Bodies).Concat(Programs.Cast<Rule>()).Concat(Others)
        .GroupBy(r => r.Descriptor.Id).Select(g => g.First())
        .OrderBy(r => r.Descriptor.Id, System.StringComparer.Ordinal)
        .ToImmutableArray();
}
