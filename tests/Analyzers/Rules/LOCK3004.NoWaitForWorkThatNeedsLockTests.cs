// LOCK3004: a holder of a lock does not wait for work that needs the lock.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class NoWaitForWorkThatNeedsLockTests() : RuleTests("LOCK3004")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Worker
        {
            private readonly object _gate = new();
            private readonly object _other = new();

            {{member}}
            private void Need() { lock (_gate) { } }
            private void Deeper() => Need();
            private void NeedOther() { lock (_other) { } }
            private int Compute() { lock (_gate) { return 1; } }
        }
        """,
        message);

    [Theory]
    [InlineData("[|Task.Run(() => { lock (_gate) { } }).Wait()|];")]
    [InlineData("[|Task.Run(Need).Wait()|];")]
    [InlineData("[|Task.Run(Deeper).Wait()|];")]
    [InlineData("[|Task.Run(() => Deeper()).Wait()|];")]
    [InlineData("int n = [|Task.Run(() => { lock (_gate) { return 1; } }).Result|];")]
    [InlineData("int n = [|Task.Run(Compute).Result|];")]
    [InlineData("[|Task.Run(Need).GetAwaiter().GetResult()|];")]
    [InlineData("[|Task.Run(Need).ConfigureAwait(false).GetAwaiter().GetResult()|];")]
    [InlineData("[|Task.Factory.StartNew(Need).Wait()|];")]
    [InlineData("[|Task.Factory.StartNew(Need, TaskCreationOptions.LongRunning).Wait(1000)|];")]
    [InlineData("var task = new Task(Need); task.Start(); [|task.Wait()|];")]
    [InlineData("var task = Task.Run(Local); [|task.Wait()|]; void Local() { lock (_gate) { } }")]
    [InlineData("var thread = new Thread(Need); thread.Start(); [|thread.Join()|];")]
    [InlineData("var thread = new Thread(Need); thread.Start(); bool done = [|thread.Join(1000)|];")]
    [InlineData("var thread = new Thread(n => Need()); thread.Start(1); [|thread.Join()|];")]
    [InlineData("[|Parallel.For(0, 4, n => Need())|];")]
    [InlineData("[|Parallel.ForEach(new[] { 1 }, n => { lock (_gate) { } })|];")]
    public void WaitForWorkThatNeedsTheLock_IsReported(string body) => VerifyIn($"public void M() {{ lock (_gate) {{ {body} }} }}");

    [Theory]
    [InlineData("Task task; lock (_gate) { task = Task.Run(Need); } task.Wait();")]
    [InlineData("lock (_gate) { Task.Run(Need); }")]
    [InlineData("var thread = new Thread(Need); thread.Start(); lock (_gate) { thread.Join(0); }")]
    [InlineData("lock (_gate) { Parallel.For(0, 4, n => NeedOther()); }")]
    [InlineData("lock (_gate) { var task = Task.Run(Need); if (task.IsCompleted) task.Wait(); }")]
    [InlineData("lock (_gate) { {|LOCK4002:Task.Run(NeedOther).Wait()|}; }")]
    [InlineData("lock (_gate) { {|LOCK4002:Task.Run(other.Need).Wait()|}; }")]
    [InlineData("lock (_gate) { {|LOCK4002:given.Wait()|}; }")]
    [InlineData("lock (_gate) { {|LOCK4002:Task.Run(() => { if (Monitor.TryEnter(_gate)) Monitor.Exit(_gate); }).Wait()|}; }")]
    public void OtherWaits_AreNotThisRule(string body) => VerifyIn($"public void M(Worker other, Task given) {{ {body} }}");

    [Theory]
    [InlineData("[|Task.WaitAll(Task.Run(NeedOther), Task.Run(Need))|];")]
    [InlineData("Task[] tasks = { Task.Run(NeedOther), Task.Run(Need) }; [|Task.WaitAll(tasks)|];")]
    [InlineData("[|Task.WhenAll(Task.Run(Need), Task.Run(NeedOther)).Wait()|];")]
    [InlineData("[|Task.Run(Need).ContinueWith(t => { }).Wait()|];")]
    [InlineData("[|Task.Run(NeedOther).ContinueWith(t => Need()).Wait()|];")]
    [InlineData("[|Parallel.Invoke(NeedOther, Need)|];")]
    [InlineData("[|Parallel.Invoke(() => Need(), () => { })|];")]
    [InlineData("[|Wait(Task.Run(Need))|];")]
    [InlineData("[|NeedLate().Wait()|];")]
    [InlineData("using ([|token.Register(Need)|]) { }")]
    [InlineData("var timer = new Timer(_ => Need()); [|timer.DisposeAsync().AsTask().Wait()|];")]
    [InlineData("var timer = new Timer(_ => Need()); var done = new ManualResetEvent(false); timer.Dispose(done); [|done.WaitOne()|];")]
    public void WorkOfManyForms_IsFollowed(string body) => VerifyIn(
        $$"""
        public void M(CancellationToken token) { lock (_gate) { {{body}} } }
        private void Wait(Task task) => task.Wait();
        private async Task NeedLate() { await Task.Delay(1); Need(); }
        """);

    [Theory]
    [InlineData("_thread = new Thread(Need);", "[|_thread.Join()|];")]
    [InlineData("_thread = new Thread(() => { while (true) Need(); }) { IsBackground = true };", "[|_thread.Join(100)|];")]
    [InlineData("_thread = new Thread(Need);", "var thread = _thread; _thread = null; [|thread.Join()|];")]
    [InlineData("_thread = new Thread(Need);", "[|Join()|];")]
    [InlineData("var thread = new Thread(Need); thread.Start(); _thread = thread;", "if (_thread != null) [|_thread.Join()|];")]
    [InlineData("_task = Task.Run(Need);", "[|_task.Wait()|];")]
    [InlineData("_task = Loop();", "[|_task.GetAwaiter().GetResult()|];")]
    [InlineData("_task = Task.WhenAll(Loop(), Task.Run(NeedOther));", "[|_task.Wait()|];")]
    [InlineData("_registration = token.Register(Need);", "[|_registration.Dispose()|];")]
    [InlineData("_timer = new Timer(Tick, null, 0, 10);", "[|_timer.DisposeAsync().AsTask().Wait()|];")]
    [InlineData("_registration = token.Register(state => ((Worker)state!).Need(), this);", "[|_registration.Dispose()|];")]
    [InlineData("_timer = new Timer(static worker => ((Worker)worker!).Need(), this, 0, 10);", "[|_timer.DisposeAsync().AsTask().Wait()|];")]
    public void WorkThatIsKeptInAField_IsFollowed(string start, string stop) => VerifyKept(start, stop);

    [Theory]
    [InlineData("_thread = new Thread(NeedOther);", "{|LOCK4002:_thread.Join()|};")]
    [InlineData("_thread = new Thread(Need);", "if (!_thread.Join(0)) { }")]
    [InlineData("_thread = new Thread(Need);", "while (_task == null) Monitor.Wait(_gate); {|LOCK4002:_thread.Join()|};")]
    [InlineData("_task = Early();", "{|LOCK4002:_task.Wait()|};")]
    [InlineData("_task = Task.Run(Need);", "if (_task.IsCompleted) _task.Wait();")]
    [InlineData("_registration = token.Register(Need);", "_registration.Unregister();")]
    [InlineData("_registration = token.Register(NeedOther);", "_registration.Dispose();")]
    [InlineData("_timer = new Timer(Tick, null, 0, 10);", "_timer.Dispose();")]
    [InlineData("_registration = token.Register(state => ((Worker)state!).Need(), new Worker());", "_registration.Dispose();")]
    public void KeptWorkThatCanEnd_IsNotThisRule(string start, string stop) => VerifyKept(start, stop);

    private void VerifyKept(string start, string stop) => VerifyIn(
        $$"""
        private Thread _thread;
        private Task _task;
        private Timer _timer;
        private CancellationTokenRegistration _registration;
        public void Start(CancellationToken token) { {{start}} }
        public void Stop() { lock (_gate) { {{stop}} } }
        public void StopOutside() { Thread thread; lock (_gate) { thread = _thread; } thread.Join(); _task.Wait(); _registration.Dispose(); }
        private void Join() => _thread.Join();
        private void Tick(object state) => Need();
        private async Task Loop() { while (true) { await Task.Delay(10); Need(); } }
        private async Task Early() { Need(); await Task.Delay(10); }
        """);

    [Fact]
    public void AwaitOfAKeptLoop_IsReported() => Verify(
        """
        public class Worker
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private Task _loop;

            public void Start() => _loop = Loop();

            public async Task Stop()
            {
                await _gate.WaitAsync();
                try { [|await _loop|]; } finally { _gate.Release(); }
            }

            public async Task StopByHelper()
            {
                await _gate.WaitAsync();
                try { [|await Ended()|]; } finally { _gate.Release(); }
            }

            private async Task Ended() => await _loop;

            private async Task Loop()
            {
                while (true)
                {
                    await _gate.WaitAsync();
                    _gate.Release();
                }
            }
        }
        """);

    [Fact]
    public void Await_IsAWait() => VerifyIn(
        "public async Task M() { Monitor.Enter(_gate); try { {|LOCK3004:{|LOCK4001:await Task.Run(Need)|}|}; } finally { Monitor.Exit(_gate); } }");

    [Fact]
    public void Message_NamesTheLock() => VerifyIn(
        "public void M() { lock (_gate) { [|Task.Run(Need).Wait()|]; } }", "This waits for work that acquires '_gate', which is held here");

    [Fact]
    public void AdditionalLocations_AreTheAcquireHereAndTheOneInTheWork() => Verify(
        """
        public class Worker
        {
            private readonly object _gate = new();

            public void M()
            {
                lock ({|#0:_gate|})
                {
                    var thread = new Thread(() =>
                    {
                        lock ({|#1:_gate|})
                        {
                        }
                    });
                    thread.Start();
                    [|thread.Join()|];
                }
            }
        }
        """);

    [Fact]
    public void AwaitedSemaphore_IsReported() => Verify(
        """
        public class Worker
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            public async Task M()
            {
                await _gate.WaitAsync();
                try
                {
                    [|await Task.Run(async () =>
                    {
                        await _gate.WaitAsync();
                        _gate.Release();
                    })|];
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        """);

    [Fact]
    public void FenceUnderTheLockOfTheCallback_IsReported() => Verify(
        """
        public abstract class Hub
        {
            public abstract void Register(Action callback);

            [Fence("callbacks")]
            public abstract void Unregister(Action callback);

            [Fence("callbacks", Waits = false)]
            public abstract void Unlink(Action callback);
        }

        public class Listener(Hub hub)
        {
            private readonly object _gate = new();

            private void OnEvent() { lock (_gate) { } }

            public void Start() => hub.Register(OnEvent);

            public void Stop() { lock (_gate) { [|hub.Unregister(OnEvent)|]; } }

            public void StopOutside() => hub.Unregister(OnEvent);

            public void OnlyUnlink() { lock (_gate) { hub.Unlink(OnEvent); } }
        }
        """);

    [Fact]
    public void RequiredLock_IsHeld() => VerifyIn("[Requires(nameof(_gate))] public void M() => [|Task.Run(Need).Wait()|];");

    [Fact]
    public void ParallelQueryUnderTheLockOfItsAction_IsReported() =>
        VerifyIn("public void M(int[] numbers) { lock (_gate) { [|numbers.AsParallel().ForAll(n => Need())|]; } }");

    [Theory]
    [InlineData("Task later = Later(); _one.Release(); await later;")]
    [InlineData("Task later = Later(); [|await later|]; _one.Release();")]
    [InlineData("[|Later().Wait()|]; _one.Release();")]
    [InlineData("_ = Later(); _one.Release();")]
    [InlineData("await {|LOCK2004:Later()|}; _one.Release();")]
    [InlineData("[|await Parallel.ForEachAsync(new[] { 1 }, async (_, _) => await Later())|]; _one.Release();")]
    public void OwnAsyncMethod_IsWaitedForWhereItsTaskIs(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _one = new(1, 1);

            public async Task Use() { await _one.WaitAsync(); {{body}} }

            private async Task Later() { await _one.WaitAsync(); _one.Release(); }
        }
        """);

    [Theory]
    [InlineData("var thread = new Thread(Need); _threads.Add(thread); thread.Start();", "foreach (Thread thread in _threads) [|thread.Join()|];")]
    [InlineData("_threads.Add(new Thread(() => Need()));", "for (int i = 0; i < _threads.Count; i++) [|_threads[i].Join()|];")]
    [InlineData("_threads.Add(new Thread(Need));", "_threads.ForEach(t => [|t.Join()|]);")]
    [InlineData("_threads.Add(new Thread(Need));", "foreach (Thread thread in _threads.ToArray().Where(t => t.IsAlive)) [|thread.Join()|];")]
    [InlineData("_threads = new List<Thread> { new Thread(Need) };", "[|_threads[0].Join()|];")]
    [InlineData("_tasks = new Task[2]; for (int i = 0; i < 2; i++) _tasks[i] = Task.Run(Need);", "[|Task.WaitAll(_tasks)|];")]
    [InlineData("_tasks = new[] { Task.Run(NeedOther), Task.Run(Need) };", "[|_tasks[1].Wait()|];")]
    [InlineData("_tasks = Enumerable.Range(0, 4).Select(_ => Task.Run(Need)).ToArray();", "[|Task.WhenAll(_tasks).Wait()|];")]
    [InlineData("_byName[name] = Task.Run(Need);", "foreach (var pair in _byName) [|pair.Value.Wait()|];")]
    [InlineData("_byName.Add(name, Task.Run(Need));", "[|Task.WaitAll(_byName.Values.ToArray())|];")]
    [InlineData("_byName.Add(name, Task.Run(Need));", "if (_byName.TryGetValue(name, out var task)) [|task.Wait()|];")]
    [InlineData("_queue.Enqueue(Task.Run(Need));", "while (_queue.TryDequeue(out var task)) [|task.Wait()|];")]
    public void WorkThatIsKeptInACollection_IsFollowed(string start, string stop) => VerifyCollected(start, stop);

    [Theory]
    [InlineData("_threads.Add(new Thread(NeedOther));", "foreach (Thread thread in _threads) {|LOCK4002:thread.Join()|};")]
    [InlineData("_threads.Add(new Thread(Need));", "while (_tasks == null) Monitor.Wait(_gate); foreach (Thread thread in _threads) {|LOCK4002:thread.Join()|};")]
    [InlineData("_threads.Add(new Thread(Need)); _queue.Enqueue(Task.Run(NeedOther));", "while (_queue.TryDequeue(out var task)) {|LOCK4002:task.Wait()|};")]
    [InlineData("_tasks = Enumerable.Range(0, 4).Select(_ => Task.Run(NeedOther)).ToArray();", "{|LOCK4002:Task.WaitAll(_tasks)|};")]
    [InlineData("_tasks = Enumerable.Range(0, 4).Select(_ => { Need(); return Task.CompletedTask; }).ToArray();", "{|LOCK4002:Task.WaitAll(_tasks)|};")]
    public void CollectedWorkThatCanEnd_IsNotThisRule(string start, string stop) => VerifyCollected(start, stop);

    private void VerifyCollected(string start, string stop) => VerifyIn(
        $$"""
        private List<Thread> _threads = new();
        private Task[] _tasks;
        private readonly Dictionary<string, Task> _byName = new();
        private readonly System.Collections.Concurrent.ConcurrentQueue<Task> _queue = new();
        public void Start(string name) { {{start}} }
        public void Stop(string name) { lock (_gate) { {{stop}} } }
        """);

    [Theory]
    [InlineData("var tasks = new List<Task>(); for (int i = 0; i < 3; i++) tasks.Add(Task.Run(Need)); [|Task.WaitAll(tasks.ToArray())|];")]
    [InlineData("var tasks = numbers.Select(n => Task.Run(() => Need())).ToArray(); [|Task.WaitAll(tasks)|];")]
    [InlineData("[|Task.WhenAll(numbers.Select(n => Task.Run(Need))).Wait()|];")]
    [InlineData("{|LOCK4002:Task.WhenAll(numbers.Select(n => Task.Run(NeedOther))).Wait()|};")]
    [InlineData("[|Task.Run(() => Task.Run(Need)).Wait()|];")]
    [InlineData("[|Task.Run(async () => await Task.Run(Need)).Wait()|];")]
    [InlineData("[|Task.Run(() => Task.Run(Need).Wait()).Wait()|];")]
    [InlineData("{|LOCK4002:Task.Run(() => { Task.Run(Need); }).Wait()|};")]
    public void CollectedTasks_StandForAllOfThem(string body) => VerifyIn($"public void M(int[] numbers) {{ lock (_gate) {{ {body} }} }}");

    [Theory]
    [InlineData("void Help() { Task.Run(() => { lock (_gate) { } }).Wait(); }", "[|Help()|];")]
    [InlineData("void Help() { var thread = new Thread(Need); thread.Start(); thread.Join(); }", "[|Help()|];")]
    [InlineData("void Help() => Again(); void Again() => Task.Run(Need).Wait();", "[|Help()|];")]
    [InlineData("static void Help(Worker of) => Task.Run(() => of.Need()).Wait();", "[|Help(this)|];")]
    [InlineData("static void Help(Action work) => Task.Run(work).Wait();", "[|Help(Need)|];")]
    [InlineData("async Task Help() { await Task.Run(Need); }", "[|Help().Wait()|];")]
    [InlineData("async Task Help() { await Task.Delay(1); var task = Task.Run(Need); await task; }", "[|Help().GetAwaiter().GetResult()|];")]
    [InlineData("Task Help() => Task.Run(Need);", "[|Help().Wait()|];")]
    [InlineData("Task Help() => Again(); Task Again() { var task = Task.Run(() => Need()); return task; }", "[|Help().Wait()|];")]
    [InlineData("Thread Help() { var thread = new Thread(Need); thread.Start(); return thread; }", "[|Help().Join()|];")]
    [InlineData("static Task Help(Worker of) => Task.Run(() => of.Need());", "[|Help(this).Wait()|];")]
    [InlineData("static Task Help(Action work) => Task.Run(work);", "[|Help(() => Need()).Wait()|];")]
    [InlineData("static Task Help(Action work) => Task.Run(work);", "{|LOCK4002:Help(() => NeedOther()).Wait()|};")]
    [InlineData("static Task Help(Worker of) => Task.Run(() => of.Need());", "{|LOCK4002:Help(new Worker()).Wait()|};")]
    [InlineData("Task Help() => Task.Run(Need);", "_ = Help();")]
    [InlineData("async Task Help() { await Task.Run(Need); }", "_ = Help();")]
    [InlineData("void Help() { Task.Run(Need); }", "Help();")]
    public void WorkOfACallee_IsWaitedForWhereTheCalleeOrItsResultIs(string helper, string body) => VerifyIn($"public void M() {{ lock (_gate) {{ {body} }} }} private {helper.Replace("; Task Again", "; private Task Again").Replace("; void Again", "; private void Again")}");

    [Theory]
    [InlineData("[|_helper.Run(this).Wait()|];")]
    [InlineData("[|_helper.RunAndWait(this)|];")]
    [InlineData("[|Helper.All(Need)|];")]
    [InlineData("[|Helper.Start(() => Need()).Wait()|];")]
    [InlineData("{|LOCK4002:Helper.Start(() => { }).Wait()|};")]
    [InlineData("{|LOCK4002:_helper.Run(_other).Wait()|};")]
    public void WorkOfAnotherType_IsFollowedInTheProgram(string body) => Verify(
        $$"""
        public class Store
        {
            private readonly object _gate = new();
            private readonly Helper _helper = new();
            private readonly Store _other = null;

            public void M() { lock (_gate) { {{body}} } }
            public void Need() { lock (_gate) { } }
        }

        public class Helper
        {
            public Task Run(Store store) => Task.Run(() => store.Need());
            public void RunAndWait(Store store) { Task.Run(() => store.Need()).Wait(); }
            public static void All(Action work) { Task.Run(work).Wait(); }
            public static Task Start(Action work) { return Task.Run(work); }
        }
        """);
}
