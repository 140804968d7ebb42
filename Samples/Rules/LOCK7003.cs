// A lock that each call makes for itself.
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.LOCK7003;

public sealed class Counter
{
    private readonly object _gate = new();
    private int _count;

    public void AddUnderAnObjectOfItsOwn()
    {
        object gate = new();
        lock (gate) // LOCK7003
        {
            Volatile.Write(ref _count, Volatile.Read(ref _count) + 1);
        }
    }

    public int Read()
    {
        lock (_gate)
        {
            return Volatile.Read(ref _count);
        }
    }

    /// <summary>Right: made in the call, and shared with the task that it starts.</summary>
    public static int AddInTwoThreads()
    {
        object gate = new();
        int count = 0;
        Task task = Task.Run(() =>
        {
            lock (gate)
            {
                count++;
            }
        });
        lock (gate)
        {
            count++;
        }

        task.Wait();
        return count;
    }
}
