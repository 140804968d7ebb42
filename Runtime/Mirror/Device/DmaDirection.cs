// Who writes a mapped page.
namespace Locking.Mirror;

/// <summary>Who writes a page that is mapped for a device. Linux: <c>enum dma_data_direction</c>.</summary>
public enum DmaDirection
{
    /// <summary>Both may.</summary>
    Bidirectional,

    /// <summary>The device only reads.</summary>
    ToDevice,
}
