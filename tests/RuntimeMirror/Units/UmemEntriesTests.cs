// The entries of a umem, against an array of them.
using System;
using System.Linq;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.Units;

/// <summary>Whatever is done to entries, and however they are kept, they are those of a plain array to which the same is done.</summary>
public sealed class UmemEntriesTests
{
    private const ulong ReadWrite = 3;

    /// <summary>Starts and lengths in pages, and the size of pages: whole blocks, parts of blocks, pages that are blocks.</summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 0, 1024, 12 }, { 7, 1, 12 }, { 511, 2, 12 }, { 100, 1500, 12 }, { 512, 512, 12 }, { 3, 80, 16 }, { 1, 5, 21 }, { 0, 3, 30 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void RandomChanges_AreThoseOfAnArray(int start, int length, int shift)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            UmemEntries umem = Make(start, length, shift), device = Make(start, length, shift);
            ulong[] expected = new ulong[length];
            for (int step = 0; step < 60; step++)
            {
                int first = random.Next(length), end = random.Next(4) == 0 ? length : random.Next(first, length) + 1;
                first = random.Next(4) == 0 ? 0 : first;
                Change(random.Next(5), umem, expected, first, end, start, shift);
                Assert.Equal(expected, All(umem));
                Assert.Equal(expected, FromRuns(umem, shift));
                Assert.True(device.TryAdd(umem, new UmemPages(0), umem.Length, out _));
                Assert.Equal(expected, All(device));
                device.Clear(new UmemPages(first), new UmemPages(end));
                Assert.All(Enumerable.Range(first, end - first), i => Assert.Equal(0UL, device[new UmemPages(i)]));
                device.Clear(new UmemPages(0), device.Length);
            }
        }
    }

    [Fact]
    public void PagesThatFollowEachOther_AreOneEntryForEachBlock()
    {
        UmemEntries entries = Make(start: 510, length: 2 + 512 + 3, shift: 12);
        for (var page = new UmemPages(0); page < entries.Length; page++)
        {
            Assert.True(entries.TrySet(page, Entry(page.Value, 12)));
        }

        Assert.Equal(0, entries.Runs);
        entries.Join(new UmemPages(0), entries.Length);
        Assert.Equal(3, entries.Runs);
        entries.Clear(new UmemPages(5), new UmemPages(6));
        Assert.Equal((2, 0UL, Entry(6, 12)), (entries.Runs, entries[new UmemPages(5)], entries[new UmemPages(6)]));
        Assert.True(entries.TrySet(new UmemPages(5), Entry(5, 12)));
        entries.Join(new UmemPages(5), new UmemPages(6));
        Assert.Equal(3, entries.Runs);
    }

    [Fact]
    public void Slots_AreAddedUpToTheFirstThatIsUnusualOrAnotherPage()
    {
        UmemEntries entries = Make(0, 512, 12);
        ulong[] slots = [.. Enumerable.Range(0, 512).Select(i => Pte.Present((ulong)i + 512, isWritable: true).Value)];
        Assert.Equal((512, 512), Add(entries, 0, slots));
        Assert.Equal((512, 0), Add(entries, 0, slots));
        Assert.Equal((1, 1), (Add(Make(0, 512, 12), 9, slots[9..10]).Done, entries.Runs));

        // Another page than the one that is mapped, which only a missed window could bring about: nothing is written.
        Assert.Equal((0, 0), Add(entries, 0, slots[1..]));
        Assert.Equal(Entry(0, 12), entries[new UmemPages(0)]);

        entries = Make(0, 512, 12);
        slots[100] = Pte.Present(100, isWritable: false).Value;
        Assert.Equal((100, 100), Add(entries, 0, slots));
        Assert.Equal((0UL, 0), (entries[new UmemPages(100)], entries.Runs));
        Assert.Equal((0, 0), Add(entries, 100, slots[100..]));
    }

    private static (int Done, int Added) Add(UmemEntries entries, int first, ulong[] slots) =>
        ((int)entries.AddPresent(new UmemPages(first), slots, OdpAccess.Read | OdpAccess.Write, out UmemPages added).Value, (int)added.Value);

    private static void Change(int kind, UmemEntries umem, ulong[] expected, int first, int end, int start, int shift)
    {
        int block = Math.Max(1, 1 << Math.Max(0, 21 - shift));
        switch (kind)
        {
            case 0:
                umem.Clear(new UmemPages(first), new UmemPages(end));
                expected.AsSpan(first, end - first).Clear();
                break;
            case 1:
                expected[first] = Entry(first, shift) & ~2UL;
                Assert.True(umem.TrySet(new UmemPages(first), expected[first]));
                break;
            case 2:
                umem.Join(new UmemPages(first), new UmemPages(end));
                break;
            default:
                int last = Math.Min(end, ((first + start) / block * block) + block - start);
                ulong[] slots = [.. Enumerable.Range(first, last - first).Select(i => Pte.Present(Frame(i), isWritable: true).Value)];
                int done = Add(umem, first, slots).Done;
                Enumerable.Range(first, done).ToList().ForEach(i => expected[i] = Entry(i, shift));
                Assert.True(done > 0 || expected[first] != 0);
                break;
        }
    }

    private static UmemEntries Make(int start, int length, int shift) =>
        new(AddressRange.Of(new Address((ulong)start << shift), new Bytes((ulong)length << shift)), new PageShift(shift));

    private static ulong Frame(long page) => (ulong)page + 512;

    private static ulong Entry(long page, int shift) => (Frame(page) << shift) | ReadWrite;

    private static ulong[] All(UmemEntries entries) => [.. Enumerable.Range(0, (int)entries.Length.Value).Select(i => entries[new UmemPages(i)])];

    /// <summary>The same, as whoever unmaps sees them.</summary>
    private static ulong[] FromRuns(UmemEntries entries, int shift)
    {
        var found = new ulong[entries.Length.Value];
        for (var page = new UmemPages(0); page < entries.Length;)
        {
            ulong entry = entries.RunAt(page, entries.Length, out UmemPages count);
            for (long i = 0; i < count.Value; i++)
            {
                found[page.Value + i] = entry == 0 ? 0 : entry + ((ulong)i << shift);
            }

            page += count;
        }

        return found;
    }
}
