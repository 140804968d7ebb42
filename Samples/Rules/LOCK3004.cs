// Waiting, under a lock, for work that needs the lock.
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.LOCK3004;

public sealed class Importer
{
    private readonly Lock _gate = new();
    private readonly List<int> _rows = [];
    private readonly ConcurrentBag<Thread> _workers = [];
    private Timer? _timer;

    public void ImportAndWait(int[] source)
    {
        lock (_gate)
        {
            Task import = Task.Run(() => Add(source));
            import.Wait(); // LOCK3004
        }
    }

    public void ImportInParallel(int[] source)
    {
        lock (_gate)
        {
            Parallel.ForEach(source, row => Add([row])); // LOCK3004
        }
    }

    public void StopTheWorker()
    {
        var worker = new Thread(() => Add([0]));
        worker.Start();
        lock (_gate)
        {
            worker.Join(); // LOCK3004
        }
    }

    public void Start() => _timer = new Timer(_ => Add([0]), null, 0, 1000);

    public void Stop()
    {
        lock (_gate)
        {
            using var ended = new ManualResetEvent(false);
            _timer?.Dispose(ended);
            ended.WaitOne(); // LOCK3004
        }
    }

    public void StopTheWorkers()
    {
        lock (_gate)
        {
            foreach (Thread worker in _workers)
            {
                worker.Join(); // LOCK3004
            }
        }
    }

    public void StartTheWorkers()
    {
        for (int i = 0; i < 4; i++)
        {
            var worker = new Thread(() => Add([0]));
            _workers.Add(worker);
            worker.Start();
        }
    }

    public void ImportByAHelper(int[] source)
    {
        lock (_gate)
        {
            ImportAsync(source).Wait(); // LOCK3004
        }
    }

    private Task ImportAsync(int[] source) => Task.Run(() => Add(source));

    /// <summary>Right: started under the lock, waited for without it.</summary>
    public void ImportThenWait(int[] source)
    {
        Task import;
        lock (_gate)
        {
            _rows.Clear();
            import = Task.Run(() => Add(source));
        }

        import.Wait();
    }

    private void Add(int[] rows)
    {
        lock (_gate)
        {
            _rows.AddRange(rows);
        }
    }
}
