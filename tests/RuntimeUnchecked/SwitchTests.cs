// Validation is off: nothing is recorded, nothing is reported, and it cannot be switched on any more.
using System;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Unchecked;

public sealed class SwitchTests : ValidatedTest
{
    private readonly MutexLock _mutex = new();

    [Fact]
    public void Locks_HaveNoMap()
    {
        Assert.False(Lockdep.IsEnabled);
        Assert.False(Lockdep.IsActive);
        Assert.Null(_mutex.Map);
        using (_mutex.Enter())
        {
        }

        Assert.Empty(LockOrderGraph.Observed().Classes);
    }

    [Fact]
    public void Enable_ComesTooLate()
    {
        using (_mutex.Enter())
        {
        }

        Assert.Throws<InvalidOperationException>(Lockdep.Enable);
        Assert.Throws<InvalidOperationException>(Lockdep.EnableStatistics);
    }

    [Fact]
    public void Mistakes_AreSilent_WhereOnlyTheValidatorWouldSee()
    {
        var other = new MutexLock();
        using (_mutex.Enter())
        using (other.Enter())
        {
        }

        using (other.Enter())
        using (_mutex.Enter())
        {
            Lockdep.AssertNoneHeld();
            Lockdep.MightBlock("anything");
            Lockdep.MayFault();
            Lockdep.MightAllocate();
        }

        Assert.Empty(Reports);
    }

    [Fact]
    public void Contexts_DoNothing()
    {
        var map = new LockMap(this, LockClass.Named("unchecked"));
        using (Lockdep.EnterCallback(CallbackContexts.NonBlockable))
        using (Lockdep.Restrict(WaitType.Free))
        using (Lockdep.ForbidReclaim())
        using (Lockdep.BeginFlow())
        {
            Lockdep.Acquire(map, LockMode.Exclusive);
            Lockdep.Release(map);
            Lockdep.Release(map);
            Assert.True(Lockdep.IsHeld(map));
        }
    }
}
