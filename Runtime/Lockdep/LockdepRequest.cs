// What the program asked for before the switch was read; apart from the switch so that asking does not read it.
namespace Locking;

internal static class LockdepRequest
{
    /// <summary>Null where the program said nothing.</summary>
    public static bool? Validation { get; set; }

    /// <inheritdoc cref="Validation"/>
    public static bool? Statistics { get; set; }
}
