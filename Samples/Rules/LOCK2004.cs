// A lock that is not re-entrant is not acquired by its holder.
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.LOCK2004;

public sealed class Settings
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private string _name = "";

    public async Task Rename(string name)
    {
        await _gate.WaitAsync();
        try
        {
            _name = name;
            await Save(); // LOCK2004
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task Save()
    {
        await _gate.WaitAsync();
        try
        {
            await Task.Delay(_name.Length);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task RenameSafely(string name)
    {
        await _gate.WaitAsync();
        try
        {
            _name = name;
            await SaveLocked();
        }
        finally
        {
            _gate.Release();
        }
    }

    private Task SaveLocked() => Task.Delay(_name.Length);
}
