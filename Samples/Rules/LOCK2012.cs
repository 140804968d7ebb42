// A body does what its contract says.
using System.Threading;

namespace Locking.Samples.LOCK2012;

public sealed class Transaction
{
    private readonly Lock _gate = new();
    private bool _isOpen;

    [Acquires(nameof(_gate))]
    public void Begin(bool isNested) // LOCK2012
    {
        if (isNested)
        {
            return;
        }

        _gate.Enter();
        _isOpen = true;
    }

    [TryAcquires(true, nameof(_gate))]
    public bool TryBegin()
    {
        if (!_gate.TryEnter())
        {
            return false;
        }

        _isOpen = true;
        return true;
    }

    [Releases(nameof(_gate))]
    public void End()
    {
        _isOpen = false;
        _gate.Exit();
    }
}
