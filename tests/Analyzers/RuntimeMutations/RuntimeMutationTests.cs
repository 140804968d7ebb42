// The Runtime is the analyzers' first client: whichever line of it a contract hangs on is taken away, the analyzers have to notice.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using Xunit.Abstractions;

namespace Locking.Tests.RuntimeMutations;

public sealed class RuntimeMutationTests(ITestOutputHelper output)
{
    /// <summary>How many lines are tried; LOCKING_RUNTIME_MUTATIONS asks for more, or with 0 for all, LOCKING_SEED for others.</summary>
    private static readonly int s_count = Settings.Number("LOCKING_RUNTIME_MUTATIONS", 12);

    private static readonly int s_seed = Settings.Number("LOCKING_SEED", 1);

    /// <summary>How many such lines there have to be for the share to mean anything.</summary>
    private const int Fewest = 100;

    /// <summary>Of a hundred lines, how many have to be noticed.</summary>
    private const int Share = 90;

    private static readonly string[] s_table = File.ReadAllLines(Repository.PathOf("Analyzers", "Docs", "mutations.md"));

    [Fact]
    public void LineThatIsTakenAway_IsNoticed()
    {
        CSharpCompilation runtime = Runtime();
        RuntimeMutant[] all = RuntimeMutant.Find(runtime, new ContractReader(runtime, [])).ToArray();
        Assert.True(all.Length >= Fewest, $"Only {all.Length} lines of the Runtime matter for a contract.");

        ImmutableHashSet<string> known = Analysis.Run(runtime).Select(Text).ToImmutableHashSet();
        List<(RuntimeMutant Mutant, string Found)> tried = Rounds(Chosen(all)).SelectMany(round => Try(runtime, round, known)).ToList();
        List<string> missed = tried.Where(t => t.Found.Length == 0).Select(t => NameOf(t.Mutant)).ToList();
        tried.ForEach(t => output.WriteLine($"{(t.Found.Length == 0 ? "MISSED" : t.Found)}  {NameOf(t.Mutant)}"));
        output.WriteLine($"{tried.Count - missed.Count} of {tried.Count} noticed, {100.0 * (tried.Count - missed.Count) / tried.Count:0.0} %; {all.Length} lines there are.");

        Assert.True(missed.Count * 100 <= (100 - Share) * Math.Max(tried.Count, Fewest), string.Join("\n", missed));
        Assert.All(missed, m => Assert.Contains(s_table, row => row.StartsWith($"| {m} |", StringComparison.Ordinal)));
    }

    /// <summary>The same for everybody who asks for as many with the same seed.</summary>
    private static IEnumerable<RuntimeMutant> Chosen(RuntimeMutant[] all)
    {
        if (s_count == 0)
        {
            return all;
        }

        var random = new Random(s_seed);
        RuntimeMutant[] shuffled = [.. all];
        random.Shuffle(shuffled);
        return shuffled.Take(s_count);
    }

    /// <summary>One line of each file at a time: they are told apart by the member in which something is found.</summary>
    private static IEnumerable<RuntimeMutant[]> Rounds(IEnumerable<RuntimeMutant> mutants) => mutants
        .GroupBy(m => m.Tree)
        .SelectMany(file => file.Select((mutant, round) => (mutant, round)))
        .GroupBy(m => m.round, m => m.mutant)
        .OrderBy(round => round.Key)
        .Select(round => round.ToArray());

    private static bool Compiles(CSharpCompilation mutated, SyntaxTree tree) =>
        !mutated.GetSemanticModel(tree).GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error);

    /// <summary>What is found of each mutant that compiles. Nothing that is taken away is a declaration, so only its own file can be broken. One of which nothing is found where it is, is tried once more by itself.</summary>
    private static IEnumerable<(RuntimeMutant Mutant, string Found)> Try(CSharpCompilation runtime, RuntimeMutant[] mutants, ImmutableHashSet<string> known)
    {
        (RuntimeMutant Mutant, SyntaxTree Tree)[] changed = mutants.Select(m => (m, m.Apply())).ToArray();
        CSharpCompilation mutated = changed.Aggregate(runtime, (c, m) => c.ReplaceSyntaxTree(m.Mutant.Tree, m.Tree));
        RuntimeMutant[] sound = changed.Where(m => Compiles(mutated, m.Tree)).Select(m => m.Mutant).ToArray();
        if (sound.Length == 0)
        {
            yield break;
        }

        CSharpCompilation compiling = changed.Where(m => sound.Contains(m.Mutant)).Aggregate(runtime, (c, m) => c.ReplaceSyntaxTree(m.Mutant.Tree, m.Tree));
        Diagnostic[] found = Analysis.Run(compiling, allowErrors: true).Where(d => d.Severity >= DiagnosticSeverity.Info && !known.Contains(Text(d))).ToArray();
        foreach (RuntimeMutant mutant in sound)
        {
            string[] here = found.Where(d => sound.Length == 1 || mutant.IsAround(d.Location)).Select(d => d.Id).Distinct().Order(StringComparer.Ordinal).ToArray();
            yield return here.Length > 0 || sound.Length == 1 ? (mutant, string.Join(' ', here)) : Try(runtime, [mutant], known).Single();
        }
    }

    private static string Text(Diagnostic finding) => $"{finding.Id} {finding.Location.GetLineSpan()} {finding.GetMessage()}";

    private static string NameOf(RuntimeMutant mutant) =>
        $"{Path.GetRelativePath(Repository.PathOf("Runtime"), mutant.Tree.FilePath).Replace('\\', '/')} | `{mutant.Line}`";

    private static CSharpCompilation Runtime() => Analysis.Compile(
        Directory.GetFiles(Repository.PathOf("Runtime"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => (f, File.ReadAllText(f))),
        withRuntime: false,
        name: "Locking.Runtime");
}
