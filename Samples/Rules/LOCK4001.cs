// An await between acquiring a lock and releasing it, where the lock belongs to a thread.
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.LOCK4001;

public sealed class Settings
{
    private readonly object _gate = new();
    private readonly SemaphoreSlim _saving = new(1, 1);
    private string _text = "";

    public async Task SaveUnderMonitor(string text)
    {
        Monitor.Enter(_gate);
        try
        {
            await Write(text); // LOCK4001
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    /// <summary>Right: a semaphore belongs to no thread.</summary>
    public async Task SaveUnderSemaphore(string text)
    {
        await _saving.WaitAsync();
        try
        {
            await Write(text);
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <summary>Right: what has to be consistent is copied under the lock.</summary>
    public async Task SaveACopy()
    {
        string text;
        lock (_gate)
        {
            text = _text;
        }

        await Write(text);
    }

    public void Set(string text)
    {
        lock (_gate)
        {
            _text = text;
        }
    }

    private static Task Write(string text) => Task.Delay(text.Length);
}
