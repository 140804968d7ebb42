// One side of the game: a process with a device.
using System;
using Locking.Mirror;

namespace Locking.Samples.PingPong;

/// <summary>One side: a process, its device, the memory that messages leave from and arrive in, and scratch memory beside it.</summary>
internal sealed class Player
{
    public Player(Machine machine, ulong size)
    {
        Mm = machine.CreateAddressSpace();
        Context = new RdmaDevice(machine).Open(Mm);
        Queue = new QueuePair(Context);
        Outgoing = Map(size);
        Incoming = Map(size);
        Source = Register(Outgoing);
        Target = Register(Incoming);
    }

    public AddressSpace Mm { get; }

    public UserContext Context { get; }

    public QueuePair Queue { get; }

    public AddressRange Outgoing { get; }

    public AddressRange Incoming { get; }

    public MemoryRegion Source { get; }

    public MemoryRegion Target { get; }

    /// <summary>Ends regions and process.</summary>
    public void Close()
    {
        Source.Deregister();
        Target.Deregister();
        Mm.Users.Put();
    }

    private AddressRange Map(ulong size) => Mm.Map(new Bytes(size), VmaFlags.ReadWrite, out AddressRange range) == MmResult.Ok
        ? AddressRange.Of(range.Start, new Bytes(size))
        : throw new InvalidOperationException("There is no memory for a message.");

    private MemoryRegion Register(AddressRange range) => Context.Register(range, OdpAccess.Read | OdpAccess.Write, out MemoryRegion? region) == OdpResult.Ok
        ? region!
        : throw new InvalidOperationException("A region cannot be registered.");
}
