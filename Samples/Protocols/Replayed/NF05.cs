// Linux 5.2: the loop over mirrors keeps the refusal in a variable of its own, and the caller hears that all agreed.
using System;
using Locking.Mirror;

namespace Locking.Samples.Protocols.NF05;

/// <summary>Several drivers behind one notifier.</summary>
public static class Mirrors
{
    public static NotifierResult Tell(in InvalidateRange range, params Func<InvalidateRange, NotifierResult>[] mirrors)
    {
        NotifierResult result = NotifierResult.Ok;
        foreach (Func<InvalidateRange, NotifierResult> mirror in mirrors)
        {
            NotifierResult answer = mirror(range);
            if (answer != NotifierResult.Ok)
            {
                break;
            }
        }

        return result;
    }
}
