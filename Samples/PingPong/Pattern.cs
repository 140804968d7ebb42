// What messages consist of.
using System;
using Locking.Mirror;

namespace Locking.Samples.PingPong;

/// <summary>Bytes that tell where they belong: those of each page depend on its place and on the message, and no two pieces of a page are alike.</summary>
internal static class Pattern
{
    private const int Page = 1 << 12;

    private static readonly byte[] s_noise = MakeNoise();

    /// <summary>Fills a piece of a message.</summary>
    /// <param name="data">The piece.</param>
    /// <param name="offset">Where in the message it begins.</param>
    /// <param name="number">The number of the message.</param>
    public static void Fill(Span<byte> data, Bytes offset, int number)
    {
        ulong place = offset.Value;
        while (!data.IsEmpty)
        {
            ulong page = place / Page, at = place % Page;
            ulong start = ((page * 31) + ((ulong)number * 7)) % Page;
            int length = (int)Math.Min((ulong)data.Length, Page - at);
            s_noise.AsSpan((int)(start + at), length).CopyTo(data);
            data = data[length..];
            place += (ulong)length;
        }
    }

    private static byte[] MakeNoise()
    {
        byte[] noise = new byte[2 * Page];
        new Random(1).NextBytes(noise);
        return noise;
    }
}
