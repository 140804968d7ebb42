// The analyzers over code as it is: a summary on the screen, SARIF for tools, a picture of the lock order for people.
using System;
using System.CommandLine;
using System.IO;
using Locking.Check;
using Microsoft.CodeAnalysis;

var path = new Argument<string>("path") { Description = "A solution, a project, or a folder that has one.", DefaultValueFactory = _ => "." };
var folder = new Option<bool>("--folder") { Description = "Read the sources below the path and build nothing: for code that does not restore." };
var list = new Option<bool>("--list") { Description = "Print each finding, not only their numbers." };
var sarif = new Option<FileInfo?>("--sarif") { Description = "Write the findings as SARIF 2.1." };
var graph = new Option<FileInfo?>("--graph") { Description = "Write which locks are acquired under which; the ending decides: .dot, .mmd (Mermaid), .svg, or .txt for a later --against." };
var against = new Option<FileInfo?>("--against") { Description = "Compare that with a lock-order graph in a .txt file: one observed at run time, or an earlier one." };
var failOn = new Option<DiagnosticSeverity>("--fail-on") { Description = "The least severity that makes the exit code 1.", DefaultValueFactory = _ => DiagnosticSeverity.Warning };
var root = new RootCommand("Runs the Locking analyzers over existing code without touching it. Exit code: 0 nothing found, 1 findings, 2 not everything could be loaded, 3 an analyzer failed.")
{
    path, folder, list, sarif, graph, against, failOn,
};
root.SetAction((parsed, cancellation) => CheckCommand.RunAsync(
    new CheckRequest(
        parsed.GetValue(path)!, parsed.GetValue(folder), parsed.GetValue(list), parsed.GetValue(sarif), parsed.GetValue(graph), parsed.GetValue(against), parsed.GetValue(failOn)),
    cancellation));

var picture = new Argument<FileInfo>("graph") { Description = "A lock-order graph in a .txt file, as the run-time validator writes it." };
var output = new Argument<FileInfo>("picture") { Description = "The file to write; the ending decides: .dot, .mmd, .svg." };
var draw = new Command("draw", "Draws a lock-order graph that was written before.") { picture, output };
draw.SetAction(parsed => CheckCommand.Draw(parsed.GetValue(picture)!, parsed.GetValue(output)!));
root.Subcommands.Add(draw);
ParseResult result = root.Parse(args);
return result.Errors.Count > 0 ? Math.Max(ExitCode.NotLoaded, await result.InvokeAsync()) : await result.InvokeAsync();
