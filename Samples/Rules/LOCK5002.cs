// References that are taken and not put on every path.
using System;
using System.Buffers;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.LOCK5002;

public sealed class Device
{
    public Kref References { get; } = new();

    [Requires(nameof(References))]
    public bool Send(byte[] data) => data.Length > 0;

    public void Free()
    {
    }
}

public sealed class Connection : IDisposable
{
    private Device? _device;

    public static bool EarlyReturn(Device device, byte[] data)
    {
        device.References.Get(); // LOCK5002
        if (data.Length == 0)
        {
            return false;
        }

        bool sent = device.Send(data);
        device.References.Put(device.Free);
        return sent;
    }

    public static bool PutOnEveryPath(Device device, byte[] data)
    {
        device.References.Get();
        try
        {
            return data.Length > 0 && device.Send(data);
        }
        finally
        {
            device.References.Put(device.Free);
        }
    }

    public static int Rented(Device device, int length)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length); // LOCK5002
        if (device.References.ToString() is null)
        {
            return 0;
        }

        buffer.AsSpan().Clear();
        ArrayPool<byte>.Shared.Return(buffer);
        return length;
    }

    /// <summary>Right: the reference goes to the function that puts it.</summary>
    public static void HandedToATask(Device device, byte[] data)
    {
        device.References.Get();
        Task.Run(() =>
        {
            device.Send(data);
            device.References.Put(device.Free);
        });
    }

    /// <summary>Right: it goes into a field, and Dispose puts it.</summary>
    public void Attach(Device device)
    {
        device.References.Get();
        _device = device;
    }

    public void Dispose()
    {
        _device?.References.Put(_device.Free);
        _device = null;
    }
}
