// Objects that are asked for each time instead of being kept in a variable, and may not be there.
using System.Collections.Generic;
using System.Threading;
using Locking;

namespace Locking.Samples.Valid.AskedForAgain;

/// <summary>Compared with null by an operator that the compiler writes.</summary>
internal sealed record Seat
{
    public readonly Lock Gate = new();

    [GuardedBy(nameof(Gate))]
    public int Guest;
}

internal sealed class Hall
{
    private readonly Dictionary<int, Seat> _seats = new();
    private readonly Seat _first = new();

    public void Take(int guest)
    {
        lock (First().Gate)
        {
            First().Guest = guest;
        }
    }

    public void Take(int row, int guest)
    {
        lock (Find(row).Gate)
        {
            Find(row).Guest = guest;
        }
    }

    public void Move(Seat seat, int guest)
    {
        if (Entered(seat) == null)
        {
            return;
        }

        seat.Guest = guest;
        seat.Gate.Exit();
    }

    public void Empty(Seat seat)
    {
        if (null != Entered(seat))
        {
            Leave(seat);
        }
    }

    [Releases("seat.Gate")]
    public static void Leave(Seat? seat)
    {
        if (seat == null)
        {
            return;
        }

        seat.Guest = 0;
        seat.Gate.Exit();
    }

    private static Seat? Entered(Seat seat)
    {
        seat.Gate.Enter();
        if (seat.Guest != 0)
        {
            return seat;
        }

        seat.Gate.Exit();
        return null;
    }

    private Seat First() => _first;

    private Seat Find(int row) => _seats[row];
}
