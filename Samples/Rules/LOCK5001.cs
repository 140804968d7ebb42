// A conditional get whose answer nobody looks at: the small address space that "a grab is not a get" is about.
using Locking;

namespace Locking.Samples.LOCK5001;

/// <summary>Users keep the address space alive with its mappings, grabs keep only the structure. The counts are the library's.</summary>
public sealed class Mm(MmReferences references)
{
    private int _mappings;

    public MmUsers Users { get; } = references.Users;

    public MmGrabs Grabs { get; } = references.Grabs;

    [Requires(nameof(Users))]
    public int CountMappings() => _mappings;

    [Requires(nameof(Users))]
    public void Map() => _mappings++;
}

public static class Faults
{
    public static void GetIgnored(Mm mm)
    {
        mm.Users.TryGet(); // LOCK5001
    }

    public static void PutAnyway(Mm mm)
    {
        bool got = mm.Users.TryGet(); // LOCK5001
        if (got)
        {
            mm.Map();
        }

        mm.Users.Put();
    }

    /// <summary>Right: where the get failed the address space is exiting, and nothing in it may be touched.</summary>
    public static bool GetChecked(Mm mm)
    {
        if (!mm.Users.TryGet())
        {
            return false;
        }

        mm.Map();
        mm.Users.Put();
        return true;
    }
}
