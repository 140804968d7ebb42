// The processor writes, the device reads through its mirror; then the page is unmapped, and the mirror knows.
using System;
using Locking.Mirror;
using Locking.Samples.MirrorDriver.Step4;

var machine = new Machine();
AddressSpace mm = machine.CreateAddressSpace();
if (mm.Map(machine.BaseShift.Size, VmaFlags.ReadWrite, out AddressRange range) != MmResult.Ok)
{
    mm.Users.Put();
    return 1;
}

var driver = new Driver(machine);
driver.Insert(mm, AddressRange.All);
byte[] seen = new byte[1];
foreach (byte written in new byte[] { 1, 2, 3 })
{
    mm.CpuWrite(range.Start, [written]);
    bool isMapped = driver.TryRead(range.Start, seen) || (driver.Fault(range.Start) && driver.TryRead(range.Start, seen));
    Console.WriteLine($"step 4: the processor wrote {written}, the device reads {(isMapped ? seen[0] : "nothing")}");
}

mm.Unmap(range);
Console.WriteLine($"step 4: unmapped, the device reads {(driver.TryRead(range.Start, seen) || driver.Fault(range.Start) ? seen[0] : "nothing")}");
driver.Remove();
mm.Users.Put();
return 0;
