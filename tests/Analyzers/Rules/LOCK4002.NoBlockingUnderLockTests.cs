// LOCK4002: nothing blocks while a lock is held.
using System;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class NoBlockingUnderLockTests() : RuleTests("LOCK4002")
{
    private const string Parameters =
        "Task task, Task<int> number, ValueTask<int> value, Task[] tasks, Task<int>[] numbers, WaitHandle handle, WaitHandle[] handles, Thread thread, CancellationToken token, int ms";

    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        using System.Collections.Concurrent;

        public class Service
        {
            private readonly object _gate = new();
            private readonly object _other = new();
            private readonly BlockingCollection<int> _queue = new();
            private readonly ManualResetEventSlim _ready = new();
            private readonly CountdownEvent _countdown = new(1);
            private readonly Barrier _barrier = new(2);
            private readonly SemaphoreSlim _semaphore = new(1, 1);

            {{member}}
            private void Slow() => Thread.Sleep(1);
            private void Slower() => Slow();
            private void Quick() { }
            private async Task Later() => await Task.Delay(1);
            private int Number { get { Slow(); return 1; } }
        }
        """,
        message);

    /// <summary>Nothing of an iterator runs where it is called.</summary>
    [Theory]
    [InlineData("IEnumerable<int>")]
    [InlineData("IEnumerator<int>")]
    [InlineData("async IAsyncEnumerable<int>")]
    [InlineData("async IAsyncEnumerator<int>")]
    public void CallOfAnIterator_IsSilent(string type) => VerifyIn(
        $$"""
        private {{type}} Numbers() { Thread.Sleep(1); {{(type.StartsWith("async", StringComparison.Ordinal) ? "await Task.Yield();" : "")}} yield return 1; }
        public object Ask() { lock (_gate) { return Numbers(); } }
        """);

    [Theory]
    [InlineData("[|task.Wait()|]")]
    [InlineData("[|task.Wait(100)|]")]
    [InlineData("[|task.Wait(ms)|]")]
    [InlineData("[|task.Wait(Timeout.Infinite)|]")]
    [InlineData("[|task.Wait(TimeSpan.FromSeconds(1))|]")]
    [InlineData("[|task.Wait(token)|]")]
    [InlineData("[|task.Wait(100, token)|]")]
    [InlineData("[|task.Wait(TimeSpan.FromSeconds(1), token)|]")]
    [InlineData("_ = [|number.Result|]")]
    [InlineData("_ = [|value.Result|]")]
    [InlineData("[|task.GetAwaiter().GetResult()|]")]
    [InlineData("[|number.ConfigureAwait(false).GetAwaiter().GetResult()|]")]
    [InlineData("[|value.GetAwaiter().GetResult()|]")]
    [InlineData("[|value.AsTask().Wait()|]")]
    [InlineData("[|Task.WaitAll(tasks)|]")]
    [InlineData("[|Task.WaitAny(tasks)|]")]
    [InlineData("[|Task.WhenAll(tasks).Wait()|]")]
    [InlineData("[|Task.Delay(1).Wait()|]")]
    [InlineData("[|Later().Wait()|]")]
    [InlineData("[|Thread.Sleep(1)|]")]
    [InlineData("[|Thread.Sleep(TimeSpan.FromSeconds(1))|]")]
    [InlineData("[|thread.Join()|]")]
    [InlineData("[|thread.Join(100)|]")]
    [InlineData("[|handle.WaitOne()|]")]
    [InlineData("[|handle.WaitOne(100, false)|]")]
    [InlineData("[|WaitHandle.WaitAll(handles)|]")]
    [InlineData("[|WaitHandle.WaitAny(handles, 100, false)|]")]
    [InlineData("[|WaitHandle.SignalAndWait(handle, handle)|]")]
    [InlineData("[|_ready.Wait()|]")]
    [InlineData("[|_countdown.Wait(token)|]")]
    [InlineData("[|_barrier.SignalAndWait()|]")]
    [InlineData("[|_queue.Take()|]")]
    [InlineData("[|_queue.TryTake(out int taken, 100)|]")]
    [InlineData("[|BlockingCollection<int>.TakeFromAny([_queue], out int taken)|]")]
    [InlineData("foreach (int n in [|_queue.GetConsumingEnumerable()|]) { }")]
    [InlineData("[|SpinWait.SpinUntil(() => ms > 0)|]")]
    [InlineData("[|SynchronizationContext.Current!.Send(_ => { }, null)|]")]
    [InlineData("[|Console.ReadLine()|]")]
    [InlineData("[|System.Diagnostics.Process.GetCurrentProcess().WaitForExit()|]")]
    [InlineData("[|Slow()|]")]
    [InlineData("[|Slower()|]")]
    [InlineData("_ = [|Number|]")]
    [InlineData("Local(); void Local() => [|task.Wait()|]")]
    [InlineData("tasks.ToList().ForEach(t => [|t.Wait()|])")]
    public void WhatBlocks_IsReported(string body) => VerifyIn($"public void M({Parameters}) {{ lock (_gate) {{ {body}; }} }}");

    [Theory]
    [InlineData("task.Wait(0)")]
    [InlineData("task.Wait(TimeSpan.Zero)")]
    [InlineData("thread.Join(0)")]
    [InlineData("handle.WaitOne(0)")]
    [InlineData("WaitHandle.WaitAny(handles, 0)")]
    [InlineData("_ready.Wait(0)")]
    [InlineData("_barrier.SignalAndWait(0)")]
    [InlineData("_queue.TryTake(out int taken)")]
    [InlineData("_queue.TryTake(out int taken, 0)")]
    [InlineData("Thread.Sleep(0)")]
    [InlineData("Thread.Yield()")]
    [InlineData("Quick()")]
    [InlineData("_ = Later()")]
    [InlineData("Task.Run(Slow)")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => task.Wait())")]
    [InlineData("Action later = () => task.Wait()")]
    [InlineData("_semaphore.Wait(); _semaphore.Release()")]
    [InlineData("lock (_other) { }")]
    [InlineData("if (task.IsCompleted) task.Wait()")]
    [InlineData("_ = number.IsCompletedSuccessfully ? number.Result : 0")]
    [InlineData("if (!number.IsCompletedSuccessfully) return; _ = number.Result")]
    [InlineData("if (number.Status == TaskStatus.RanToCompletion) { _ = number.Result; }")]
    [InlineData("_ = value.IsCompleted ? value.Result : 0")]
    [InlineData("if (task.IsCompleted) task.GetAwaiter().GetResult()")]
    [InlineData("if (number is { IsCompleted: true }) _ = number.Result")]
    [InlineData("if (number is { Status: TaskStatus.RanToCompletion } done) _ = done.Result")]
    [InlineData("Task.CompletedTask.Wait()")]
    [InlineData("Task<int> done = Task.FromResult(1); _ = done.Result")]
    [InlineData("ValueTask<int> done = new(1); _ = done.Result")]
    [InlineData("ValueTask<int> done = ValueTask.FromResult(1); _ = done.Result")]
    [InlineData("number.ContinueWith(t => { lock (_gate) { _ = t.Result; } })")]
    public void WhatDoesNot_IsSilent(string body) => VerifyIn($"public void M({Parameters}) {{ lock (_gate) {{ {body}; }} }}");

    [Theory]
    [InlineData("await number; lock (_gate) { _ = number.Result; }")]
    [InlineData("number.Wait(); lock (_gate) { _ = number.Result; }")]
    [InlineData("bool done = task.Wait(100); lock (_gate) { if (done) task.Wait(); }")]
    [InlineData("await Task.WhenAll(numbers); lock (_gate) { foreach (Task<int> one in numbers) { _ = one.Result; } }")]
    [InlineData("Task.WaitAll(numbers); lock (_gate) { _ = numbers[0].Result; }")]
    [InlineData("task.Wait(); lock (_gate) { } task.Wait();")]
    [InlineData("if (Monitor.TryEnter(_gate)) { Monitor.Exit(_gate); } else { task.Wait(); }")]
    public void WaitedForOutside_IsSilent(string body) => VerifyIn($"public async Task M({Parameters}) {{ await Task.Yield(); {body} }}");

    [Theory]
    [InlineData("[|Slower()|]", "'Thread.Sleep' blocks in 'Slower' while '_gate' is held")]
    [InlineData("[|task.Wait()|]", "'Task.Wait' blocks while '_gate' is held")]
    [InlineData("_ = [|number.Result|]", "'Task.Result' blocks while '_gate' is held")]
    public void Message_SaysWhatBlocksAndWhere(string body, string message) => VerifyIn($"public void M({Parameters}) {{ lock (_gate) {{ {body}; }} }}", message);

    [Fact]
    public void AdditionalLocations_AreTheAcquireAndTheCalls() => Verify(
        """
        public class Service
        {
            private readonly object _gate = new();

            public void M() { lock ({|#0:_gate|}) { [|One()|]; } }
            private void One() => {|#1:Two()|};
            private void Two() => {|#2:Thread.Sleep(1)|};
        }
        """);

    [Theory]
    [InlineData("Monitor.Enter(_gate); [|task.Wait()|]; Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.TryEnter(_gate)) { [|task.Wait()|]; Monitor.Exit(_gate); }")]
    [InlineData("_semaphore.Wait(); try { [|task.Wait()|]; } finally { _semaphore.Release(); }")]
    [InlineData("lock (_gate) { lock (_other) { while (ms > 0) [|Monitor.Wait(_other)|]; } }")]
    public void AnyLock_Counts(string body) => VerifyIn($"public void M({Parameters}) {{ {body} }}");

    [Fact]
    public void WaitThatGivesUpTheOnlyLock_IsSilent() => VerifyIn($"public void M({Parameters}) {{ lock (_gate) {{ while (ms > 0) Monitor.Wait(_gate); }} }}");

    [Fact]
    public void WithLockHelper_RunsItsDelegateUnderTheLock() => VerifyIn(
        $$"""
        public int M({{Parameters}}) => WithLock(() => [|number.Result|]);
        private T WithLock<T>(Func<T> read) { lock (_gate) { return read(); } }
        """);

    [Fact]
    public void Contract_SaysThatItMayBlock() => Verify(
        """
        public interface IStore
        {
            [MayBlock]
            void Save();
        }

        public class Service(IStore store)
        {
            private readonly object _gate = new();

            public void M() { lock (_gate) { [|store.Save()|]; } }

            [Requires(nameof(_gate))]
            public void Required() => [|store.Save()|];
        }
        """);

    [Fact]
    public void BlockingUnderALockThatTheContractAsksFor_IsSilent() => Verify(
        """
        public interface IStore
        {
            [MayBlock]
            void Save();
        }

        public class Service(IStore store)
        {
            private readonly object _gate = new();
            private readonly object _other = new();

            public void M() { lock (_gate) { SaveLocked(); } }
            public void Both() { lock (_gate) { lock (_other) { [|SaveLocked()|]; } } }

            [Requires(nameof(_gate))]
            [MayBlock]
            private void SaveLocked() => store.Save();

            [Requires(nameof(_gate))]
            [MayBlock]
            private void SaveUnderAnother() { lock (_other) { [|store.Save()|]; } }
        }
        """);

    [Fact]
    public void ContractFile_SaysThatItMayBlock() => Verify(
        """
        public class Service
        {
            private readonly object _gate = new();

            public void M() { lock (_gate) { [|Console.Beep()|]; } }
        }
        """,
        contracts: "M:System.Console.Beep : MayBlock");

    [Fact]
    public void GenericStaticStructAndIterator_AreReported() => Verify(
        """
        public static class Cache<T>
        {
            private static readonly object s_gate = new();

            public static T Get(Task<T> task) { lock (s_gate) { return [|task.Result|]; } }

            public static IEnumerable<T> All(Task<T> task)
            {
                T value;
                lock (s_gate)
                {
                    value = [|task.Result|];
                }

                yield return value;
            }
        }

        public readonly struct Handle(object gate)
        {
            private readonly object _gate = gate;

            public void M(Task task) { lock (_gate) { [|task.Wait()|]; } }
        }
        """);

    [Fact]
    public void Miss_BoundedCollectionAndCountingSemaphore_AreSilent() => Verify(
        """
        public class Service
        {
            private readonly object _gate = new();
            private readonly System.Collections.Concurrent.BlockingCollection<int> _queue = new(1);
            private readonly SemaphoreSlim _places = new(4);

            public void M()
            {
                lock (_gate)
                {
                    _queue.Add(1);
                    _places.Wait();
                    _places.Release();
                }
            }
        }
        """);

    [Theory]
    [InlineData("[|_items.Wait()|];")]
    [InlineData("[|_items.Wait(100)|];")]
    [InlineData("_items.Wait(0);")]
    public void SemaphoreThatStartsEmpty_IsASignal(string body) => Verify(
        $$"""
        public class Service
        {
            private readonly object _gate = new();
            private readonly SemaphoreSlim _items = new(0);
            public void M() { lock (_gate) { {{body}} } }
            public void Put() => _items.Release();
        }
        """);

    [Fact]
    public void SameBlockingInOneSection_IsToldOnce() => Verify(
        """
        public class Session
        {
            private readonly object _gate = new();

            public void Open()
            {
                lock (_gate)
                {
                    [|Greet()|];
                    Greet();
                    [|Thread.Sleep(9)|];
                }

                lock (_gate)
                {
                    [|Greet()|];
                }
            }

            private static void Greet() => Thread.Sleep(1000);
        }
        """);

    [Theory]
    [InlineData("if (task.IsCompleted) { Finish(task); }")]
    [InlineData("[|Finish(task)|];")]
    [InlineData("if (task.IsCompleted) { [|FinishBoth(task, other)|]; }")]
    [InlineData("if (task.IsCompleted) { [|FinishLate(task)|]; }")]
    public void CalleeThatWaitsForACompletedTask_DoesNotBlock(string body) => Verify(
        $$"""
        public class Queue
        {
            private readonly object _gate = new();

            public void Take(Task<int> task, Task<int> other) { lock (_gate) { {{body}} } }

            private static int Finish(Task<int> task) => task.Result;

            private static int FinishBoth(Task<int> task, Task<int> other) => Finish(task) + Finish(other);

            private static void FinishLate(Task<int> task) { task.Wait(); Thread.Sleep(100); }
        }
        """);

    [Theory]
    [InlineData("Task<int> first = await Task.WhenAny(one, other); lock (_gate) { _sum += first.Result; }")]
    [InlineData("if (await Task.WhenAny(one, Task.Delay(10)) == one) { lock (_gate) { _sum += one.Result; } }")]
    [InlineData("var first = await Task.WhenAny(one, Task.Delay(10)).ConfigureAwait(false); if (first != one) return; lock (_gate) { _sum += one.Result; }")]
    [InlineData("await Task.WhenAny(one, other); lock (_gate) { _sum += [|one.Result|]; }")]
    [InlineData("Task<int> first = await Task.WhenAny(one, other); lock (_gate) { _sum += [|one.Result|]; }")]
    [InlineData("if (await Task.WhenAny(one, Task.Delay(10)) == other) { lock (_gate) { _sum += [|one.Result|]; } }")]
    [InlineData("await Task.Yield(); lock (_gate) { if (one.Status is TaskStatus.RanToCompletion or TaskStatus.Faulted) _sum += one.Result; }")]
    [InlineData("await Task.Yield(); lock (_gate) { if (one.Status >= TaskStatus.RanToCompletion) _sum += one.Result; }")]
    [InlineData("await Task.Yield(); lock (_gate) { switch (one.Status) { case TaskStatus.Canceled: return; case TaskStatus.Faulted: case TaskStatus.RanToCompletion: _sum += one.Result; break; } }")]
    [InlineData("await Task.Yield(); lock (_gate) { if (one.Status is TaskStatus.Running or TaskStatus.RanToCompletion) _sum += [|one.Result|]; }")]
    [InlineData("await Task.Yield(); lock (_gate) { if (one.Status != TaskStatus.Faulted) _sum += [|one.Result|]; }")]
    public void TaskThatHasCompleted_IsNotWaitedFor(string body) => Verify(
        $$"""
        public class Adder
        {
            private readonly object _gate = new();
            private int _sum;

            public async Task Add(Task<int> one, Task<int> other) { {{body}} }
        }
        """);

    /// <summary>Of the tasks that are waited for together each has completed, and no other.</summary>
    [Theory]
    [InlineData("public async Task M(Task<int> a, Task<int> b, Task<int> c) { await Task.WhenAll(a, b); lock (_gate) { _ = a.Result + b.Result; } }")]
    [InlineData("public async Task M(Task<int> a, Task<int> b, Task<int> c) { await Task.WhenAll(a, b); lock (_gate) { _ = [|c.Result|]; } }")]
    [InlineData("public async Task M(Task<int> a, Task<int> b) { await Task.WhenAll(a, b).ConfigureAwait(false); lock (_gate) { a.Wait(); _ = b.Result; } }")]
    [InlineData("public void M(Task<int> a, Task<int> b, Task<int> c) { Task.WaitAll(a, b); lock (_gate) { _ = a.Result; _ = [|c.Result|]; } }")]
    [InlineData("public async Task M(Task<int> a, Task<int> b) { await Task.WhenAll(a, b); a = Task.Run(() => 1); lock (_gate) { _ = [|a.Result|]; } }")]
    [InlineData("public async Task M(Task<int> a, Task<int> b) { await Task.WhenAll(a, b); Change(ref a); lock (_gate) { _ = [|a.Result|]; } } private static void Change(ref Task<int> t) => t = Task.Run(() => 1);")]
    [InlineData("public async Task M(Task<int> a, Task<int> b) { await Task.WhenAll(a, b); a = Task.Run(() => 1); await Task.WhenAll(a, b); lock (_gate) { _ = a.Result; } }")]
    public void TasksThatAreWaitedForTogether_HaveCompleted(string member) => VerifyIn(member);

    /// <summary>A wait on a condition gives its own lock up, and no other one of whoever called.</summary>
    [Fact]
    public void WaitOnAConditionInACallee_BlocksUnderOtherLocks() => Verify(
        """
        public sealed class Mailbox
        {
            private readonly object _gate = new();
            private readonly object _other = new();
            private bool _any;

            public void Await()
            {
                lock (_gate)
                {
                    while (!_any)
                    {
                        Monitor.Wait(_gate);
                    }
                }
            }

            public void Put()
            {
                lock (_gate)
                {
                    _any = true;
                    Monitor.PulseAll(_gate);
                }
            }

            public void AwaitUnderTheLock()
            {
                lock (_gate)
                {
                    Await();
                }
            }

            public void AwaitUnderAnother()
            {
                lock (_other)
                {
                    [|Await()|];
                }
            }

            public void AwaitUnderBoth()
            {
                lock (_other)
                {
                    lock (_gate)
                    {
                        while (!_any)
                        {
                            [|WaitOnce()|];
                        }
                    }
                }
            }

            public void AwaitTwoDeep()
            {
                lock (_other)
                {
                    [|AwaitUnderTheLock()|];
                }
            }

            [MustNotBlock]
            public void AwaitWhereNothingMayBlock() => {|LOCK4004:Await()|};

            private void WaitOnce() => Monitor.Wait(_gate);
        }
        """, "'Monitor.Wait' blocks in 'Await' while '_other' is held");

    [Theory]
    [InlineData("source.SetResult(1); return source.Task.Result;")]
    [InlineData("if (!source.TrySetResult(1)) throw new Exception(); return source.Task.Result;")]
    [InlineData("other.TrySetResult(1); return [|source.Task.Result|];")]
    public void SourceThatWasCompleted_DoesNotBlock(string statements) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            public int Use(TaskCompletionSource<int> source, TaskCompletionSource<int> other) { lock (_gate) { {{statements}} } }
        }
        """);
}
