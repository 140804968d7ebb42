// Step 4: get, begin, walk, check and install under the driver lock, put. The order that mirrors of the kernel keep.
using Locking.Mirror;

namespace Locking.Samples.MirrorDriver.Step4;

public sealed class Driver(Machine machine) : PageMirror(machine)
{
    public override bool Fault(Address page)
    {
        HmmRange range = RangeOf(page);
        AddressSpace mm = range.Mm;
        if (!mm.Users.TryGet())
        {
            return false;
        }

        try
        {
            do
            {
                if (!Walk(range))
                {
                    return false;
                }
            }
            while (!TryInstall(range));

            return true;
        }
        finally
        {
            mm.Users.Put();
        }
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
