// Only what is held can be released.
using System.Threading;

namespace Locking.Samples.LOCK2003;

public sealed class Session
{
    private readonly Lock _gate = new();
    private bool _isOpen;

    public void Close()
    {
        _gate.Enter();
        try
        {
            _isOpen = false;
            _gate.Exit();
        }
        finally
        {
            _gate.Exit(); // LOCK2003
        }
    }

    public void CloseSafely()
    {
        _gate.Enter();
        try
        {
            _isOpen = false;
        }
        finally
        {
            _gate.Exit();
        }
    }

    public bool IsOpen()
    {
        lock (_gate)
        {
            return _isOpen;
        }
    }
}
