// An array with one element for each page of a umem.
namespace Locking.Mirror;

/// <summary>An array with one element for each page of a umem: no other unit indexes it (R60).</summary>
internal sealed class UmemPageArray<T>(UmemPages length)
{
    private readonly T[] _items = new T[length.Value];

    public UmemPages Length => new(_items.Length);

    public ref T this[UmemPages index] => ref _items[index.Value];
}
