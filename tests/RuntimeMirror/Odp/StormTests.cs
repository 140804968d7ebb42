// Everything at once, for a bounded time, with a seed.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Locking.Mirror;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

/// <summary>
/// Device faults, windows, forks, registering and deregistering, and at the end the exit, together; validation on, freed frames in a queue, the
/// invariants checked by the code itself. LOCKING_TORTURE_SECONDS makes it longer.
/// </summary>
public sealed class StormTests : OdpTest
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("LOCKING_TORTURE_SECONDS"), out int seconds) ? seconds : 2);

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 16)]
    public void StormOfEverything_BreaksNothing(int seed, int shift)
    {
        Machine = new Machine(new PageShift(shift));
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 64), Map(far.Mm, 64));
        AddressRange pattern = Part(from, 0, 64);
        Write(near.Mm, pattern, Words(pattern));
        (MemoryRegion source, MemoryRegion target, MemoryRegion all) = (Register(near, from), Register(far, to), RegisterAll(far));
        long end = Stopwatch.GetTimestamp() + (long)(s_time.TotalSeconds * Stopwatch.Frequency);
        var random = new Random(seed);
        int messages = 0;
        Threads.Running[] threads =
        [
            Start(near, end, random.Next(), r => Disturb(near.Mm, from, r, loses: false)),
            Start(far, end, random.Next(), r => Disturb(far.Mm, to, r, loses: true)),
            Start(far, end, random.Next(), r => RegisterAndEnd(far, to)),
            Start(near, end, random.Next(), r =>
            {
                uint key = r.Next(2) == 0 ? target.Key : all.Key;
                OdpResult result = near.Queue.Write(source, Part(from, r.Next(8), r.Next(1, 8)), key, to.Start);

                // INV-20: live regions fail only where the memory is not mapped at the moment, or windows never end.
                Assert.Contains(result, new[] { OdpResult.Ok, OdpResult.Fault, OdpResult.Again });
                messages += result == OdpResult.Ok ? 1 : 0;
                near.Queue.Reset();
            }),
        ];
        Array.ForEach(threads, thread => thread.End(s_time + Threads.Bound));
        Assert.True(messages > 0);

        // INV-28: when it is quiet one access succeeds, and finds what is there.
        Assert.Equal(MmResult.Ok, far.Mm.MapAt(to, VmaFlags.ReadWrite));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.True(Words(from).AsSpan().SequenceEqual(Read(far.Mm, to)));
        far.Mm.Users.Put();
        Assert.Equal(OdpResult.Fault, near.Queue.Write(source, from, target.Key, to.Start));
    }

    private static Threads.Running Start(End end, long until, int seed, Action<Random> body)
    {
        end.Mm.Users.Get();
        end.Mm.Users.Disown();
        return Threads.Start(() =>
        {
            end.Mm.Users.Adopt();
            var random = new Random(seed);
            while (Stopwatch.GetTimestamp() < until)
            {
                body(random);
            }

            end.Mm.Users.Put();
        });
    }

    private static void RegisterAndEnd(End end, AddressRange range)
    {
        if (end.Context.Register(range, OdpAccess.Write, out MemoryRegion? region) == OdpResult.Ok)
        {
            end.Context.Prefetch(PrefetchAdvice.Write, [(region!.Key, range)], flush: false);
            region.Deregister();
        }
    }

    private void Disturb(AddressSpace mm, AddressRange range, Random random, bool loses)
    {
        AddressRange part = Part(range, random.Next(32), random.Next(1, 32));
        switch (random.Next(loses ? 10 : 6))
        {
            case 0:
                mm.Reclaim(part, isBlockable: random.Next(2) == 0);
                break;
            case 1:
                mm.MovePagesTo(part, random.Next(3));
                break;
            case 2:
                mm.NumaScan(part);
                break;
            case 3:
                mm.Fork()?.Users.Put();
                break;
            case 4:
                mm.CpuRead(part.Start, new byte[PageSize]);
                break;
            case 5:
                mm.ClearSoftDirty();
                break;
            case 6:
                mm.Unmap(part);
                mm.MapAt(part, VmaFlags.ReadWrite);
                break;
            case 7:
                mm.Discard(part);
                break;
            case 8:
                mm.Protect(part, VmaFlags.Read);
                mm.Protect(part, VmaFlags.ReadWrite);
                break;
            default:
                mm.OomReap();
                break;
        }
    }
}
