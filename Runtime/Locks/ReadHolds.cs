// Which semaphores the current thread holds for reading.
using System;
using System.Runtime.CompilerServices;

namespace Locking;

/// <summary>
/// The read holds of one thread, newest last. A semaphore counts its readers and does not know them; this is what makes a recursive read, an
/// upgrade, and a release by the wrong thread exceptions instead of hangs and corruption, with the validator on or off.
/// </summary>
/// <remarks>Numbers instead of references: storing one needs no write barrier, and a dead semaphore is not kept alive.</remarks>
internal sealed class ReadHolds
{
    [ThreadStatic]
    private static ReadHolds? t_current;

    private long[] _ids = new long[8];
    private int _count;

    public static ReadHolds Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_current ?? Make();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(long id)
    {
        long[] ids = _ids;
        for (int i = _count - 1; i >= 0; i--)
        {
            if (ids[i] == id)
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long id)
    {
        long[] ids = _ids;
        int count = _count;
        if ((uint)count < (uint)ids.Length)
        {
            ids[count] = id;
            _count = count + 1;
        }
        else
        {
            Grow(id);
        }
    }

    /// <summary>False where there is none. Usually the newest goes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Remove(long id)
    {
        long[] ids = _ids;
        int last = _count - 1;
        if ((uint)last < (uint)ids.Length && ids[last] == id)
        {
            _count = last;
            return true;
        }

        return RemoveBelow(id);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadHolds Make() => t_current = new ReadHolds();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(long id)
    {
        Array.Resize(ref _ids, _ids.Length * 2);
        _ids[_count++] = id;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RemoveBelow(long id)
    {
        int index = _count == 0 ? -1 : Array.LastIndexOf(_ids, id, _count - 1, _count);
        if (index < 0)
        {
            return false;
        }

        Array.Copy(_ids, index + 1, _ids, index, --_count - index);
        return true;
    }
}
