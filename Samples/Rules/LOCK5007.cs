// Waiting, inside a read section, for all read sections to end.
using Locking;

namespace Locking.Samples.LOCK5007;

public sealed class Cache
{
    private readonly SrcuDomain _entries = new();
    private readonly SrcuDomain _indexes = new();

    public void ClearInASection()
    {
        using (_entries.EnterRead())
        {
            _entries.Synchronize(); // LOCK5007
        }
    }

    public void ClearThroughAHelper()
    {
        using (_entries.EnterRead())
        {
            WaitForReaders(); // LOCK5007
        }
    }

    /// <summary>Right: behind the section, or for the readers of another domain.</summary>
    public void Clear()
    {
        using (_entries.EnterRead())
        {
            _indexes.Synchronize();
        }

        WaitForReaders();
    }

    private void WaitForReaders() => _entries.Synchronize();
}
