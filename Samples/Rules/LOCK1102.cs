// A field that is written under a lock is read under it.
using System.Threading;

namespace Locking.Samples.LOCK1102;

public sealed class Download
{
    private readonly Lock _gate = new();
    private long _received;

    public void Add(int bytes)
    {
        lock (_gate)
        {
            _received += bytes;
        }
    }

    public void Restart()
    {
        lock (_gate)
        {
            _received = 0;
        }
    }

    public bool IsEmpty() => _received == 0; // LOCK1102

    public long Received()
    {
        lock (_gate)
        {
            return _received;
        }
    }
}
