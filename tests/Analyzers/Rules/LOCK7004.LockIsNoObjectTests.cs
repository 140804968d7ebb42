// LOCK7004: a System.Threading.Lock is locked, not used as an object.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class LockIsNoObjectTests() : RuleTests("LOCK7004")
{
    private void VerifyIn(string members, string? message = null) => Verify($"public class Objects {{ private readonly Lock _lock = new(); {members} private static void Use(object o) {{ }} }}", message);

    [Theory]
    [InlineData("public object M() => [|_lock|];")]
    [InlineData("public void M() { object o = [|_lock|]; Use(o); }")]
    [InlineData("public void M() => Use([|_lock|]);")]
    [InlineData("public void M() => Use([|(object)_lock|]);")]
    [InlineData("public bool M(IEqualityComparer<object> comparer, object other) => comparer.Equals(other, [|_lock|]);")]
    public void AsAnObject_IsReported(string members) => VerifyIn(members);

    [Theory]
    [InlineData("public void M() { lock (_lock) { } }")]
    [InlineData("public void M() { using (_lock.EnterScope()) { } }")]
    [InlineData("public Lock M() => _lock;")]
    [InlineData("public bool M() => _lock.IsHeldByCurrentThread;")]
    [InlineData("public bool M() => _lock == null;")]
    [InlineData("public bool M(object other) => other != _lock;")]
    [InlineData("public bool M(object other) => ReferenceEquals(other, _lock);")]
    [InlineData("public void M(Lock given) => ArgumentNullException.ThrowIfNull(given);")]
    public void AsALock_IsSilent(string members) => VerifyIn(members);

    [Fact]
    public void Message_NamesTheType() => VerifyIn(
        "public object M() => [|_lock|];", "A 'Lock' becomes a plain object here: whoever locks that locks its monitor, which is another lock");
}
