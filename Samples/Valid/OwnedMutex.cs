// Mutexes that come with their owner, or among several handles: what may have been acquired may be released.
using System.Threading;

namespace Locking.Samples.Valid.OwnedMutex;

public static class OneInstance
{
    public static bool Run(string name)
    {
        using var mutex = new Mutex(initiallyOwned: true, name, out bool isFirst);
        if (!isFirst)
        {
            return false;
        }

        Thread.SpinWait(1);
        mutex.ReleaseMutex();
        return true;
    }
}

public sealed class Session : System.IDisposable
{
    private Mutex? _mutex;
    private bool _isFirst;

    public Session(string name) => Open(name);

    public void Dispose()
    {
        Dispose(disposing: true);
        System.GC.SuppressFinalize(this);
    }

    private void Open(string name) => _mutex = new Mutex(initiallyOwned: true, name, out _isFirst);

    private void Dispose(bool disposing)
    {
        Mutex? mutex = _mutex;
        _mutex = null;
        if (mutex is not null && disposing)
        {
            if (_isFirst)
            {
                mutex.ReleaseMutex();
            }

            mutex.Dispose();
        }
    }
}

public sealed class Printer
{
    private readonly Mutex _paper = new();
    private readonly Mutex _ink = new();
    private readonly ManualResetEvent _stop = new(initialState: false);

    public void PrintWithBoth()
    {
        WaitHandle.WaitAll([_paper, _ink]);
        Thread.SpinWait(1);
        _ink.ReleaseMutex();
        _paper.ReleaseMutex();
    }

    public bool PrintUnlessStopped()
    {
        if (WaitHandle.WaitAny([_paper, _stop]) != 0)
        {
            return false;
        }

        Thread.SpinWait(1);
        _paper.ReleaseMutex();
        return true;
    }
}
