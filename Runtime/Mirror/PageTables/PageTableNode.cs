// One table of the radix tree.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// One table of the radix tree. A slot holds an entry, or leads to a table below, never both. Entries are read without the lock, as a
/// processor does, and changed under it.
/// </summary>
internal sealed class PageTableNode(PageShift shift, int length, bool isLeaf)
{
    private static readonly LockClass s_class = LockClass.Named("page_table_lock");

    /// <summary>Those of leaves lie on the heap of pinned arrays, which leaves them next to each other: a walk then goes through few pages of real memory.</summary>
    private readonly ulong[] _entries = isLeaf ? GC.AllocateArray<ulong>(length, pinned: true) : new ulong[length];

    [Unguarded("read without the lock, as a processor does; changed under it")]
    private readonly PageTableNode?[]? _children = isLeaf ? null : new PageTableNode?[length];

    /// <summary>Guards changes of the entries. Linux: the split page-table lock.</summary>
    public SpinMutex Lock { get; } = new(s_class);

    /// <summary>How much one slot covers.</summary>
    public PageShift Shift { get; } = shift;

    public bool IsLeaf => _children is null;

    public int Length => _entries.Length;

    /// <summary>Whether the table was taken out of the tree; set under the lock. Who finds a table so starts over.</summary>
    public bool IsDetached { get; private set; }

    /// <summary>The entries of a leaf, to be read in bulk; each is read whole.</summary>
    public ulong[] Entries => _entries;

    public PageTableNode? Child(int index) => _children is null ? null : Volatile.Read(ref _children[index]);

    public Pte Read(int index) => new(Volatile.Read(ref _entries[index]));

    [Requires(nameof(Lock))]
    public void Write(int index, Pte entry) => Volatile.Write(ref _entries[index], entry.Value);

    /// <summary>Whether a slot can be changed now: the caller's way to it has not been cut meanwhile.</summary>
    [Requires(nameof(Lock))]
    public bool IsSlot(int index) => !IsDetached && Child(index) is null;

    /// <summary>Whether a slot still says what the caller saw.</summary>
    [Requires(nameof(Lock))]
    public bool Still(int index, Pte entry) => IsSlot(index) && Read(index) == entry;

    /// <summary>Puts a table below a slot; the entry goes after it, so that nobody finds neither.</summary>
    [Requires(nameof(Lock))]
    public void Attach(int index, PageTableNode child)
    {
        Volatile.Write(ref _children![index], child);
        Write(index, Pte.None);
    }

    /// <summary>Puts an entry in the place of the table below.</summary>
    [Requires(nameof(Lock), "below.Lock")]
    public void Detach(int index, PageTableNode below, Pte entry)
    {
        below.IsDetached = true;
        Write(index, entry);
        Volatile.Write(ref _children![index], null);
    }
}
