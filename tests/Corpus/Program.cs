// The corpus runner: any code base in, a table in Markdown out.
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Check;
using Locking.Check.Loading;
using Locking.Corpus;
using Microsoft.CodeAnalysis;

var paths = new Argument<string[]>("path") { Description = "Solutions, projects or folders outside this repository.", Arity = ArgumentArity.OneOrMore };
var folder = new Option<bool>("--folder") { Description = "Read the sources below each path and build nothing: for code that does not restore." };
var runs = new Option<int>("--runs") { Description = "Runs for each time; 0 measures none.", DefaultValueFactory = _ => 5 };
var findings = new Option<FileInfo?>("--findings") { Description = "Write every finding to this file, for reading." };
var only = new Option<string?>("--only") { Description = "Only projects whose name contains this." };
var root = new RootCommand("Runs the analyzers over code bases and writes a table: size, findings by rule, analyzer exceptions, CPU time.") { paths, folder, runs, findings, only };
root.SetAction((parsed, cancellation) => RunAsync(
    parsed.GetValue(paths)!, parsed.GetValue(folder), parsed.GetValue(runs), parsed.GetValue(findings), parsed.GetValue(only) ?? "", cancellation));
return await root.Parse(args).InvokeAsync();

static async Task<int> RunAsync(string[] paths, bool folder, int runs, FileInfo? findings, string only, CancellationToken cancellation)
{
    var rows = new List<Row>();
    try
    {
        foreach (string path in paths)
        {
            LoadedCode code = await Loader.LoadAsync(path, folder, cancellation);
            code.Problems.ToList().ForEach(Console.Error.WriteLine);
            foreach ((string name, Func<LoadedProject> load) in code.Projects.Where(p => p.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
            {
                Console.Error.WriteLine(name);
                rows.Add(await Row.OfAsync(load(), runs, cancellation));
            }
        }
    }
    catch (LoadException problem)
    {
        await Console.Error.WriteLineAsync(problem.Message);
        return 2;
    }

    Console.Write(Row.Table(rows));
    if (findings is not null)
    {
        await File.WriteAllLinesAsync(findings.FullName, rows.SelectMany(r => r.Checked.Findings).SelectMany(Row.Lines), cancellation);
    }

    rows.SelectMany(r => r.Checked.Failures).ToList().ForEach(Console.Error.WriteLine);
    return rows.Any(r => r.Checked.Failures.Length > 0) ? 1 : 0;
}
