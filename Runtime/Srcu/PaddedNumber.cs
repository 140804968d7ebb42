// A number that shares its cache lines with nothing.
using System.Runtime.InteropServices;

namespace Locking;

/// <summary>A number that many read and few write, padded on both sides so that no write to anything else disturbs the readers.</summary>
[StructLayout(LayoutKind.Explicit, Size = 264)]
internal struct PaddedNumber
{
    [FieldOffset(128)]
    public long Value;
}
