// LOCK7006: an object that is only locked could be a System.Threading.Lock.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class LockTypeForLocksTests() : RuleTests("LOCK7006")
{
    [Theory]
    [InlineData("private readonly object [|_gate|] = new(); public void M() { lock (_gate) { } }")]
    [InlineData("private static readonly object [|s_gate|] = new(); public static void M() { lock (s_gate) { } }")]
    [InlineData("private readonly object [|_gate|] = new(); public void M() { lock (this._gate) { } lock (_gate) { } }")]
    [InlineData("private readonly object [|_gate|] = new(); [GuardedBy(nameof(_gate))] private int _n; public void M() { lock (_gate) { _n++; } }")]
    public void OnlyLocked_IsReported(string members) => Verify($"public class Objects {{ {members} }}");

    [Theory]
    [InlineData("private readonly object _gate = new(); public void M() { Monitor.Enter(_gate); Monitor.Exit(_gate); }")]
    [InlineData("private readonly object _gate = new(); public void M() { lock (_gate) { Monitor.PulseAll(_gate); } }")]
    [InlineData("private readonly object _gate = new(); public void M() { lock (_gate) { } } public object N() => _gate;")]
    [InlineData("private readonly object _gate = new(); public bool M() => _gate.Equals(null);")]
    [InlineData("private readonly List<int> _items = new(); public void M() { lock (_items) { } }")]
    [InlineData("private readonly Lock _gate = new(); public void M() { lock (_gate) { } }")]
    [InlineData("internal readonly object Gate = new(); public void M() { lock (Gate) { } }")]
    public void OtherUsesAndTypes_AreSilent(string members) => Verify($"public class Objects {{ {members} }}");

    [Fact]
    public void Message_NamesTheField() => Verify(
        "public class Objects { private readonly object [|_gate|] = new(); public void M() { lock (_gate) { } } }",
        "'_gate' is used only as a lock: a System.Threading.Lock says so and is cheaper");
}
