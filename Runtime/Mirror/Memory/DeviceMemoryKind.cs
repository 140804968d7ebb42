// Kinds of memory on a device.
namespace Locking.Mirror;

/// <summary>What kind of memory a device brings. Linux: <c>enum memory_type</c>; its MEMORY_DEVICE_PUBLIC was removed in 5.3.</summary>
public enum DeviceMemoryKind
{
    /// <summary>None, and invalid.</summary>
    None,

    /// <summary>The processor cannot access it: touching it migrates it back. Linux: <c>MEMORY_DEVICE_PRIVATE</c>.</summary>
    Private,

    /// <summary>The processor accesses it like its own. Linux: <c>MEMORY_DEVICE_COHERENT</c>.</summary>
    Coherent,
}
