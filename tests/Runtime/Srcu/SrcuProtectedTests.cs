// The protected reference: what readers find, and when the old object is the updater's.
using System.Collections.Generic;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Srcu;

public sealed class SrcuProtectedTests : ValidatedTest
{
    private readonly SrcuDomain _domain = new();

    [Fact]
    public void Reader_FindsWhatWasPublished()
    {
        var reference = new SrcuProtected<string>(_domain, "old");
        using (_domain.EnterRead())
        {
            Assert.Equal("old", reference.Read());
            reference.Publish("new");
            Assert.Equal("new", reference.Read());
        }

        Assert.Equal("new", reference.ReadAsUpdater());
        Assert.Same(_domain, reference.Domain);
    }

    [Fact]
    public void ReplaceAndSynchronize_AnswersTheOldOne()
    {
        var reference = new SrcuProtected<string>(_domain, "old");
        Assert.Equal("old", reference.ReplaceAndSynchronize(null));
        Assert.Null(reference.ReplaceAndSynchronize("new"));
        Assert.Equal("new", reference.Replace("newer"));
    }

    [Fact]
    public void ReplaceAndCall_HandsTheOldOneOver_OnceNoReaderHasIt()
    {
        var reclaimed = new List<string>();
        var reference = new SrcuProtected<string>(_domain, "old");
        using (_domain.EnterRead())
        {
            reference.ReplaceAndCall("new", reclaimed.Add);
            Assert.Empty(reclaimed);
        }

        _domain.Barrier();
        Assert.Equal(["old"], reclaimed);
        reference.Publish(null);
        reference.ReplaceAndCall("newer", reclaimed.Add);
        _domain.Barrier();
        Assert.Equal(["old"], reclaimed);
    }

    [Fact]
    public void ReadOutsideASection_IsRefusedWhereLocksAreChecked()
    {
        var reference = new SrcuProtected<string>(_domain, "value");
        if (Lockdep.IsEnabled)
        {
            SynchronizationLockException thrown = Assert.Throws<SynchronizationLockException>(() => reference.Read());
            Assert.EndsWith("should be in a read section here.", thrown.Message);
        }
        else
        {
            Assert.Equal("value", reference.Read());
        }

        AssertReported(LockdepReportKind.NotHeld);
    }
}
