// LOCK7002: a lock object stays the same for as long as it is locked.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class LockObjectStaysTests() : RuleTests("LOCK7002")
{
    [Theory]
    [InlineData("private object _gate = new(); public void M() { lock ([|_gate|]) { } } public void N() => _gate = new();")]
    [InlineData("private object _gate = new(); public void M() { lock ([|_gate|]) { _gate = new(); } }")]
    [InlineData("private object _gate = new(); public void M() { [|Monitor.Enter(_gate)|]; Monitor.Exit(_gate); } public void N() => _gate = new();")]
    [InlineData("private static object s_gate = new(); public void M() { lock ([|s_gate|]) { } } public static void N() => s_gate = new();")]
    [InlineData("private object? _gate; public void M() { lock ([|_gate|]!) { } } public void Open() => _gate = new();")]
    [InlineData("private object _gate = new(); public void M() { lock ([|_gate|]) { } } public void Subscribe(object gate) => _gate = gate;")]
    [InlineData("private List<int> _items = new(); public void M() { lock ([|_items|]) { } } public void N() => _items = new();")]
    [InlineData("private object _gate = new(); public void M() { lock ([|_gate|]) { } } public void N() => Swap(ref _gate); private static void Swap(ref object o) => o = new();")]
    [InlineData("private object? _gate; public void M() { lock ([|_gate|]!) { } } public void Open(object gate) => _gate = gate; public void Reopen(object gate) => _gate = gate;")]
    [InlineData("private object? _gate = new(); public void M() { lock ([|_gate|]!) { } } public object? N() => Interlocked.Exchange(ref _gate, new object());")]
    [InlineData("private object _gate = new(); public Objects(Action<Action> later) => later(() => _gate = new()); public void M() { lock ([|_gate|]) { } }")]
    [InlineData("private object _gate; public Objects() => Make(); public void M() { lock ([|_gate|]) { } } private void Make() => _gate = new(); public void N() => Make();")]
    [InlineData("private object _gate; public Objects() => Make(); public void M() { lock ([|_gate|]) { } } internal void Make() => _gate = new();")]
    [InlineData("private object _gate; public Objects(Action<Action> later) => later(Make); public void M() { lock ([|_gate|]) { } } private void Make() => _gate = new();")]
    [InlineData("private object _gate; public Objects() => Make(); public void M() { lock ([|_gate|]) { } } private void Make() => Task.Run(() => _gate = new());")]
    [InlineData("private object _gate = new(); public void M() { lock ([|_gate|]) { } }\n public void N() { lock ([|_gate|]) { _gate = new(); } }")]
    [InlineData("private object? _gate; public void M(object old) { Interlocked.CompareExchange(ref _gate, new object(), old); lock ([|_gate|]!) { } }")]
    [InlineData("private object Gate { get; set; } = new(); public void M() { lock ([|Gate|]) { } } public void N() => Gate = new();")]
    public void ReassignedField_IsReported(string members) => Verify($"public class Objects {{ {members} }}");

    [Theory]
    [InlineData("private readonly object _gate = new(); public void M() { lock (_gate) { } }")]
    [InlineData("private object _gate = new(); public void M() { lock (_gate) { } }")]
    [InlineData("private object Gate { get; } = new(); public void M() { lock (Gate) { } }")]
    [InlineData("private object Gate { get; set; } = new(); public void M() { lock (Gate) { } }")]
    [InlineData("private object Gate { get; set; } public Objects(object gate) => Gate = gate; public void M() { lock (Gate) { } }")]
    [InlineData("private object _gate; public Objects() => _gate = new(); public void M() { lock (_gate) { } }")]
    [InlineData("private object _gate; public Objects() => Make(); public Objects(int n) => Prepare(n); public void M() { lock (_gate) { } } private void Make() => _gate = new(); private void Prepare(int n) => Make();")]
    [InlineData("private object? _gate = new(); public void M() { lock (_gate!) { } } public void N() => _gate = null;")]
    [InlineData("private object? _gate; public void M() { lock (_gate!) { } } public void Subscribe(object gate) => _gate = gate;")]
    [InlineData("private object? _gate; public void M() { lock (_gate!) { } } public void Set(object gate) => _gate = gate; public void Set(object gate, int n) => _gate = gate;")]
    [InlineData("private object? _gate = new(); public void M() { lock (_gate!) { } } public object? N() => Interlocked.Exchange(ref _gate, null);")]
    [InlineData("private object? _gate = new(); public void M() { lock (_gate!) { } } public object? N() => Volatile.Read(ref _gate);")]
    [InlineData("private object? _gate; public void M() { Interlocked.CompareExchange(ref _gate, new object(), null); lock (_gate!) { } }")]
    [InlineData("private object? _gate = new(); private string? _name; private bool _isThere; public void M() { lock (_gate!) { } } public string? N() => LazyInitializer.EnsureInitialized(ref _name, ref _isThere, ref _gate, () => \"\");")]
    [InlineData("private Node _current = new(); public void M() { lock (_current.Gate) { } } public void N() => _current = new(); private sealed class Node { public readonly object Gate = new(); }")]
    [InlineData("public void M(object gate) { lock (gate) { gate = new(); } }")]
    public void FieldThatStays_IsSilent(string members) => Verify($"public class Objects {{ {members} }}");

    [Theory]
    [InlineData("_gate", "public Heir() => Make();")]
    [InlineData("[|_gate|]", "public Heir() => Make(); public void Open() => Make();")]
    [InlineData("[|_gate|]", "public void Open() => Make();")]
    [InlineData("[|_gate|]", "")]
    public void FieldThatConstructorsOfHeirsFill_IsSilent(string gate, string heir) => Verify(
        $$"""
        public abstract class Objects
        {
            private object _gate = new();

            public void M() { lock ({{gate}}) { } }
            protected void Make() => _gate = new();
        }

        public class Heir : Objects { {{heir}} }
        """);

    [Fact]
    public void Message_AndPlaceOfTheAssignment() => Verify(
        """
        public class Objects
        {
            private object _gate = new();

            public void M() { lock ([|_gate|]) { } }
            public void N() => {|#0:_gate|} = new();
        }
        """,
        "'_gate' is locked here and given another object elsewhere: two threads can hold two different locks");

    [Fact]
    public void Option_MindsWhateverIsNotReadonly() => Verify(
        "public class Objects { private object _gate = new(); public void M() { lock ([|_gate|]) { } } }",
        "'_gate' is locked here and can be given another object: make it readonly",
        editorConfig: "lock7002.fields = mutable");
}
