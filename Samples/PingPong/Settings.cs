// What the command line asks for.
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Numerics;
using System.Threading;

namespace Locking.Samples.PingPong;

/// <summary>What the command line asks for.</summary>
/// <param name="Sizes">The sizes of messages, in bytes.</param>
/// <param name="Rounds">How often each goes back and forth, fewer times where that would be more than <see cref="MostBytes"/>.</param>
/// <param name="IsPrefetched">Whether memory is prefetched before each message.</param>
/// <param name="IsDisturbed">Whether a thread unmaps, moves and forks all the while.</param>
/// <param name="Seed">The seed of the disturbance.</param>
/// <param name="Plot">Where the plot goes; null for none.</param>
internal sealed record Settings(List<ulong> Sizes, int Rounds, bool IsPrefetched, bool IsDisturbed, int Seed, FileInfo? Plot)
{
    /// <summary>No size moves more than this, once it has gone back and forth.</summary>
    public const ulong MostBytes = 1UL << 28;

    private const ulong Largest = 1UL << 30;

    /// <summary>The command line, with what is wrong with it; the action gets what it asks for.</summary>
    public static RootCommand Command(Func<Settings, CancellationToken, int> action)
    {
        var max = Between(new Option<ulong>("--max") { Description = "The largest message in bytes, up to 1 GiB; others are 1 byte, and 4 times as many each.", DefaultValueFactory = _ => 1UL << 24 }, 1UL, Largest);
        var rounds = Between(new Option<int>("--rounds") { Description = "How often messages of a size go back and forth.", DefaultValueFactory = _ => 50 }, 1, int.MaxValue);
        var prefetch = new Option<bool>("--prefetch") { Description = "Prefetch memory before each message." };
        var quiet = new Option<bool>("--quiet") { Description = "Without the thread that unmaps, moves and forks all the while." };
        var seed = new Option<int>("--seed") { Description = "The seed of that thread.", DefaultValueFactory = _ => 1 };
        var plot = new Option<FileInfo?>("--plot") { Description = "Write a plot of the rates as SVG." };
        var root = new RootCommand("Ping-pong over on-demand paging, every byte checked. Exit code: 0 all right, 1 a message was wrong, 2 bad arguments or no plot, 130 interrupted.")
        {
            max, rounds, prefetch, quiet, seed, plot,
        };
        root.SetAction((parsed, cancellation) => System.Threading.Tasks.Task.Run(() => action(
            new Settings(SizesUpTo(parsed.GetValue(max)), parsed.GetValue(rounds), parsed.GetValue(prefetch), !parsed.GetValue(quiet), parsed.GetValue(seed), parsed.GetValue(plot)),
            cancellation)));
        return root;
    }

    private static Option<T> Between<T>(Option<T> option, T least, T most)
        where T : struct, INumber<T>
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && T.TryParse(result.Tokens[0].Value, null, out T value) && (value < least || value > most))
            {
                result.AddError($"{option.Name} must be from {least} to {most}, and is {value}.");
            }
        });
        return option;
    }

    private static List<ulong> SizesUpTo(ulong max)
    {
        var sizes = new List<ulong>();
        for (ulong size = 1; size < max; size *= 4)
        {
            sizes.Add(size);
        }

        sizes.Add(max);
        return sizes;
    }
}
