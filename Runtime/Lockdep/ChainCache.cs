// The set of acquisition sequences that were checked and found right.
using System;
using System.Threading;

namespace Locking;

/// <summary>
/// The set of chain keys already validated. A chain is the sequence of (vertex, mode) held, in order, with the callback context; its key is a
/// 64-bit hash, so a warm acquisition costs one probe. Linux: <c>chainhash_table</c>.
/// </summary>
/// <remarks>
/// Look-ups take no lock: slots go from 0 to a key once, and growing publishes a new table. Two chains with one key would be taken for one;
/// among a million chains that has a probability below 10^-7, and costs a missed check, never a false report.
/// </remarks>
internal sealed class ChainCache
{
    /// <summary>How many chains are kept before the validator gives up: more than any program orders on purpose.</summary>
    public const int MaxChains = 1 << 20;

    private const int InitialSlots = 1 << 12;
    private ulong[] _slots = new ulong[InitialSlots];
    private int _count;

    /// <summary>How many chains are known.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The key of a chain and one more lock. Never 0, which marks a free slot.</summary>
    public static ulong Extend(ulong chain, int vertex, LockMode mode)
    {
        ulong mixed = (chain ^ ((uint)vertex * 4UL + (uint)mode + 1)) * 0x9E3779B97F4A7C15;
        return (mixed ^ (mixed >> 29)) | 1UL << 63;
    }

    /// <summary>Where chains begin: each callback context has an order of its own.</summary>
    public static ulong Start(CallbackContexts inside) => (ulong)inside;

    public bool Contains(ulong key)
    {
        ulong[] slots = Volatile.Read(ref _slots);
        for (uint i = (uint)key; ; i++)
        {
            ulong slot = Volatile.Read(ref slots[i & (uint)(slots.Length - 1)]);
            if (slot == key)
            {
                return true;
            }

            if (slot == 0)
            {
                return false;
            }
        }
    }

    /// <summary>Adds a key. The caller holds the graph lock.</summary>
    public void Add(ulong key)
    {
        if (Contains(key))
        {
            return;
        }

        if (_count * 2 >= _slots.Length)
        {
            Grow();
        }

        Insert(_slots, key);
        _count++;
    }

    /// <summary>Forgets everything. The caller holds the graph lock.</summary>
    public void Clear()
    {
        Volatile.Write(ref _slots, new ulong[InitialSlots]);
        _count = 0;
    }

    private static void Insert(ulong[] slots, ulong key)
    {
        uint i = (uint)key;
        while (slots[i & (uint)(slots.Length - 1)] != 0)
        {
            i++;
        }

        Volatile.Write(ref slots[i & (uint)(slots.Length - 1)], key);
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2];
        foreach (ulong key in _slots)
        {
            if (key != 0)
            {
                Insert(larger, key);
            }
        }

        Volatile.Write(ref _slots, larger);
    }
}
