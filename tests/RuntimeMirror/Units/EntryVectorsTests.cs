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
            Assert.InRange(done, Math.Max(0, unusual - 7), unusual);
            Assert.Equal(Enumerable.Range(0, done).Select(i => PfnEntry.Of((ulong)i + 7, isWritable: true)), answers[..done]);
            Assert.All(answers[done..], answer => Assert.Equal(default, answer));
            Assert.Equal(length / 8 * 8, EntryVectors.TakePresent(slots, answers, isWrite: false));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Map_StopsBeforeWhatIsMappedOrNotAllowed(int length)
    {
        for (int unusual = 0; unusual < length; unusual++)
        {
            PfnEntry[] answers = [.. Enumerable.Range(0, length).Select(i => PfnEntry.Of((ulong)i + 7, isWritable: true))];
            ulong[] mapped = new ulong[length];
            mapped[unusual] = 1;
            Check(answers, mapped, unusual);
            mapped = new ulong[length];
            answers[unusual] = PfnEntry.Of(7, isWritable: false);
            Check(answers, mapped, unusual);
            answers[unusual] = PfnEntry.Error;
            Check(answers, new ulong[length], unusual);
        }
    }

    private static void Check(PfnEntry[] answers, ulong[] mapped, int unusual)
    {
        int done = EntryVectors.Map(answers, mapped, PageShift.Small, OdpAccess.Read | OdpAccess.Write);
        Assert.InRange(done, Math.Max(0, unusual - 7), unusual);
        Assert.Equal(Enumerable.Range(0, done).Select(i => ((ulong)i + 7 << 12) | 3), mapped[..done]);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AreConsecutive_IsSoForStepsOfOnePage(int length)
    {
        ulong[] entries = [.. Enumerable.Range(0, length + 1).Select(i => ((ulong)i + 7 << 12) | 3)];
        Assert.True(EntryVectors.AreConsecutive(entries, 4096));
        for (int i = 1; i <= length; i++)
        {
            ulong was = entries[i];
            entries[i] ^= 1;
            Assert.False(EntryVectors.AreConsecutive(entries, 4096));
            entries[i] = was;
        }

        entries[0] = 0;
        Assert.False(EntryVectors.AreConsecutive(entries, 4096));
    }
}
