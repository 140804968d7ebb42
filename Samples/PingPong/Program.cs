// Ping-pong over on-demand paging: sends messages of growing sizes back and forth, and checks every byte.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Locking.Mirror;
using Locking.Samples.PingPong;
using Spectre.Console;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (Settings.Parse(args) is not { } settings)
{
    AnsiConsole.WriteLine(Settings.Usage);
    return 2;
}

var results = new List<Result>();
AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).Start(progress =>
{
    ProgressTask task = progress.AddTask("ping-pong", maxValue: settings.Sizes.Count);
    foreach (ulong size in settings.Sizes)
    {
        task.Description = $"{Report.SizeOf(size)}";
        using var game = new Game(new Machine(), size, settings);
        results.Add(game.Play());
        task.Increment(1);
    }
});

AnsiConsole.Write(Report.Table(results));
if (settings.Plot is { } file)
{
    File.WriteAllText(file, Report.Plot(results));
    AnsiConsole.WriteLine($"The plot is in {file}.");
}

int wrong = results.FindAll(result => result.Failure is not null).Count;
results.FindAll(result => result.Failure is not null).ForEach(result => AnsiConsole.WriteLine($"{Report.SizeOf(result.Size)}: {result.Failure}"));
return wrong == 0 ? 0 : 1;
