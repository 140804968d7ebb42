// The self-test over the interface of 5.3: the device reads and writes.
using Locking.Mirror;

namespace Locking.Tests.Mirror.SelfTest;

/// <summary>Every test of <see cref="AccessTests"/> once more, with a mirror and ranges instead of an interval.</summary>
public class Access53Tests : AccessTests
{
    private protected override MirrorInterface Interface => MirrorInterface.Mirror53;

    /// <summary>5.3 says what is missing; later kernels say fault.</summary>
    private protected override MmResult NoRightToRead => MmResult.NotPermitted;
}
