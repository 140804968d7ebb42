// The two counts of an address space.
using System;

namespace Locking;

/// <summary>
/// The two counts of an address space (an mm). <see cref="Users"/> keep its contents: mappings, page tables, pages. <see cref="Grabs"/> keep the
/// structure only. All users together own one grab. Linux: <c>mm_users</c> and <c>mm_count</c> of <c>struct mm_struct</c>.
/// </summary>
/// <remarks>
/// The last user's put runs the exit path in that thread, without taking the mmap semaphore, and then drops the users' grab. The counts are
/// different types that do not convert: a grab is not a get. Safe for any thread.
/// </remarks>
public sealed class MmReferences
{
    /// <summary>Makes an address space with one user, which the calling thread owns.</summary>
    /// <param name="exit">Tears the contents down: notifies, unmaps, frees the mappings. Runs once.</param>
    /// <param name="free">Frees the structure. Runs once, after <paramref name="exit"/>.</param>
    /// <exception cref="ArgumentNullException">An action is null.</exception>
    public MmReferences(Action exit, Action free)
    {
        ArgumentNullException.ThrowIfNull(exit);
        Grabs = new MmGrabs(free);
        Users = new MmUsers(exit, Grabs);
    }

    /// <summary>Those who use the contents.</summary>
    public MmUsers Users { get; }

    /// <summary>Those who keep the structure.</summary>
    public MmGrabs Grabs { get; }
}
