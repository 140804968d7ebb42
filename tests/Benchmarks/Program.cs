// Two kinds of measurement: stages of the analysis, and whole builds.
using System;
using System.CommandLine;
using System.IO;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using Locking.Benchmarks.Builds;
using Perfolizer.Horology;

var filter = new Option<string>("--filter") { Description = "Which benchmarks.", DefaultValueFactory = _ => "*" };
var stages = new Command("stages", "The stages of the analysis, with bytes allocated.") { filter };
stages.SetAction(parsed => { BenchmarkSwitcher.FromAssembly(typeof(Locking.Benchmarks.StageBenchmarks).Assembly).Run(["--filter", parsed.GetValue(filter)!], Settings()); });

var paths = new Argument<string[]>("path") { Description = "Projects that build; none measures only what is synthetic.", Arity = ArgumentArity.ZeroOrMore };
var runs = new Option<int>("--runs") { Description = "Of each variant, alternating.", DefaultValueFactory = _ => 5 };
var kloc = new Option<int[]>("--synthetic") { Description = "Sizes in KLOC of generated code.", DefaultValueFactory = _ => [50, 100, 200, 400], AllowMultipleArgumentsPerToken = true };
var report = new Option<FileInfo?>("--report") { Description = "A page whose part between the marks is replaced by the tables." };
var builds = new Command("builds", "CPU time of whole runs of the compiler, with and without analyzers.") { paths, runs, kloc, report };
builds.SetAction((parsed, cancellation) => BuildMeasurement.RunAsync(parsed.GetValue(paths)!, parsed.GetValue(runs), parsed.GetValue(kloc)!, parsed.GetValue(report), cancellation));
return await new RootCommand("Measures what the analyzers cost.") { stages, builds }.Parse(args).InvokeAsync();

// Short iterations: the machines these run on are shared, and the smallest figures of many are steadier than the mean of a few.
static ManualConfig Settings() => ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.Default.WithWarmupCount(4).WithIterationCount(15).WithIterationTime(TimeInterval.FromMilliseconds(80)))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(StatisticColumn.Min, StatisticColumn.Median)
    .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
