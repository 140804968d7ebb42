// Runs the benchmarks that the command line names, with validation off and on.
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Diagnosers;
using Perfolizer.Horology;

namespace Locking.Benchmarks;

internal static class Program
{
    private static void Main(string[] arguments) =>
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments, new Configuration());

    /// <summary>
    /// Two jobs that differ in the switch only. Baseline and candidate are methods of one class, so that they alternate in one run. Short
    /// iterations: the machines these run on are shared, and the smallest figures of many are steadier than the mean of a few.
    /// </summary>
    private sealed class Configuration : ManualConfig
    {
        public Configuration()
        {
            AddJob(Short("unchecked", "0"));
            AddJob(Short("checked", "1"));
            AddDiagnoser(MemoryDiagnoser.Default);
            AddColumn(StatisticColumn.Min, StatisticColumn.Median);
            Add(DefaultConfig.Instance);
            Options |= ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile;
        }

        private static Job Short(string id, string lockdep) => Job.Default
            .WithId(id)
            .WithEnvironmentVariable("LOCKING_LOCKDEP", lockdep)

            // What is set up anew for each iteration is called some twenty times in all, and would never be optimised.
            .WithEnvironmentVariable("DOTNET_TieredCompilation", "0")
            .WithWarmupCount(4)
            .WithIterationCount(15)
            .WithIterationTime(TimeInterval.FromMilliseconds(80));
    }
}
