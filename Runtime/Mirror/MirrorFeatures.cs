// What a machine can do.
using System;

namespace Locking.Mirror;

/// <summary>Feature switches of the machine: where one is off, its calls are there and answer that it is not supported. Linux: configuration options.</summary>
[Flags]
public enum MirrorFeatures
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Mirrors and ranges. Linux: <c>CONFIG_HMM_MIRROR</c>.</summary>
    Mirror = 1,

    /// <summary>Private device memory. Linux: <c>CONFIG_DEVICE_PRIVATE</c>.</summary>
    DevicePrivate = 2,

    /// <summary>Migration to and from device memory. Linux: <c>CONFIG_MIGRATE_VMA_HELPER</c>.</summary>
    MigrateVma = 4,

    /// <summary>Mappings of huge pages from the pool. Linux: <c>CONFIG_HUGETLB_PAGE</c>.</summary>
    HugeTlb = 8,

    /// <summary>Huge pages in ordinary mappings. Linux: <c>CONFIG_TRANSPARENT_HUGEPAGE</c>.</summary>
    TransparentHuge = 16,

    /// <summary>NUMA hint faults. Linux: <c>CONFIG_NUMA_BALANCING</c>.</summary>
    NumaBalancing = 32,

    /// <summary>Memory regions that fault on demand. Linux: <c>CONFIG_INFINIBAND_ON_DEMAND_PAGING</c>.</summary>
    OnDemandPaging = 64,

    /// <summary>All.</summary>
    All = Mirror | DevicePrivate | MigrateVma | HugeTlb | TransparentHuge | NumaBalancing | OnDemandPaging,
}
