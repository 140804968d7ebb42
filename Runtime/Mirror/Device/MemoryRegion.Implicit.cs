// A memory region: the leaves of an implicit one.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Mirror;

public sealed partial class MemoryRegion
{
    /// <summary>The mutex of the root: its level is outside of that of leaves (R57).</summary>
    private readonly UmemMutex _rootMutex = new();

    [GuardedBy(nameof(_rootMutex))]
    private readonly Dictionary<ulong, RegionMemory> _leaves = [];

    /// <summary>Leaves that are being destroyed.</summary>
    private int _destroying;

    /// <summary>How many leaves an implicit region has.</summary>
    public int LeafCount
    {
        get
        {
            using (_rootMutex.Enter(UmemMutex.ImplicitParent))
            {
                return _leaves.Count;
            }
        }
    }

    /// <summary>
    /// The leaf of an address, made where there is none. Good in a read section of the device: who destroys it waits for that (R75). Linux:
    /// <c>implicit_get_child_mr</c>.
    /// </summary>
    [MayBlock]
    private RegionMemory? LeafAt(Address address)
    {
        ulong slot = address.Value >> PageShift.Gigantic.Value;
        using (_rootMutex.Enter(UmemMutex.ImplicitParent))
        {
            if (_leaves.TryGetValue(slot, out RegionMemory? found))
            {
                MirrorProtocol.Expect(found.Umem.Addresses.Contains(address), $"INV-22: the leaf of {address} covers {found.Umem.Addresses}");
                return found;
            }

            AddressRange addresses = AddressRange.Of(new Address(slot << PageShift.Gigantic.Value), PageShift.Gigantic.Size);
            if (!Context.Mm.Users.TryGet())
            {
                return null;
            }

            try
            {
                return MakeLeaf(slot, addresses);
            }
            finally
            {
                Context.Mm.Users.PutAsync();
            }
        }
    }

    [Requires(nameof(_rootMutex))]
    [RequiresShared("Context.Mm.Users")]
    private RegionMemory? MakeLeaf(ulong slot, AddressRange addresses)
    {
        RegionMemory? leaf = Make(addresses, Context.Mm);
        if (leaf is not null)
        {
            leaf.Umem.Emptied = () => Schedule(slot, leaf);
            _leaves.Add(slot, leaf);
        }

        return leaf;
    }

    /// <summary>A leaf lost its last page: it is destroyed elsewhere, because this is a callback. The leaf's mutex is held. Linux: <c>destroy_unused_implicit_child_mr</c>.</summary>
    private void Schedule(ulong slot, RegionMemory leaf)
    {
        leaf.Umem.DriverLock.AssertHeld();
        if (!leaf.Umem.IsDying)
        {
            Interlocked.Increment(ref _destroying);
            ThreadPool.UnsafeQueueUserWorkItem(_ => Destroy(slot, leaf), null);
        }
    }

    /// <summary>Detach, wait for fault handlers, close: a fault that found the leaf before has ended by then. Linux: <c>free_implicit_child_mr_work</c>.</summary>
    private void Destroy(ulong slot, RegionMemory leaf)
    {
        bool isMine;
        using (_rootMutex.Enter(UmemMutex.ImplicitParent))
        {
            isMine = _leaves.GetValueOrDefault(slot) == leaf && IsEmpty(leaf) && _leaves.Remove(slot);
        }

        if (isMine)
        {
            Device.RegionSrcu.Synchronize();
            AwaitUnused();
            leaf.Umem.Close();
        }

        if (Interlocked.Decrement(ref _destroying) == 0)
        {
            lock (_unused)
            {
                Monitor.PulseAll(_unused);
            }
        }
    }

    /// <summary>Whether it is still without pages: a fault may have come since.</summary>
    private static bool IsEmpty(RegionMemory leaf)
    {
        using (leaf.Umem.DriverLock.Enter())
        {
            return leaf.Umem.MappedPages.Value == 0;
        }
    }

    [Fence("callbacks")]
    private void CloseLeaves()
    {
        List<RegionMemory> leaves;
        using (_rootMutex.Enter(UmemMutex.ImplicitParent))
        {
            leaves = [.. _leaves.Values];
            _leaves.Clear();
        }

        leaves.ForEach(leaf => leaf.Umem.Close());
        lock (_unused)
        {
            while (Volatile.Read(ref _destroying) > 0)
            {
                Monitor.Wait(_unused);
            }
        }
    }
}
