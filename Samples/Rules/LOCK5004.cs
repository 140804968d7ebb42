// A grab is not a get: a reference that keeps the structure does not keep what is in it.
using System.Collections.Generic;
using Locking;

namespace Locking.Samples.LOCK5004;

public sealed record Vma(ulong Start, ulong End);

/// <summary>An address space. Its mappings go when the last user goes, whoever holds grabs or the semaphore then.</summary>
public sealed class Mm(MmReferences references)
{
    private readonly List<Vma> _vmas = [];

    public MmapSem MmapSem { get; } = new();

    public MmUsers Users { get; } = references.Users;

    public MmGrabs Grabs { get; } = references.Grabs;

    [Requires(nameof(Users))]
    [RequiresShared(nameof(MmapSem))]
    public Vma? FindVma(ulong address) => _vmas.Find(vma => vma.Start <= address && address < vma.End);
}

public static class PageFaults
{
    public static bool WalkWithAGrab(Mm mm, ulong address)
    {
        mm.Grabs.Grab();
        bool found;
        using (mm.MmapSem.EnterRead())
        {
            found = mm.FindVma(address) is not null; // LOCK5004
        }

        mm.Grabs.Drop();
        return found;
    }

    public static bool WalkWithTheLockOnly(Mm mm, ulong address)
    {
        using (mm.MmapSem.EnterRead())
        {
            return mm.FindVma(address) is not null; // LOCK5004
        }
    }

    /// <summary>Right: a user reference first, then the semaphore.</summary>
    public static bool WalkWithAGet(Mm mm, ulong address)
    {
        if (!mm.Users.TryGet())
        {
            return false;
        }

        bool found;
        using (mm.MmapSem.EnterRead())
        {
            found = mm.FindVma(address) is not null;
        }

        mm.Users.Put();
        return found;
    }
}
