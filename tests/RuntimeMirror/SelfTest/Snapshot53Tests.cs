// The self-test over the interface of 5.3: what a device sees without faulting.
using Locking.Mirror;

namespace Locking.Tests.Mirror.SelfTest;

/// <summary>Every test of <see cref="SnapshotTests"/> once more, with what 5.3 answers differently.</summary>
public class Snapshot53Tests : SnapshotTests
{
    private protected override MirrorInterface Interface => MirrorInterface.Mirror53;

    /// <summary>Mappings of drivers are refused as a whole; later kernels look at each entry.</summary>
    private protected override MmResult OfADriver => MmResult.Fault;

    /// <summary>Refused as a whole too; later kernels say so page by page.</summary>
    private protected override (MmResult NoRight, MmResult Hole) Refusals => (MmResult.NotPermitted, MmResult.Fault);

    /// <summary>Owners came with 5.6: private pages of every device are answered.</summary>
    private protected override byte ForeignPrivate => Dmirror.Byte.Write | Dmirror.Byte.PrivateRemote;
}
