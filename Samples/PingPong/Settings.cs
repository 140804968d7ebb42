// What the command line asks for.
using System;
using System.Collections.Generic;

namespace Locking.Samples.PingPong;

/// <summary>What the command line asks for.</summary>
/// <param name="Sizes">The sizes of messages, in bytes.</param>
/// <param name="Rounds">How often each goes back and forth, fewer times where that would be more than <see cref="MostBytes"/>.</param>
/// <param name="IsPrefetched">Whether memory is prefetched before each message.</param>
/// <param name="IsDisturbed">Whether a thread unmaps, moves and forks all the while.</param>
/// <param name="Seed">The seed of the disturbance.</param>
/// <param name="Plot">Where the plot goes; null for none.</param>
internal sealed record Settings(List<ulong> Sizes, int Rounds, bool IsPrefetched, bool IsDisturbed, int Seed, string? Plot)
{
    public const string Usage = "PingPong [--max BYTES] [--rounds N] [--prefetch] [--quiet] [--seed N] [--plot FILE.svg]";

    /// <summary>No size moves more than this, once it has gone back and forth.</summary>
    public const ulong MostBytes = 1UL << 28;

    private const ulong Largest = 1UL << 30;

    /// <summary>Reads the arguments; null where they make no sense.</summary>
    public static Settings? Parse(string[] args)
    {
        (ulong max, int rounds, int seed) = (1UL << 24, 50, 1);
        (bool prefetch, bool quiet, string? plot) = (false, false, null);
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--max" when ulong.TryParse(value, out max) && max is >= 1 and <= Largest:
                case "--rounds" when int.TryParse(value, out rounds) && rounds > 0:
                case "--seed" when int.TryParse(value, out seed):
                    i++;
                    break;
                case "--plot" when value is not null:
                    (plot, i) = (value, i + 1);
                    break;
                case "--prefetch":
                    prefetch = true;
                    break;
                case "--quiet":
                    quiet = true;
                    break;
                default:
                    return null;
            }
        }

        var sizes = new List<ulong>();
        for (ulong size = 1; size < max; size *= 4)
        {
            sizes.Add(size);
        }

        sizes.Add(max);
        return new Settings(sizes, rounds, prefetch, !quiet, seed, plot);
    }
}
