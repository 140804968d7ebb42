// The loops over many entries, against the same done one by one.
using System;
using System.Linq;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.Units;

public sealed class EntryVectorsTests
{
    public static TheoryData<int> Lengths => new(Enumerable.Range(0, 40));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void TakePresent_StopsBeforeTheFirstUnusualEntry(int length)
    {
        for (int unusual = 0; unusual <= length; unusual++)
        {
            ulong[] slots = [.. Enumerable.Range(0, length).Select(i => Pte.Present((ulong)i + 7, isWritable: i != unusual, isDirty: i % 3 == 0).Value)];
            var answers = new PfnEntry[length];
            int done = EntryVectors.TakePresent(slots, answers, isWrite: true);
            Assert.InRange(done, Math.Max(0, unusual - 3), unusual);
            Assert.Equal(Enumerable.Range(0, done).Select(i => PfnEntry.Of((ulong)i + 7, isWritable: true)), answers[..done]);
            Assert.All(answers[done..], answer => Assert.Equal(default, answer));
            Assert.Equal(length / 4 * 4, EntryVectors.TakePresent(slots, answers, isWrite: false));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Map_StopsAtWhatIsMappedOrNotAllowed(int length)
    {
        for (int unusual = 0; unusual < length; unusual++)
        {
            ulong[] slots = Present(length);
            ulong[] mapped = new ulong[length];
            mapped[unusual] = 1;
            Check(slots, mapped, unusual);
            slots[unusual] = Pte.Present(7, isWritable: false).Value;
            Check(slots, new ulong[length], unusual);
            slots[unusual] = Pte.Of(PteKind.Swap, 7, isWritable: true).Value;
            Check(slots, new ulong[length], unusual);
        }

        Check(Present(length), new ulong[length], length);
    }

    private static ulong[] Present(int length) =>
        [.. Enumerable.Range(0, length).Select(i => Pte.Present((ulong)i + 7, isWritable: true, isDirty: i % 3 == 0).Value)];

    private static void Check(ulong[] slots, ulong[] mapped, int unusual)
    {
        int done = EntryVectors.Map(slots, mapped, PageShift.Medium, OdpAccess.Read | OdpAccess.Write);
        Assert.Equal(unusual, done);
        Assert.Equal(Enumerable.Range(0, done).Select(i => ((ulong)i + 7 << 16) | 3), mapped[..done]);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void ArePresentRun_IsSoForFramesThatFollowEachOther(int length)
    {
        ulong[] slots = Present(length + 1);
        Assert.True(EntryVectors.ArePresentRun(slots, isWrite: true));
        for (int i = 0; i <= length; i++)
        {
            ulong was = slots[i];
            slots[i] = new Pte(was).ReadOnly().Value;
            Assert.False(EntryVectors.ArePresentRun(slots, isWrite: true));
            Assert.True(EntryVectors.ArePresentRun(slots, isWrite: false));
            slots[i] = new Pte(was).As(PteKind.ProtNone).Value;
            Assert.False(EntryVectors.ArePresentRun(slots, isWrite: false));
            slots[i] = new Pte(was).Plus(1).Value;
            Assert.Equal(length == 0, EntryVectors.ArePresentRun(slots, isWrite: false));
            slots[i] = was;
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AreConsecutive_IsSoForStepsOfOnePage(int length)
    {
        ulong[] entries = [.. Enumerable.Range(0, length + 1).Select(i => ((ulong)i + 7 << 12) | 3)];
        Assert.True(EntryVectors.AreConsecutive(entries, 4096, ulong.MaxValue));
        for (int i = 1; i <= length; i++)
        {
            ulong was = entries[i];
            entries[i] ^= 1;
            Assert.False(EntryVectors.AreConsecutive(entries, 4096, ulong.MaxValue));
            Assert.True(EntryVectors.AreConsecutive(entries, 4096, ulong.MaxValue - 1));
            entries[i] = was;
        }
    }
}
