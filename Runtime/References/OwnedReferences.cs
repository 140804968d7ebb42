// The references that one thread or flow owns.
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Locking;

/// <summary>How many references of each count one thread or flow owns. Used by its owner alone.</summary>
internal sealed class OwnedReferences
{
    private readonly Dictionary<RefCount, int> _owned = [];

    public void Add(RefCount count) => CollectionsMarshal.GetValueRefOrAddDefault(_owned, count, out _)++;

    public bool Contains(RefCount count) => _owned.ContainsKey(count);

    /// <summary>False where there was none.</summary>
    public bool Remove(RefCount count)
    {
        if (!_owned.TryGetValue(count, out int number))
        {
            return false;
        }

        if (number == 1)
        {
            _owned.Remove(count);
        }
        else
        {
            _owned[count] = number - 1;
        }

        return true;
    }

    public void Clear() => _owned.Clear();
}
