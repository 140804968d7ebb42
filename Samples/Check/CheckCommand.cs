// What the program does, from path to exit code.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Check.Loading;
using Locking.Check.Order;
using Microsoft.CodeAnalysis;
using Spectre.Console;

namespace Locking.Check;

/// <summary>What was asked for on the command line.</summary>
internal sealed record CheckRequest(
    string Path, bool AsFolder, bool List, FileInfo? Sarif, FileInfo? Graph, FileInfo? Against, DiagnosticSeverity FailOn);

/// <summary>Exit codes; the highest that applies.</summary>
internal static class ExitCode
{
    public const int Clean = 0;
    public const int Found = 1;

    /// <summary>Some or all of the code could not be loaded, or a file not be written.</summary>
    public const int NotLoaded = 2;

    public const int AnalyzerFailed = 3;
}

internal static class CheckCommand
{
    /// <summary>Progress and problems; the other stream is for results.</summary>
    private static readonly IAnsiConsole s_progress = ProgressConsole();

    public static async Task<int> RunAsync(CheckRequest request, CancellationToken cancellation)
    {
        try
        {
            LockOrderGraph? against = request.Against is null ? null : ReadGraph(request.Against);
            LockOrderPicture.Check(request.Graph);
            MakeFolders(request.Sarif, request.Graph);
            LoadedCode code = await s_progress.Status().StartAsync($"Building {Markup.Escape(request.Path)}", _ => Loader.LoadAsync(request.Path, request.AsFolder, cancellation));
            Complain(code.Problems);
            var order = new OrderRecorder();
            List<CheckedProject> projects = await AnalyzeAsync(code, order, cancellation);
            Print(request, projects);
            Write(request, projects, order, against);
            return Verdict(request, code, projects);
        }
        catch (Exception problem) when (problem is LoadException or IOException or UnauthorizedAccessException)
        {
            Complain([problem.Message]);
            return ExitCode.NotLoaded;
        }
    }

    public static int Draw(FileInfo graph, FileInfo picture)
    {
        try
        {
            LockOrderPicture.Check(picture);
            LockOrderPicture.Write(picture, ReadGraph(graph), new HashSet<(string, string)>());
            return ExitCode.Clean;
        }
        catch (Exception problem) when (problem is LoadException or IOException or UnauthorizedAccessException)
        {
            Complain([problem.Message]);
            return ExitCode.NotLoaded;
        }
    }

    /// <summary>A file or pipe has no width: nothing is wrapped there, paths least of all.</summary>
    private static IAnsiConsole ProgressConsole()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Ansi = Console.IsErrorRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        console.Profile.Width = Console.IsErrorRedirected ? short.MaxValue : console.Profile.Width;
        return console;
    }

    private static Task<List<CheckedProject>> AnalyzeAsync(LoadedCode code, OrderRecorder order, CancellationToken cancellation) =>
        s_progress.Progress().HideCompleted(true).StartAsync(async context =>
        {
            ProgressTask all = context.AddTask("Analysing", maxValue: code.Projects.Count);
            var projects = new List<CheckedProject>();
            foreach ((string name, Func<LoadedProject> load) in code.Projects)
            {
                all.Description = "Analysing " + Markup.Escape(name);
                projects.Add(await Analysis.RunAsync(load(), cancellation, order));
                all.Increment(1);
            }

            return projects;
        });

    private static void Print(CheckRequest request, List<CheckedProject> projects)
    {
        if (request.List)
        {
            projects.SelectMany(p => p.Findings).Where(f => f.Severity > DiagnosticSeverity.Hidden).Select(f => f.ToString()).Distinct().ToList().ForEach(Console.WriteLine);
        }

        Summary.Print(projects);
        Complain(projects.Where(p => p.Errors.Length > 0).Select(p => $"{p.Project}: {p.Errors.Length} errors of the compiler, so that findings may be missing; the first: {p.Errors[0]}"));
        Complain(projects.SelectMany(p => p.Failures).Select(f => f.ToString()));
    }

    private static void Write(CheckRequest request, List<CheckedProject> projects, OrderRecorder order, LockOrderGraph? against)
    {
        if (request.Sarif is not null)
        {
            Sarif.Write(request.Sarif, request.Path, projects.SelectMany(p => p.Findings));
        }

        if (request.Graph is not null)
        {
            LockOrderPicture.Write(request.Graph, order.Graph(), order.OnCycles());
        }

        if (against is not null)
        {
            Console.WriteLine(order.Graph().CompareWith(against));
        }
    }

    private static int Verdict(CheckRequest request, LoadedCode code, List<CheckedProject> projects) =>
        projects.Any(p => p.Failures.Length > 0) ? ExitCode.AnalyzerFailed
        : code.Problems.Count > 0 ? ExitCode.NotLoaded
        : projects.Any(p => p.Findings.Any(f => f.Severity >= request.FailOn)) ? ExitCode.Found
        : ExitCode.Clean;

    /// <summary>Whoever waits for an analysis wants to hear before it that its results have no place.</summary>
    private static void MakeFolders(params FileInfo?[] files)
    {
        foreach (FileInfo file in files.OfType<FileInfo>())
        {
            file.Directory!.Create();
        }
    }

    private static LockOrderGraph ReadGraph(FileInfo file)
    {
        try
        {
            using StreamReader reader = file.OpenText();
            return LockOrderGraph.Read(reader);
        }
        catch (FormatException problem)
        {
            throw new LoadException($"'{file}' is no lock-order graph. {problem.Message}");
        }
    }

    private static void Complain(IEnumerable<string> problems)
    {
        foreach (string problem in problems)
        {
            Console.Error.WriteLine(problem);
        }
    }
}
