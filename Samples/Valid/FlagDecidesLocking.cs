// Locks that are only taken where a flag says so: as a local copy, through a pair of helpers, and as an argument of who holds them.
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

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

/// <summary>A caller that holds the lock says so, and an asynchronous one cannot be acquired twice.</summary>
public class Recorder
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, int> _seen = new();

    public async Task Record(string name, bool isHeld)
    {
        if (isHeld)
        {
            Note(name);
        }
        else
        {
            await _gate.WaitAsync();
            try
            {
                Note(name);
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    public async Task Forget(string name, bool isHeld)
    {
        if (isHeld)
        {
            _seen.Remove(name);
        }
        else
        {
            await _gate.WaitAsync();
            try
            {
                _seen.Remove(name);
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    private void Note(string name) => _seen[name] = 1;
}
