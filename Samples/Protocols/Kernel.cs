// A few kernel objects with their contracts, for the protocols beside it.
using System;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols;

[Capability("mutex")]
public sealed class Mutex
{
    [Acquires("this")]
    public void Lock()
    {
    }

    [TryAcquires(true, "this")]
    public bool TryLock() => true;

    [Releases("this")]
    public void Unlock()
    {
    }

    [AssertsHeld("this")]
    public void AssertHeld()
    {
    }
}

[Capability("rwsem")]
public sealed class Rwsem
{
    [AcquiresShared("this")]
    public void DownRead()
    {
    }

    [TryAcquiresShared(true, "this")]
    public bool TryDownRead() => true;

    [ReleasesShared("this")]
    public void UpRead()
    {
    }

    [Acquires("this")]
    public void DownWrite()
    {
    }

    [ReleasesExclusive("this")]
    public void UpWrite()
    {
    }
}

[Capability("srcu", Kind = CapabilityKind.ReadSection)]
public sealed class Srcu
{
    [AcquiresShared("this")]
    public void ReadLock()
    {
    }

    [ReleasesShared("this")]
    public void ReadUnlock()
    {
    }

    [AwaitsGracePeriod("this")]
    [MayBlock]
    public void Synchronize()
    {
    }

    public void Call([AfterGracePeriod("this")] Action callback) => callback();
}

/// <summary>Users keep the mappings, grabs the structure.</summary>
[DeclaresCapability("Users", CapabilityKind.Reference)]
[DeclaresCapability("Grabs", CapabilityKind.Reference)]
public sealed class Mm
{
    public Rwsem MmapSem { get; } = new();

    public Mutex PageTableLock { get; } = new();

    [GuardedBy(nameof(PageTableLock))]
    public Mirror? Mirror { get; set; }

    [TryAcquires(true, "Users")]
    [NoThreadSafetyAnalysis("implements the capability")]
    public bool TryGet() => true;

    [Releases("Users")]
    [MayBlock]
    [NoThreadSafetyAnalysis("implements the capability")]
    public void Put()
    {
    }

    [Acquires("Grabs")]
    [NoThreadSafetyAnalysis("implements the capability")]
    public void Grab()
    {
    }

    [Releases("Grabs")]
    [NoThreadSafetyAnalysis("implements the capability")]
    public void Drop()
    {
    }

    [Requires("Users")]
    [RequiresShared(nameof(MmapSem))]
    public int FindVma(ulong address) => (int)address;

    /// <summary>May run invalidate callbacks in this thread.</summary>
    [Excludes("class:umem_mutex")]
    public void Fault()
    {
    }
}

/// <summary>Receives what happens to an address space, while it is registered.</summary>
[DeclaresCapability("Registered", CapabilityKind.Reference)]
public sealed class Mirror
{
    [Acquires("Registered")]
    [NoThreadSafetyAnalysis("implements the capability")]
    public void Register()
    {
    }

    [Releases("Registered")]
    [NoThreadSafetyAnalysis("implements the capability")]
    public void Unregister()
    {
    }

    [Requires("Registered")]
    public void Snapshot()
    {
    }

    [Frees("mirror")]
    public static void Free(Mirror? mirror) => GC.KeepAlive(mirror);

    [Fence("callbacks", Waits = false)]
    public static void UnregisterNoRelease(Mirror mirror) => GC.KeepAlive(mirror);

    [Fence("callbacks")]
    public static void UnregisterAndWait(Mirror mirror) => GC.KeepAlive(mirror);
}

/// <summary>What was sampled is current where the retry check says false, until the update lock is released.</summary>
[DeclaresCapability("Valid", CapabilityKind.Token)]
[DeclaresCapability("Zapped", CapabilityKind.Token)]
public sealed class Umem
{
    [LockClass("umem_mutex")]
    public Mutex Mutex { get; } = new();

    [GuardedBy(nameof(Mutex))]
    public int Pages { get; set; }

    [GuardedBy(nameof(Mutex))]
    public bool Invalid { get; set; }

    [ContentsGuardedBy(nameof(Mutex))]
    public ulong[] Pfns { get; } = new ulong[4];

    public ulong ReadBegin() => 2;

    [Requires(nameof(Mutex))]
    [TryAcquires(false, "Valid", Until = nameof(Mutex))]
    [NoThreadSafetyAnalysis("implements the capability")]
    public bool ReadRetry(ulong sequence) => sequence == 0;

    [Requires(nameof(Mutex), "Valid")]
    public void UpdateDevice()
    {
    }

    [Requires(nameof(Mutex))]
    [TryAcquires(true, "Zapped", Until = nameof(Mutex))]
    [NoThreadSafetyAnalysis("implements the capability")]
    public bool Zap() => true;

    [Requires(nameof(Mutex), "Zapped")]
    public void Unmap()
    {
    }

    [Requires(nameof(Mutex))]
    public void SetDirty()
    {
    }
}
