// Where ranges of addresses would best be placed.
using System.Collections.Generic;

namespace Locking.Mirror;

/// <summary>How a range is accessed, mostly.</summary>
public enum AccessHint
{
    /// <summary>Nobody knows.</summary>
    Unknown,

    /// <summary>Mostly by the processor.</summary>
    Processor,

    /// <summary>Mostly by the device.</summary>
    Device,

    /// <summary>Mostly read, by both.</summary>
    ReadMostly,
}

/// <summary>Where a range would best be placed: advice, which changes who migrates what and when, and never what is true.</summary>
/// <param name="Device">The owner of the device memory that it prefers; null for system memory.</param>
/// <param name="Node">The node of system memory that it prefers.</param>
/// <param name="Access">How it is accessed.</param>
public readonly record struct PlacementHint(object? Device, int Node = 0, AccessHint Access = AccessHint.Unknown);

/// <summary>
/// The placement hints of an address space (F24): one at most for each address. They survive invalidation and forks, and die with the unmap;
/// neighbours that agree become one. No notifier is needed. Safe for any thread.
/// </summary>
public sealed class PlacementHints
{
    private readonly SpinMutex _lock = new(LockClass.Named("placement_hints"));

    /// <summary>By start; ranges do not overlap.</summary>
    [GuardedBy(nameof(_lock))]
    private readonly SortedList<ulong, (AddressRange Range, PlacementHint Hint)> _hints = [];

    internal PlacementHints()
    {
    }

    /// <summary>How many ranges have one.</summary>
    public int Count
    {
        get
        {
            using (_lock.Enter())
            {
                return _hints.Count;
            }
        }
    }

    /// <summary>Advises for a range; what was advised for parts of it is forgotten.</summary>
    /// <param name="range">The addresses.</param>
    /// <param name="hint">The advice.</param>
    /// <returns>Ok or Invalid.</returns>
    public MmResult Set(AddressRange range, PlacementHint hint)
    {
        if (!range.IsValid)
        {
            return MmResult.Invalid;
        }

        using (_lock.Enter())
        {
            Cut(range);
            AddressRange whole = range;
            foreach ((AddressRange other, PlacementHint same) in new List<(AddressRange, PlacementHint)>(_hints.Values))
            {
                if (same == hint && (other.End == whole.Start || other.Start == whole.End))
                {
                    _hints.Remove(other.Start.Value);
                    whole = new AddressRange(Address.Min(other.Start, whole.Start), Address.Max(other.End, whole.End));
                }
            }

            _hints.Add(whole.Start.Value, (whole, hint));
        }

        return MmResult.Ok;
    }

    /// <summary>The advice for an address; null where there is none.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The advice.</returns>
    public PlacementHint? At(Address address)
    {
        using (_lock.Enter())
        {
            foreach ((AddressRange range, PlacementHint hint) in _hints.Values)
            {
                if (range.Contains(address))
                {
                    return hint;
                }
            }
        }

        return null;
    }

    /// <summary>Forgets what was advised for a range.</summary>
    /// <param name="range">The addresses.</param>
    public void Remove(AddressRange range)
    {
        using (_lock.Enter())
        {
            Cut(range);
        }
    }

    internal void Clear() => Remove(AddressRange.All);

    internal void CopyFrom(PlacementHints other)
    {
        List<(AddressRange, PlacementHint)> all;
        using (other._lock.Enter())
        {
            all = [.. other._hints.Values];
        }

        all.ForEach(item => Set(item.Item1, item.Item2));
    }

    [Requires(nameof(_lock))]
    private void Cut(AddressRange range)
    {
        foreach ((AddressRange other, PlacementHint hint) in new List<(AddressRange, PlacementHint)>(_hints.Values))
        {
            if (!other.Overlaps(range))
            {
                continue;
            }

            _hints.Remove(other.Start.Value);
            if (other.Start < range.Start)
            {
                _hints.Add(other.Start.Value, (new AddressRange(other.Start, range.Start), hint));
            }

            if (other.End > range.End)
            {
                _hints.Add(range.End.Value, (new AddressRange(range.End, other.End), hint));
            }
        }
    }
}
