// Rented arrays and handles that a method takes and others give back: stored, wrapped, passed to helpers, given back in a local function.
using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace Locking.Samples.Valid.HandedOn;

public readonly record struct Payload(byte[] Array, int Length);

public sealed class Reader(Stream stream)
{
    private readonly Queue<byte[]> _spare = new();
    private Payload _data;

    /// <summary>The wrapper takes the array along.</summary>
    public bool TryRead(int length)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(length);
        if (stream.Read(array, 0, length) == 0)
        {
            ArrayPool<byte>.Shared.Return(array);
            return false;
        }

        _data = new(array, length);
        return true;
    }

    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_data.Array);
        _data = default;
    }

    /// <summary>Kept for the next time, or given back by a helper.</summary>
    public int Skip(int length)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(length);
        int read = stream.Read(array, 0, length);
        if (_spare.Count == 0)
        {
            _spare.Enqueue(array);
        }
        else
        {
            GiveBack(array);
        }

        return read;
    }

    /// <summary>Small ones need no array; a null is not given back.</summary>
    public static int Sum(ReadOnlySpan<byte> values)
    {
        byte[]? rented = null;
        Span<byte> copy = values.Length <= 64 ? stackalloc byte[64] : rented = Rent(values.Length);
        values.CopyTo(copy);
        int sum = 0;
        foreach (byte value in copy.Slice(0, values.Length))
        {
            sum += value;
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return sum;

        static byte[] Rent(int length) => ArrayPool<byte>.Shared.Rent(length);
    }

    /// <summary>Grown by giving back the old one.</summary>
    public static int Grow(int length)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(16);
        while (array.Length < length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(array.Length * 2);
            Buffer.BlockCopy(array, 0, larger, 0, array.Length);
            ArrayPool<byte>.Shared.Return(array);
            array = larger;
        }

        int grown = array.Length;
        ArrayPool<byte>.Shared.Return(array);
        return grown;
    }

    /// <summary>Whoever gets the pointer frees the handle.</summary>
    public static IntPtr Pin(object target, bool keep)
    {
        GCHandle handle = GCHandle.Alloc(target);
        if (keep)
        {
            return GCHandle.ToIntPtr(handle);
        }

        handle.Free();
        return IntPtr.Zero;
    }

    /// <summary>The count of a handle is taken and given back around the call.</summary>
    public static IntPtr Use(SafeHandle handle)
    {
        bool taken = false;
        try
        {
            handle.DangerousAddRef(ref taken);
            return handle.DangerousGetHandle();
        }
        finally
        {
            if (taken)
            {
                handle.DangerousRelease();
            }
        }
    }

    private static void GiveBack(byte[] array) => ArrayPool<byte>.Shared.Return(array);
}
