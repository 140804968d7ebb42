// A lock is held on every way to its release, or on none.
using System.Threading;

namespace Locking.Samples.LOCK2005;

public sealed class Writer
{
    private readonly object _gate = new();
    private int _lines;

    public void Write(bool isShared)
    {
        if (isShared)
        {
            Monitor.Enter(_gate); // LOCK2005
        }

        _lines++;
        Monitor.Exit(_gate);
    }

    public void WriteSafely(bool isShared)
    {
        if (isShared)
        {
            Monitor.Enter(_gate);
        }

        _lines++;
        if (isShared)
        {
            Monitor.Exit(_gate);
        }
    }
}
