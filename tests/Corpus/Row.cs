// One line of the table for each project.
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Locking.Check;
using Locking.Check.Loading;
using Microsoft.CodeAnalysis;

namespace Locking.Corpus;

internal sealed record Row(CheckedProject Checked, int Bodies, int Locking, Measurement? Time)
{
    public static async Task<Row> OfAsync(LoadedProject project, int runs, CancellationToken cancellation)
    {
        var counter = new BodyCounter();
        CheckedProject result = await Analysis.RunAsync(project, cancellation, counter);
        return new Row(result, counter.Bodies, counter.Locking, runs > 0 ? await Measurement.TakeAsync(project, runs, cancellation) : null);
    }

    public static string Table(IReadOnlyList<Row> rows)
    {
        var table = new StringBuilder("| project | KLOC | bodies | with locks | compile errors | findings | exceptions | compile, CPU s | with ours, CPU s | ratio |\n");
        table.Append("| --- | --: | --: | --: | --: | --- | --: | --: | --: | --: |\n");
        foreach (Row row in rows)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {row.Checked.Project} | {Kloc(row.Checked.Lines)} | {row.Bodies} | {row.Locking} | {row.Checked.Errors.Length} | {ByRule(row.Checked.Findings)} | {row.Checked.Failures.Length} | {row.Times()} |\n");
        }

        table.Append(CultureInfo.InvariantCulture, $"| **all** | {Kloc(rows.Sum(r => r.Checked.Lines))} | {rows.Sum(r => r.Bodies)} | {rows.Sum(r => r.Locking)} | {rows.Sum(r => r.Checked.Errors.Length)} | {ByRule(rows.SelectMany(r => r.Checked.Findings))} | {rows.Sum(r => r.Checked.Failures.Length)} | {Total(rows)} |\n");
        return table.ToString();
    }

    /// <summary>A finding and its related places, for reading.</summary>
    public static IEnumerable<string> Lines(Diagnostic finding) =>
        finding.AdditionalLocations.Select(l => "    " + Place(l)).Prepend($"{Place(finding.Location)}: {finding.Severity} {finding.Id}: {finding.GetMessage(CultureInfo.InvariantCulture)}");

    private static string Place(Location location)
    {
        FileLinePositionSpan span = location.GetLineSpan();
        return $"{span.Path}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1})";
    }

    private static string Kloc(int lines) => (lines / 1000.0).ToString("0.0", CultureInfo.InvariantCulture);

    private static string ByRule(IEnumerable<Diagnostic> findings) =>
        string.Join(", ", findings.GroupBy(f => f.Id).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}"));

    private static string Total(IReadOnlyList<Row> rows) =>
        rows.All(r => r.Time is not null) ? Times(rows.Sum(r => r.Time!.Compile), rows.Sum(r => r.Time!.Analyzed)) : " | | ";

    private static string Times(double compile, double analyzed) =>
        string.Create(CultureInfo.InvariantCulture, $"{compile:0.00} | {analyzed:0.00} | {analyzed / compile:0.00}");

    private string Times() => Time is null ? " | | " : Times(Time.Compile, Time.Analyzed);
}
