// An override asks no more of its callers than the member that they call.
using System.Threading;

namespace Locking.Samples.LOCK0003;

public class Cache
{
    protected Lock Gate { get; } = new();

    [GuardedBy(nameof(Gate))]
    protected int Count { get; set; }

    public virtual void Clear()
    {
        lock (Gate)
        {
            Count = 0;
        }
    }
}

public sealed class EagerCache : Cache
{
    [Requires(nameof(Gate))]
    public override void Clear() => Count = 0; // LOCK0003
}

public sealed class LazyCache : Cache
{
    public override void Clear()
    {
        lock (Gate)
        {
            Count = 0;
        }
    }
}
