// All sizes, one after the other, with a progress bar; then the table and the plot.
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Locking.Mirror;
using Spectre.Console;

namespace Locking.Samples.PingPong;

/// <summary>All sizes, one after the other, and what is told of them.</summary>
internal static class Tournament
{
    public const int BadArguments = 2;

    private const int Wrong = 1, Interrupted = 130;

    /// <summary>Plays; the exit code. Where it is interrupted, what was played until then is told.</summary>
    public static int Play(Settings settings, CancellationToken cancellation)
    {
        List<Result> results = PlayAll(settings, cancellation);
        AnsiConsole.Write(Report.Table(results));
        List<Result> wrong = results.FindAll(result => result.Failure is not null);
        wrong.ForEach(result => AnsiConsole.WriteLine($"{Report.SizeOf(result.Size)}: {result.Failure}"));
        bool isPlotted = settings.Plot is null || results.Count == 0 || TryPlot(settings.Plot, results);
        return wrong.Count > 0 ? Wrong : cancellation.IsCancellationRequested ? Interrupted : isPlotted ? 0 : BadArguments;
    }

    private static List<Result> PlayAll(Settings settings, CancellationToken cancellation)
    {
        var results = new List<Result>();
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).Start(progress =>
        {
            ProgressTask task = progress.AddTask("ping-pong", maxValue: settings.Sizes.Count);
            foreach (ulong size in settings.Sizes)
            {
                task.Description = $"{Report.SizeOf(size)}";
                using var game = new Game(new Machine(), size, settings);
                if (game.Play(cancellation) is { Rounds: > 0 } result)
                {
                    results.Add(result);
                }

                if (cancellation.IsCancellationRequested)
                {
                    break;
                }

                task.Increment(1);
            }
        });
        return results;
    }

    private static bool TryPlot(FileInfo file, List<Result> results)
    {
        try
        {
            File.WriteAllText(file.FullName, Report.Plot(results));
            AnsiConsole.WriteLine($"The plot is in {file}.");
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            AnsiConsole.WriteLine($"The plot cannot be written: {problem.Message}");
            return false;
        }
    }
}
