// The simulated device of the kernel's HMM self-test: its memory.
using System;
using System.Collections.Generic;
using Locking.Mirror;

namespace Locking.Tests.Mirror.SelfTest;

/// <summary>The device: memory in chunks, made on demand. Linux: <c>struct dmirror_device</c>.</summary>
internal sealed class DmirrorDevice(Machine machine, DeviceMemoryKind kind, int chunkPages = 512)
{
    private readonly MutexLock _memoryLock = new(LockClass.Named("dmirror.devmem_lock"));

    [GuardedBy(nameof(_memoryLock))]
    private readonly List<Chunk> _chunks = [];

    [GuardedBy(nameof(_memoryLock))]
    private readonly List<Dmirror> _mirrors = [];

    public DeviceMemoryKind Kind => kind;

    public void Add(Dmirror mirror)
    {
        using (_memoryLock.Enter())
        {
            _mirrors.Add(mirror);
        }
    }

    public void Remove(Dmirror mirror)
    {
        using (_memoryLock.Enter())
        {
            _mirrors.Remove(mirror);
        }
    }

    /// <summary>A locked page, of private memory with a page behind it; null where there is no memory.</summary>
    public Page? AllocateLocked()
    {
        Page? backing = kind == DeviceMemoryKind.Private ? machine.Memory.Allocate() : null;
        if (kind == DeviceMemoryKind.Private && backing is null)
        {
            return null;
        }

        Page? page = AllocateFromChunks();
        if (page is null)
        {
            backing?.Put();
        }
        else
        {
            page.DriverData = backing;
        }

        return page;
    }

    /// <summary>T06: takes the chunks out under the lock and waits for their pages outside of it.</summary>
    public void Release()
    {
        Chunk[] all;
        using (_memoryLock.Enter())
        {
            all = [.. _chunks];
            _chunks.Clear();
        }

        foreach (Chunk chunk in all)
        {
            SchedulePoint.Reach("release.chunk");
            machine.Evict(chunk);
            chunk.KillAndDrain();
        }
    }

    /// <summary>Migrates own pages of a range back to system memory. T03: entries go under the driver lock, before the copy.</summary>
    [RequiresShared("mm.MmapSem")]
    public MmResult MoveBack(AddressSpace mm, AddressRange range, Page? faultPage, ref int moved)
    {
        MigrateSelect select = kind == DeviceMemoryKind.Private ? MigrateSelect.DevicePrivate : MigrateSelect.DeviceCoherent;
        var migration = new VmaMigration(mm, range, select, this, faultPage);
        MmResult result = migration.Setup();
        if (result != MmResult.Ok)
        {
            return result;
        }

        EraseEntries(mm, range);
        SchedulePoint.Reach("back.erased");
        for (int i = 0; i < migration.Source.Length; i++)
        {
            if (migration.Source[i] is { Migrates: true, Page: { } old } source && machine.Memory.Allocate() is { } page)
            {
                (old.DriverData as Page ?? old).Data.CopyTo(page.Data);
                page.TryLock();
                migration.Destination[i] = MigrateEntry.To(page, source.IsWritable);
                moved++;
            }
        }

        migration.Commit();
        migration.Complete();
        return MmResult.Ok;
    }

    private void EraseEntries(AddressSpace mm, AddressRange range)
    {
        Dmirror[] mirrors;
        using (_memoryLock.Enter())
        {
            mirrors = _mirrors.FindAll(mirror => ((IntervalNotifier)mirror).Mm == mm).ToArray();
        }

        foreach (Dmirror mirror in mirrors)
        {
            using (mirror.DriverLock.Enter())
            {
                mirror.Erase(range, keepsDevice: false);
            }
        }
    }

    private Page? AllocateFromChunks()
    {
        using (_memoryLock.Enter())
        {
            foreach (Chunk chunk in _chunks)
            {
                if (chunk.AllocateLocked() is { } page)
                {
                    return page;
                }
            }

            if (SchedulePoint.Fails("chunk"))
            {
                return null;
            }

            var added = new Chunk(this, machine, new BasePages(chunkPages));
            _chunks.Add(added);
            return added.AllocateLocked();
        }
    }

    private sealed class Chunk(DmirrorDevice device, Machine machine, BasePages pages) : DeviceMemory(machine, device.Kind, pages, device)
    {
        protected internal override void OnPageFree(Page page) => (page.DriverData as Page)?.Put();

        protected internal override MmResult MigrateToRam(in DeviceFault fault)
        {
            SchedulePoint.Reach("back.begin");
            int moved = 0;
            MmResult result = device.MoveBack(fault.Mm, AddressRange.Of(fault.Address, Machine.BaseShift.Size), fault.Page, ref moved);
            return result != MmResult.Ok || moved == 0 ? MmResult.Fault : MmResult.Ok;
        }
    }
}
