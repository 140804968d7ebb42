// Locks that are acquired against the order that was declared for them.
using System.Threading;
using Locking;

[assembly: LockOrder("samples.mmap_sem", "samples.umem_rwsem", "samples.umem_mutex")]

namespace Locking.Samples.LOCK3002;

/// <summary>The order of one type, said at its fields.</summary>
public sealed class Journal
{
    [AcquiredBefore(nameof(_buffer))]
    private readonly Lock _file = new();

    private readonly Lock _buffer = new();
    private int _written;
    private int _pending;

    public void Append()
    {
        lock (_buffer)
        {
            _pending++;
            Flush(); // LOCK3002
        }
    }

    public void AppendThenFlush()
    {
        lock (_file)
        {
            lock (_buffer)
            {
                _pending++;
            }

            _written++;
        }
    }

    private void Flush()
    {
        lock (_file)
        {
            _written++;
        }
    }
}

/// <summary>The order of a whole program, by the names of the lock classes.</summary>
public sealed class AddressSpace
{
    [LockClass("samples.mmap_sem")]
    internal readonly ReaderWriterLockSlim MmapSem = new();
}

/// <summary>A memory region inside an address space.</summary>
public sealed class Region(AddressSpace space)
{
    [LockClass("samples.umem_mutex")]
    private readonly Lock _umem = new();

    private int _pages;

    public void FaultUnderTheMutex()
    {
        lock (_umem)
        {
            space.MmapSem.EnterReadLock(); // LOCK3002
            try
            {
                _pages++;
            }
            finally
            {
                space.MmapSem.ExitReadLock();
            }
        }
    }

    public void FaultThenTakeTheMutex()
    {
        int pages;
        space.MmapSem.EnterReadLock();
        try
        {
            pages = 1;
        }
        finally
        {
            space.MmapSem.ExitReadLock();
        }

        lock (_umem)
        {
            _pages += pages;
        }
    }
}
