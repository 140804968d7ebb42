// A lock is released when what is done under it throws.
using System;
using System.Threading;

namespace Locking.Samples.LOCK2002;

public sealed class Publisher
{
    private readonly object _gate = new();

    public void Publish(Action publish)
    {
        Monitor.Enter(_gate); // LOCK2002
        publish();
        Monitor.Exit(_gate);
    }

    public void PublishSafely(Action publish)
    {
        Monitor.Enter(_gate);
        try
        {
            publish();
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }
}
