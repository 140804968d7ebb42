// The two counts of an address space.
using System;
using System.Collections.Generic;
using System.Reflection;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.References;

public sealed class MmReferencesTests : ValidatedTest
{
    private readonly List<string> _log = [];
    private readonly MmReferences _mm;

    public MmReferencesTests() => _mm = new MmReferences(() => _log.Add("exit"), () => _log.Add("free"));

    [Fact]
    public void LastUser_ExitsInItsThread_AndDropsTheUsersGrab()
    {
        Assert.Equal((1, 1), (_mm.Users.Count, _mm.Grabs.Count));
        _mm.Users.Get();
        Assert.False(_mm.Users.Put());
        Assert.Empty(_log);
        Assert.True(_mm.Users.Put());
        Assert.Equal(["exit", "free"], _log);
        Assert.False(_mm.Users.TryGet());
    }

    [Fact]
    public void Grab_KeepsTheStructure_NotTheContents()
    {
        _mm.Grabs.Grab();
        _mm.Users.Put();
        Assert.Equal(["exit"], _log);
        Assert.False(_mm.Users.TryGet());
        Assert.Throws<InvalidOperationException>(_mm.Users.Get);
        Assert.True(_mm.Grabs.Drop());
        Assert.Equal(["exit", "free"], _log);
        Assert.Throws<InvalidOperationException>(_mm.Grabs.Grab);
    }

    [Fact]
    public void PutAsync_ExitsOnAnotherThread()
    {
        using var freed = new ManualResetEventSlim();
        int exited = 0;
        var mm = new MmReferences(() => exited = Environment.CurrentManagedThreadId, freed.Set);
        Assert.True(mm.Users.PutAsync());
        Assert.True(freed.Wait(Threads.Bound));
        Assert.NotEqual(Environment.CurrentManagedThreadId, exited);
    }

    [Fact]
    public void ExitThatThrows_StillDropsTheGrab()
    {
        bool freed = false;
        var mm = new MmReferences(static () => throw new FormatException(), () => freed = true);
        Assert.Throws<FormatException>(() => mm.Users.Put());
        Assert.True(freed);
    }

    [Fact]
    public void GrabIsNotAGet_ForTheOwnershipRecord()
    {
        _mm.Users.AssertOwned();
        Threads.Run(() =>
        {
            _mm.Grabs.Grab();
            _mm.Grabs.AssertOwned();
            _mm.Users.AssertOwned();
            _mm.Grabs.Drop();
        });
        AssertReported(LockdepReportKind.ReferenceNotOwned);
    }

    [Fact]
    public void GrabIsNotAGet_ForTheCompiler()
    {
        foreach (Type type in new[] { typeof(MmUsers), typeof(MmGrabs) })
        {
            Assert.Equal(typeof(object), type.BaseType);
            Assert.Empty(type.GetInterfaces());
            Assert.DoesNotContain(type.GetMethods(BindingFlags.Public | BindingFlags.Static), m => m.Name is "op_Implicit" or "op_Explicit");
        }
    }

    [Fact]
    public void PutUnderALockThatTheExitTakes_IsReported_AlsoWhereItIsNotTheLast()
    {
        var umem = new UmemMutex();
        var mm = new MmReferences(
            () =>
            {
                using (umem.Enter())
                {
                }
            },
            static () => { });
        mm.Users.Put();
        _mm.Users.Get();
        using (umem.Enter())
        {
            _mm.Users.Put();
        }

        AssertReported(LockdepReportKind.CircularDependency);
    }

    [Fact]
    public void PutAsyncUnderALockThatTheExitTakes_IsSilent()
    {
        var umem = new UmemMutex();
        using (umem.Enter())
        {
            _mm.Users.Get();
            _mm.Users.PutAsync();
        }
    }
}
