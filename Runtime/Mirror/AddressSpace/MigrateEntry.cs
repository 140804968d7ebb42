// One page of a migration.
using System;

namespace Locking.Mirror;

/// <summary>One page of a migration, source or destination. Linux: an element of <c>migrate_vma.src</c> and <c>dst</c>.</summary>
/// <param name="Page">The page; null for a source where nothing was ever written, and for a destination that is skipped.</param>
/// <param name="Migrates">Of a source: whether it will migrate, or did. Linux: <c>MIGRATE_PFN_MIGRATE</c>.</param>
/// <param name="IsWritable">Whether it may be, or shall be, written. Linux: <c>MIGRATE_PFN_WRITE</c>.</param>
public readonly record struct MigrateEntry(Page? Page, bool Migrates, bool IsWritable)
{
    /// <summary>Does not migrate.</summary>
    public static MigrateEntry None => default;

    /// <summary>A destination: a locked page with one reference, which goes to the mapping.</summary>
    /// <param name="page">The page.</param>
    /// <param name="isWritable">Whether the new entry may be written, if the old one might.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="ArgumentNullException">The page is null.</exception>
    /// <exception cref="ArgumentException">The page is not locked.</exception>
    public static MigrateEntry To(Page page, bool isWritable = true)
    {
        ArgumentNullException.ThrowIfNull(page);
        return page.IsLocked ? new MigrateEntry(page, true, isWritable) : throw new ArgumentException("A destination must be locked.", nameof(page));
    }
}

/// <summary>Which pages a migration selects. Linux: <c>enum migrate_vma_direction</c>.</summary>
[Flags]
public enum MigrateSelect
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Pages of system memory.</summary>
    System = 1,

    /// <summary>Private device pages of the owner.</summary>
    DevicePrivate = 2,

    /// <summary>Coherent device pages of the owner.</summary>
    DeviceCoherent = 4,
}
