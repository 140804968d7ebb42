// Spin locks that are copied.
using System.Threading;

namespace Locking.Samples.LOCK7005;

public sealed class Slots
{
    private readonly SpinLock _fixed = new(enableThreadOwnerTracking: false); // LOCK7005
    private SpinLock _spin = new(enableThreadOwnerTracking: false);

    public bool IsAnybodyThere()
    {
        SpinLock copy = _spin; // LOCK7005
        return copy.IsHeld || _fixed.IsHeld;
    }

    /// <summary>Right: used where it stands, in a field that is not readonly.</summary>
    public int Take(int slot)
    {
        bool taken = false;
        try
        {
            _spin.Enter(ref taken);
            return slot + 1;
        }
        finally
        {
            if (taken)
            {
                _spin.Exit();
            }
        }
    }
}
