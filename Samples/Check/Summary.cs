// The table on the screen.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Spectre.Console;

namespace Locking.Check;

internal static class Summary
{
    /// <summary>Columns of a file or pipe, which has no width of its own.</summary>
    private const int RedirectedWidth = 160;

    /// <summary>A line for each rule of each project; hidden findings are left out.</summary>
    public static void Print(IReadOnlyList<CheckedProject> projects)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = RedirectedWidth;
        }

        AnsiConsole.Write(Of(projects));
    }

    private static Table Of(IReadOnlyList<CheckedProject> projects)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("Project", "Rule", "What is wrong", "Severity").AddColumn("Findings", c => c.RightAligned());
        int all = 0;
        foreach (CheckedProject project in projects)
        {
            foreach (IGrouping<string, Diagnostic> rule in project.Findings.Where(f => f.Severity > DiagnosticSeverity.Hidden).GroupBy(f => f.Id).OrderBy(g => g.Key))
            {
                Diagnostic first = rule.First();
                all += rule.Count();
                table.AddRow(Cells(project.Project, rule.Key, first.Descriptor.Title.ToString(CultureInfo.InvariantCulture), first.Severity.ToString().ToLowerInvariant(), Number(rule.Count())));
            }
        }

        string size = $"{projects.Count} {(projects.Count == 1 ? "project" : "projects")}, {Number(projects.Sum(p => p.Lines))} lines";
        return table.AddRow(Cells("all", "", size, "", Number(all)));
    }

    private static Markup[] Cells(params string[] texts) => [.. texts.Select(t => new Markup(Markup.Escape(t)))];

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
