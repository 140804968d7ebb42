// The reference count.
using System;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.References;

public sealed class KrefTests : ValidatedTest
{
    [Fact]
    public void LastPut_ReleasesTheObject()
    {
        int released = 0;
        var count = new Kref();
        count.Get();
        Assert.Equal(2, count.Count);
        Assert.False(count.Put(() => released++));
        Assert.Equal(0, released);
        Assert.True(count.Put(this, _ => released++));
        Assert.Equal(1, released);
        Assert.Equal(0, count.Count);
    }

    [Fact]
    public void TryGet_FailsOnceTheLastWasPut()
    {
        var count = new Kref();
        Assert.True(count.TryGet());
        count.Put(static () => { });
        count.Put(static () => { });
        Assert.False(count.TryGet());
        Assert.Equal(0, count.Count);
    }

    [Fact]
    public void GetOfAGoneObject_IsRefused_AndItStaysGone()
    {
        var count = new Kref();
        count.Put(static () => { });
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(count.Get);
        Assert.Equal("There are no references left to get one from: the object is gone.", thrown.Message);
        Assert.Equal(0, count.Count);
    }

    [Fact]
    public void PutTooMany_IsRefused()
    {
        int released = 0;
        var count = new Kref();
        count.Put(() => released++);
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => count.Put(() => released++));
        Assert.Equal("There are no references left to put: one was put twice.", thrown.Message);
        Assert.Equal((0, 1), (count.Count, released));
        AssertReported(LockdepReportKind.ReferenceNotOwned);
    }

    [Fact]
    public void PutWithoutARelease_IsRefused_AndNothingIsPut()
    {
        var count = new Kref();
        Assert.Throws<ArgumentNullException>(() => count.Put(null!));
        Assert.Equal(1, count.Count);
    }

    [Fact]
    public void PutByAThreadThatOwnsNone_IsReported()
    {
        var count = new Kref();
        count.Get();
        Threads.Run(() => count.Put(static () => { }));
        Assert.Equal(1, count.Count);
        AssertReported(LockdepReportKind.ReferenceNotOwned);
    }

    [Fact]
    public void ReferenceHandedOver_BelongsToTheOtherThread()
    {
        var count = new Kref();
        count.AssertOwned();
        count.Disown();
        Threads.Run(() =>
        {
            count.Adopt();
            count.AssertOwned();
            count.Put(static () => { });
        });
        Assert.Equal(0, count.Count);
        Assert.Empty(Reports);
        count.AssertOwned();
        AssertReported(LockdepReportKind.ReferenceNotOwned);
    }
}
