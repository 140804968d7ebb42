// Release runs once, stops the device on every path, and comes before pages are freed.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R31;

[DeclaresCapability("Registered", CapabilityKind.Reference)]
[DeclaresCapability("Stopped", CapabilityKind.Token)]
public abstract class Device
{
    [Acquires("Registered")]
    public abstract void Register();

    /// <summary>The registration is used up, and the device stands still.</summary>
    [ReleasesShared("Registered")]
    [Acquires("Stopped")]
    public abstract void Release();

    [TryAcquires(true, "Stopped")]
    public abstract bool TryStop();

    [Requires("Stopped")]
    public abstract void FreePages();
}

public abstract class Driver : Device
{
    [Acquires("Stopped")]
    public void WrongStop() // LOCK2012
    {
        if (!TryStop())
        {
            Console.WriteLine("busy");
        }
    }

    [Acquires("Stopped")]
    public void RightStop()
    {
        while (!TryStop())
        {
            Thread.Yield();
        }
    }
}

public static class Exit
{
    public static void WrongTwice(Device device)
    {
        device.Register();
        device.Release();
        device.Release(); // LOCK2003
        device.FreePages();
    }

    public static void WrongOrder(Device device)
    {
        device.Register();
        device.FreePages(); // LOCK6001
        device.Release();
    }

    public static void Right(Device device)
    {
        device.Register();
        device.Release();
        device.FreePages();
    }
}
