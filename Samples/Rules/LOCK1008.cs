// A function that runs later takes the lock itself.
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.LOCK1008;

public sealed class Statistics
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))]
    private int _runs;

    public Task Start()
    {
        lock (_gate)
        {
            _runs = 0;
            return Task.Run(() => _runs++); // LOCK1008
        }
    }

    public Task StartSafely()
    {
        lock (_gate)
        {
            _runs = 0;
        }

        return Task.Run(() =>
        {
            lock (_gate)
            {
                _runs++;
            }
        });
    }
}
