// May 2019, fifth posting: the test for a dying region is turned round, and a passing race kills the queue pair.
using Locking.Mirror;

namespace Locking.Samples.Protocols.NF14;

/// <summary>What a fault that met a window answers the device.</summary>
public static class PageFault
{
    public static OdpResult AnswerOf(bool isImplicit, bool isDying) =>
        !isImplicit || isDying ? OdpResult.Fault : OdpResult.Again;
}
