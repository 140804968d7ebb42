// Step 3: checked and installed under one lock. A fault that fails forgets the reference: the address space never ends.
using Locking.Mirror;

namespace Locking.Samples.MirrorDriver.Step3;

public sealed class Driver(Machine machine) : PageMirror(machine)
{
    public override bool Fault(Address page)
    {
        HmmRange range = RangeOf(page);
        AddressSpace mm = range.Mm;
        if (!mm.Users.TryGet()) // LOCK5002
        {
            return false;
        }

        do
        {
            if (!Walk(range))
            {
                return false;
            }
        }
        while (!TryInstall(range));

        mm.Users.Put();
        return true;
    }

    [RequiresShared("range.Mm.Users")]
    private bool Walk(HmmRange range)
    {
        range.Sequence = ReadBegin();
        using (range.Mm.MmapSem.EnterRead())
        {
            return range.Fault() == HmmResult.Ok;
        }
    }

    private bool TryInstall(HmmRange range)
    {
        using (DriverLock.Enter())
        {
            if (ReadRetry(range.Sequence))
            {
                return false;
            }

            Install(range);
            return true;
        }
    }
}
