// A loop over an array that locks each element: the index is another one in each turn, and the same one within the turn.
using System;
using System.Collections.Generic;
using System.Threading;
using Locking;

namespace Locking.Samples.Valid.EachElement;

public sealed class Row
{
    internal readonly object Gate = new();

    [GuardedBy(nameof(Gate))]
    private int _hits;

    internal Lock Slow { get; } = new();

    [Requires(nameof(Gate))]
    internal void Hit() => _hits++;

    [Requires(nameof(Slow))]
    internal void Flush() => GC.KeepAlive(this);
}

public static class Rows
{
    public static void HitAll(Row[] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            lock (rows[i].Gate)
            {
                rows[i].Hit();
            }
        }
    }

    public static void FlushAll(IReadOnlyList<Row> rows)
    {
        int i = rows.Count;
        while (--i >= 0)
        {
            lock (rows[i].Slow)
            {
                rows[i].Flush();
            }
        }
    }

    public static void HitBackwards(Row[] rows)
    {
        for (int i = rows.Length - 1; i >= 0; i--)
        {
            object gate = rows[i].Gate;
            bool taken = false;
            try
            {
                Monitor.Enter(gate, ref taken);
                rows[i].Hit();
            }
            finally
            {
                if (taken)
                {
                    Monitor.Exit(gate);
                }
            }
        }
    }
}
