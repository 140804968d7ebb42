// What a try-acquire answers decides what follows.
using System;
using System.Threading;

namespace Locking.Samples.LOCK2007;

public sealed class Sampler
{
    private readonly object _gate = new();
    private int _samples;

    public void Sample()
    {
        Monitor.TryEnter(_gate, TimeSpan.FromSeconds(1)); // LOCK2007
        try
        {
            _samples++;
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    public bool SampleSafely()
    {
        if (!Monitor.TryEnter(_gate, TimeSpan.FromSeconds(1)))
        {
            return false;
        }

        try
        {
            _samples++;
            return true;
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }
}
