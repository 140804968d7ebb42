// lib/test_hmm.c of 6.12: the device installs the placeholder of its own page, which has no content.
using Locking.Mirror;

namespace Locking.Samples.Protocols.NF24;

/// <summary>A device that copies through what it has installed.</summary>
public static class Device
{
    public static byte Read(Page installed) => installed.Data[0];

    /// <summary>The right one: what the driver keeps behind the placeholder.</summary>
    public static byte ReadBehind(Page installed) => ((Page)installed.DriverData!).Data[0];
}
