// A task that acquires is awaited.
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.LOCK2008;

public sealed class Uploads
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private int _count;

    public void Upload()
    {
        _gate.WaitAsync(); // LOCK2008
        try
        {
            _count++;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task UploadSafely()
    {
        await _gate.WaitAsync();
        try
        {
            _count++;
        }
        finally
        {
            _gate.Release();
        }
    }
}
