// Step 2: a user reference, and the mappings held still. The retry check comes too early: an invalidation between it and the lock goes unseen.
using Locking.Mirror;

namespace Locking.Samples.MirrorDriver.Step2;

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

        bool isInstalled = false;
        while (!isInstalled && Walk(range))
        {
            if (ReadRetry(range.Sequence)) // LOCK6002
            {
                continue;
            }

            using (DriverLock.Enter())
            {
                Install(range);
                isInstalled = true;
            }
        }

        mm.Users.Put();
        return isInstalled;
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
}
