// LOCK7003: a lock object is shared with those whom it locks out.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class SharedLockObjectTests() : RuleTests("LOCK7003")
{
    private void VerifyIn(string body, string? message = null) => Verify(
        $$"""
        public class Objects
        {
            private object? _kept;

            public void M(List<object> all)
            {
                {{body}}
            }

            private void Take(object o) => _kept = o;
            private static object Another => new();
            private static object Same { get; } = new();
            private static object Make() { return new object(); }
            public bool IsKept => _kept is not null;
        }
        """,
        message);

    [Theory]
    [InlineData("lock ([|new object()|]) { }")]
    [InlineData("object gate = new(); lock ([|gate|]) { }")]
    [InlineData("var gate = new List<int>(); lock ([|gate|]) { gate.Add(1); }")]
    [InlineData("object gate = new(); [|Monitor.Enter(gate)|]; Monitor.Exit(gate);")]
    [InlineData("lock ([|Another|]) { }")]
    [InlineData("lock ([|Make()|]) { }")]
    [InlineData("object gate = Make(); lock ([|gate|]) { }")]
    [InlineData("Lock gate = new(); lock ([|gate|]) { }")]
    [InlineData("var gate = new Lock(); using ([|gate.EnterScope()|]) { }")]
    [InlineData("var gate = new ReaderWriterLockSlim(); [|gate.EnterWriteLock()|]; gate.ExitWriteLock();")]
    public void ObjectOfThisCall_IsReported(string body) => VerifyIn(body);

    [Theory]
    [InlineData("object gate = new(); Task.Run(() => { lock (gate) { } }); lock (gate) { }")]
    [InlineData("object gate = new(); all.Add(gate); lock (gate) { }")]
    [InlineData("object gate = new(); Take(gate); lock (gate) { }")]
    [InlineData("object gate = all.Count > 0 ? all[0] : new(); lock (gate) { }")]
    [InlineData("object gate = new(); lock (gate) { Take(gate); }")]
    [InlineData("lock (all) { }")]
    [InlineData("object gate = Make(); Take(gate); lock (gate) { }")]
    [InlineData("lock (Same) { }")]
    [InlineData("Lock gate = new(); Parallel.For(0, 3, i => { lock (gate) { } });")]
    [InlineData("object gate = new(); Task.WhenAll(all.Select(async o => { lock (gate) { } await Task.Yield(); }));")]
    [InlineData("var gate = new ReaderWriterLockSlim(); Take(gate); gate.EnterWriteLock(); gate.ExitWriteLock();")]
    [InlineData("var gate = new Mutex(false, \"of all processes\"); gate.WaitOne(); gate.ReleaseMutex();")]
    [InlineData("var gate = new SemaphoreSlim(1, 1); gate.Wait(); gate.Release();")]
    public void ObjectThatOthersGet_IsSilent(string body) => VerifyIn(body);

    /// <summary>Asynchronous functions that run beside one another have each their own.</summary>
    [Theory]
    [InlineData("Task.WhenAll(all.Select(async o => { object gate = new(); lock ([|gate|]) { } await Task.Yield(); }));")]
    [InlineData("object gate = new(); all.ForEach(o => { lock ([|gate|]) { } });")]
    public void ObjectOfOneFunction_IsReported(string body) => VerifyIn(body);

    [Fact]
    public void Message_SaysWhy() => VerifyIn(
        "lock ([|new object()|]) { }", "The object that is locked here was made in this call, and nobody else gets it: the lock locks nobody out");

    [Theory]
    [InlineData("[ThreadStatic] private static object? t_gate; public void M() { lock ([|t_gate|]!) { } } public void Open() => t_gate = new();")]
    [InlineData("private readonly ThreadLocal<object> _gate = new(() => new object()); public void M() { lock ([|_gate.Value|]!) { } }")]
    [InlineData("private readonly ThreadLocal<object> _gate = new(() => new object()); public void M() { object gate = _gate.Value!; lock ([|gate|]) { } }")]
    [InlineData("private readonly ThreadLocal<object> _gate = new(() => new object()); public void M() { object gate = _gate.Value!; [|Monitor.Enter(gate)|]; Monitor.Exit(gate); }")]
    public void ObjectOfThisThread_IsReported(string members) =>
        Verify($"public class Objects {{ {members} }}", "The object that is locked here is this thread's own, and nobody else gets it: the lock locks nobody out");

    /// <summary>A queue of one thread may be registered for others to take from; what flows with control gets to several threads.</summary>
    [Theory]
    [InlineData("[ThreadStatic] private static List<int>? t_queue; public void M() { lock (t_queue!) { } }")]
    [InlineData("private readonly ThreadLocal<List<int>> _queue = new(() => new()); public void M() { lock (_queue.Value!) { } }")]
    [InlineData("private readonly AsyncLocal<object> _gate = new(); public void M() { lock (_gate.Value!) { } }")]
    public void ObjectThatOthersMayFind_IsSilent(string members) => Verify($"public class Objects {{ {members} }}");
}
