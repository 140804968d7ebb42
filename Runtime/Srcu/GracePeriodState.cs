// A point in the life of an SRCU domain that can be polled.
namespace Locking;

/// <summary>
/// Remembers which grace period must pass for everything done before to be out of readers' sight. Valid for ever; of one domain. Linux: the
/// cookie of <c>get_state_synchronize_srcu</c>.
/// </summary>
public readonly struct GracePeriodState
{
    internal GracePeriodState(SrcuDomain domain, long number)
    {
        Domain = domain;
        Number = number;
    }

    internal SrcuDomain? Domain { get; }

    internal long Number { get; }
}
