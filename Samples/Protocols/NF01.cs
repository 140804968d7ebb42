// April 2019, fourth posting of the conversion of ODP: the release callback clears the pointer that faults reach the process by.
namespace Locking.Samples.Protocols.NF01;

public sealed class PerMm(Mm mm)
{
    private readonly Rwsem _umemRwsem = new();

    [GuardedBy(nameof(_umemRwsem))]
    private Mm? _mm = mm;

    public void Release()
    {
        _umemRwsem.DownRead();
        _umemRwsem.UpRead();
        _mm = null; // LOCK1001
    }

    public bool Fault(Umem umem)
    {
        if (_mm is null) // LOCK1002
        {
            return false;
        }

        umem.ReadBegin();
        return true;
    }
}
