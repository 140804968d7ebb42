// Locks that are only taken where a flag says so: as a local copy, and through a pair of helpers.
using System.Threading;

namespace Locking.Samples.Valid.FlagDecidesLocking;

/// <summary>What was acquired because of the flag is released because of it.</summary>
public class Socket
{
    private readonly object _gate = new();
    private bool _isShared;
    private int _port;

    public void Share() => _isShared = true;

    public void BindByCopy(int port)
    {
        bool isShared = _isShared;
        if (isShared)
        {
            Monitor.Enter(_gate);
        }

        try
        {
            _port = port;
        }
        finally
        {
            if (isShared)
            {
                Monitor.Exit(_gate);
            }
        }
    }

    public void BindByHelpers(int port)
    {
        Lock();
        try
        {
            _port = port;
        }
        finally
        {
            Unlock();
        }
    }

    private void Lock()
    {
        if (_isShared)
        {
            Monitor.Enter(_gate);
        }
    }

    private void Unlock()
    {
        if (_isShared)
        {
            Monitor.Exit(_gate);
        }
    }
}
