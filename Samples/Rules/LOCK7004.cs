// A System.Threading.Lock that is passed on as a plain object.
using System.Threading;

namespace Locking.Samples.LOCK7004;

public sealed class Table
{
    private readonly Lock _lock = new();
    private int _rows;

    public object SyncRoot
    {
        get
        {
#pragma warning disable CS9216 // The compiler's own warning says the same.
            return _lock; // LOCK7004
#pragma warning restore CS9216
        }
    }

    public Lock Lock => _lock;

    public void Add()
    {
        lock (_lock)
        {
            _rows++;
        }
    }
}
