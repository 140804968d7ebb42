// Random programs against a model that is too simple to be wrong.
using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Locking.Mirror;
using Locking.Tests.Mirror.SelfTest;
using Xunit;

namespace Locking.Tests.Mirror.Model;

/// <summary>
/// The model: for each process an array with one byte for each page, or nothing where it is not mapped. Whatever the machine does beside it
/// (reclaim, moves, hints, huge pages, device memory) must not show.
/// </summary>
public sealed class ModelTests : MirrorTest
{
    private const int Pages_ = 600;

    private static readonly Address s_start = new(1UL << 32);

    private enum Kind
    {
        CpuWrite,
        CpuRead,
        DeviceWrite,
        DeviceRead,
        Map,
        Unmap,
        ReadOnly,
        ReadWrite,
        Discard,
        Reclaim,
        Move,
        Hint,
        ToDevice,
        ToSystem,
        Exclusive,
        Huge,
        Collapse,
        Fork,
        OomReap,
    }

    private readonly record struct Step(Kind Kind, int Process, int First, int Count, byte Value);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomPrograms_AgreeWithTheModel(int seed)
    {
        Gen<Step> step =
            from kind in Gen.Elements(Enum.GetValues<Kind>())
            from process in Gen.Choose(0, 2)
            from first in Gen.Choose(0, Pages_ - 1)
            from count in Gen.Frequency((4, Gen.Choose(1, 8)), (1, Gen.Choose(1, Pages_)))
            from value in Gen.Choose(1, 255)
            select new Step(kind, process, first, Math.Min(count, Pages_ - first), (byte)value);
        Prop.ForAll(Arb.From(Gen.ListOf(step)), steps => Run([.. steps]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(60).WithReplay((ulong)seed, 1UL));
    }

    private void Run(Step[] steps)
    {
        var device = new DmirrorDevice(Machine, DeviceMemoryKind.Private);
        var processes = new List<Process> { new(this, device, NewMm()) };
        foreach (Step step in steps)
        {
            Process process = processes[step.Process % processes.Count];
            if (step.Kind == Kind.Fork && processes.Count < 3)
            {
                processes.Add(process.Fork(this, device));
            }
            else
            {
                process.Do(step);
            }
        }

        processes.ForEach(process => process.CheckAll());
        processes.ForEach(process => process.End());
        device.Release();
    }

    private sealed class Process(ModelTests test, DmirrorDevice device, AddressSpace mm, byte?[] model, bool[] readOnly)
    {
        private readonly Dmirror _mirror = new(device, mm);

        public Process(ModelTests test, DmirrorDevice device, AddressSpace mm)
            : this(test, device, mm, new byte?[Pages_], new bool[Pages_])
        {
        }

        public Process Fork(ModelTests owner, DmirrorDevice other) => new(owner, other, owner.Fork(mm), [.. model], [.. readOnly]);

        public void Do(Step step)
        {
            AddressRange range = AddressRange.Of(s_start + test.Pages(step.First), test.Pages(step.Count));
            Span<byte?> part = model.AsSpan(step.First, step.Count);
            Span<bool> locked = readOnly.AsSpan(step.First, step.Count);
            bool isMapped = !part.Contains(null);
            byte[] data = new byte[range.Length.Value];
            switch (step.Kind)
            {
                case Kind.CpuWrite:
                    data.AsSpan().Fill(step.Value);
                    Apply(mm.CpuWrite(range.Start, data), part, locked, step.Value);
                    break;
                case Kind.DeviceWrite:
                    data.AsSpan().Fill(step.Value);
                    if (_mirror.Write(range, data) == MmResult.Ok)
                    {
                        Assert.True(isMapped && !locked.Contains(true));
                        part.Fill(step.Value);
                    }
                    else
                    {
                        Assert.False(isMapped && !locked.Contains(true));
                        Observe(range, part, locked, step.Value);
                    }

                    break;
                case Kind.CpuRead:
                    Assert.Equal(isMapped, mm.CpuRead(range.Start, data) == MmResult.Ok);
                    CheckData(part, data, isMapped);
                    break;
                case Kind.DeviceRead:
                    Assert.Equal(isMapped, _mirror.Read(range, data) == MmResult.Ok);
                    CheckData(part, data, isMapped);
                    break;
                case Kind.Map:
                    Assert.Equal(MmResult.Ok, mm.MapAt(range, VmaFlags.ReadWrite));
                    part.Fill(0);
                    locked.Clear();
                    break;
                case Kind.Unmap:
                    Assert.Equal(MmResult.Ok, mm.Unmap(range));
                    part.Fill(null);
                    locked.Clear();
                    break;
                case Kind.ReadOnly or Kind.ReadWrite when isMapped:
                    Assert.Equal(MmResult.Ok, mm.Protect(range, step.Kind == Kind.ReadOnly ? VmaFlags.Read : VmaFlags.ReadWrite));
                    locked.Fill(step.Kind == Kind.ReadOnly);
                    break;
                case Kind.Discard:
                    Assert.Equal(MmResult.Ok, mm.Discard(range));
                    Forget(part);
                    break;
                case Kind.OomReap:
                    if (mm.OomReap() == MmResult.Ok)
                    {
                        Forget(model);
                    }

                    break;
                default:
                    Disturb(step.Kind, range, data);
                    break;
            }
        }

        public void CheckAll()
        {
            for (int i = 0; i < Pages_; i++)
            {
                Do(new Step(i % 2 == 0 ? Kind.CpuRead : Kind.DeviceRead, 0, i, 1, 0));
            }
        }

        public void End()
        {
            _mirror.Close();
            mm.Users.Put();
        }

        /// <summary>What must not show.</summary>
        private void Disturb(Kind kind, AddressRange range, byte[] data)
        {
            _ = kind switch
            {
                Kind.Reclaim => mm.Reclaim(range),
                Kind.Move => mm.MovePagesTo(range, data.Length % 3),
                Kind.Hint => (int)mm.NumaScan(range),
                Kind.ToDevice => (int)_mirror.MigrateToDevice(range, data),
                Kind.ToSystem => (int)_mirror.MigrateToSystem(range),
                Kind.Exclusive => (int)_mirror.MakeExclusive(range, data),
                Kind.Huge => (int)mm.AdviseHuge(range),
                Kind.Collapse => mm.Collapse(range),
                _ => 0,
            };
        }

        private static void Forget(Span<byte?> part)
        {
            foreach (ref byte? page in part)
            {
                page = page is null ? null : (byte)0;
            }
        }

        /// <summary>A write that failed wrote the pages before the one that failed.</summary>
        private static void Apply(MmResult result, Span<byte?> part, Span<bool> locked, byte value)
        {
            int end = 0;
            while (end < part.Length && part[end] is not null && !locked[end])
            {
                part[end++] = value;
            }

            Assert.Equal(end == part.Length, result == MmResult.Ok);
        }

        /// <summary>A device write that failed wrote what it had entries for; the model takes it from the process's view.</summary>
        private void Observe(AddressRange range, Span<byte?> part, Span<bool> locked, byte value)
        {
            for (int i = 0; i < part.Length; i++)
            {
                byte[] page = new byte[test.PageSize];
                if (part[i] is { } old && mm.CpuRead(range.Start + test.Pages(i), page) == MmResult.Ok)
                {
                    Assert.True(page[0] == old || (page[0] == value && !locked[i]));
                    part[i] = page[0];
                }
            }
        }

        private void CheckData(Span<byte?> part, byte[] data, bool isMapped)
        {
            for (int i = 0; i < part.Length && isMapped; i++)
            {
                byte[] page = data[(i * (int)test.PageSize)..((i + 1) * (int)test.PageSize)];
                byte? expected = part[i];
                Assert.True(page.All(value => value == expected), $"page {i}: {page[0]} and not {expected}");
            }
        }
    }
}
