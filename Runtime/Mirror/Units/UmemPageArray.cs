// An array with one element for each page of a umem.
using System;

namespace Locking.Mirror;

/// <summary>An array with one element for each page of a umem: no other unit indexes it (R60).</summary>
internal sealed class UmemPageArray<T>(UmemPages length)
{
    private readonly T[] _items = new T[length.Value];

    public UmemPages Length => new(_items.Length);

    public Span<T> Part(UmemPages first, UmemPages end) => _items.AsSpan((int)first.Value, (int)(end - first).Value);

    public ref T this[UmemPages index] => ref _items[index.Value];
}
