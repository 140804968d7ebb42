// The count behind every kind of reference, and the record of who owns one.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// A count that never comes back from zero. In checked mode it knows for each thread or flow how many references that one owns, because a count
/// alone cannot tell whose they are. Safe for any thread.
/// </summary>
internal sealed class RefCount(string what, int initial)
{
    /// <summary>So many references mean that somebody loses them. Half the range is left for threads that count up at the same moment.</summary>
    private const int Limit = int.MaxValue / 2;

    private int _count = initial;

    public int Value => Volatile.Read(ref _count);

    /// <summary>One more, where the caller knows that there is one.</summary>
    /// <exception cref="InvalidOperationException">There was none, or there are too many; nothing has changed.</exception>
    public void Get()
    {
        int count = Interlocked.Increment(ref _count);
        if (count is <= 1 or > Limit)
        {
            Interlocked.Decrement(ref _count);
            throw new InvalidOperationException(count > Limit
                ? $"There are more than {Limit} {what}: somebody does not put what he gets."
                : $"There are no {what} left to get one from: the object is gone.");
        }

        Own();
    }

    /// <summary>One more, unless there is none.</summary>
    public bool TryGet()
    {
        int count = Value;
        while (count != 0)
        {
            int seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
            {
                Own();
                return true;
            }

            count = seen;
        }

        return false;
    }

    /// <summary>One less; true for the last. Everything done under any reference is visible to whoever puts the last.</summary>
    /// <exception cref="InvalidOperationException">There was none; nothing has changed.</exception>
    public bool Put(LockPlace place)
    {
        Disown(place);
        return PutUnowned();
    }

    /// <summary>The same for a reference that belongs to an object and no thread.</summary>
    public bool PutUnowned()
    {
        int count = Interlocked.Decrement(ref _count);
        if (count < 0)
        {
            Interlocked.Increment(ref _count);
            throw new InvalidOperationException($"There are no {what} left to put: one was put twice.");
        }

        return count == 0;
    }

    /// <summary>Records that the calling thread or flow owns one more.</summary>
    public void Own()
    {
        if (LockdepSwitch.Validates)
        {
            HeldStack.Current.References.Add(this);
        }
    }

    /// <summary>Records that the calling thread or flow owns one less; reports where it owned none.</summary>
    public void Disown(LockPlace place)
    {
        if (LockdepSwitch.Validates && !HeldStack.Current.References.Remove(this))
        {
            Report($"One of the {what} is put or handed over by a thread that owns none", place);
        }
    }

    /// <summary>Reports where the calling thread or flow owns none.</summary>
    public void AssertOwned(LockPlace place)
    {
        if (LockdepSwitch.Validates && !HeldStack.Current.References.Contains(this))
        {
            Report($"One of the {what} should be owned by this thread here", place);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Report(string message, LockPlace place)
    {
        HeldStack stack = HeldStack.Current;
        Validator.Publish(stack, Reports.About(stack, LockdepReportKind.ReferenceNotOwned, message, null, place));
    }
}
