// Step 1: as it is easily written. A grab keeps the structure and not what is mapped, nobody holds the mappings still, and what was read is not checked.
using Locking.Mirror;

namespace Locking.Samples.MirrorDriver.Step1;

public sealed class Driver(Machine machine) : PageMirror(machine)
{
    public override bool Fault(Address page)
    {
        HmmRange range = RangeOf(page);
        AddressSpace mm = range.Mm;
        mm.Grabs.Grab();
        range.Sequence = ReadBegin();
        HmmResult result = range.Fault(); // LOCK1005 LOCK5004
        mm.Grabs.Drop();
        if (result != HmmResult.Ok)
        {
            return false;
        }

        using (DriverLock.Enter())
        {
            Install(range); // LOCK6001
        }

        return true;
    }
}
