// LOCK7005: a lock that is a value stays in one place, where it can be changed.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class LockIsNotCopiedTests() : RuleTests("LOCK7005")
{
    private void VerifyIn(string members, string? message = null) => Verify(
        $"public class Objects {{ private SpinLock _spin = new(false); private readonly SpinLock[] _all = new SpinLock[2]; {members} private static void Use(SpinLock s) {{ }} private static void Ref(ref SpinLock s) {{ }} }}",
        message);

    [Theory]
    [InlineData("public bool M() { SpinLock copy = [|_spin|]; return copy.IsHeld; }")]
    [InlineData("public void M() => Use([|_spin|]);")]
    [InlineData("public SpinLock M() => [|_spin|];")]
    [InlineData("public object M() => [|_spin|];")]
    [InlineData("public bool M() { SpinLock copy = [|_all[0]|]; return copy.IsHeld; }")]
    [InlineData("private readonly SpinLock [|_fixed|] = new(false); public bool M() => _fixed.IsHeld;")]
    [InlineData("private static readonly SpinLock [|s_fixed|] = new(false);")]
    [InlineData("public SpinLock [|Own|] { get; } = new(false);")]
    [InlineData("private SpinLock [|Own|] { get; set; }")]
    [InlineData("public (SpinLock, int) M() => ([|_spin|], 1);")]
    [InlineData("public bool M() { var (copy, n) = ([|_spin|], 1); return copy.IsHeld && n > 0; }")]
    public void CopiedOrReadonly_IsReported(string members) => VerifyIn(members);

    [Theory]
    [InlineData("public void M() => Ref(ref _spin);")]
    [InlineData("public bool M() { ref SpinLock same = ref _spin; return same.IsHeld; }")]
    [InlineData("public bool M() => _spin.IsHeld;")]
    [InlineData("public void M() => _spin = new SpinLock(false);")]
    [InlineData("public void M() => Ref(ref _all[0]);")]
    [InlineData("public ref SpinLock Own => ref _spin;")]
    public void InPlace_IsSilent(string members) => VerifyIn(members);

    [Theory]
    [InlineData("public void M() => Use([|_spin|]);", "The 'SpinLock' is copied here, and the copy is another lock")]
    [InlineData("private readonly SpinLock [|_fixed|] = new(false);", "'_fixed' is readonly: each use of it locks a copy")]
    [InlineData("public SpinLock [|Own|] { get; set; }", "'Own' is a property: each use of it locks a copy")]
    public void Message_SaysWhich(string members, string message) => VerifyIn(members, message);
}
