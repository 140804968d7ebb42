// Whatever source becomes while it is typed, the analyzers neither fail nor hang, and say the same twice.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FsCheck;
using FsCheck.Fluent;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.FSharp.Core;
using Xunit;

namespace Locking.Tests.Robustness;

public sealed class MutationTests
{
    /// <summary>How many mutated files are tried; LOCKING_MUTATIONS asks for more, LOCKING_SEED for others.</summary>
    private static readonly int s_count = Settings.Number("LOCKING_MUTATIONS", 25);

    private static readonly int s_seed = Settings.Number("LOCKING_SEED", 1);

    /// <summary>A body that takes this long never ends: the bounds of the analysis would have stopped it long before.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(5);

    private static readonly (string Path, string Text)[] s_declarations = Files("tests", "Conformance").Where(f => !Path.GetFileName(f.Path).StartsWith('T')).ToArray();

    private static readonly (string Path, string Text)[] s_sources = [.. Files("tests", "Conformance").Except(s_declarations), .. Files("Samples", "Rules"), .. Files("Samples", "Valid")];

    [Fact]
    public void MutatedSource_NeitherFailsNorHangsNorChangesItsFindings()
    {
        Gen<Mutation> mutation =
            from kind in Gen.Elements(Enum.GetValues<MutationKind>())
            from at in Gen.Choose(0, 1_000_000)
            from other in Gen.Choose(0, 1_000_000)
            select new Mutation(kind, at, other);
        Gen<(int File, Mutation[] Mutations)> cases =
            from file in Gen.Choose(0, s_sources.Length - 1)
            from mutations in Gen.ArrayOf(mutation, 3)
            select (file, mutations);
        var replay = new Replay(new Rnd((ulong)s_seed, 1), FSharpOption<int>.None);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(s_count).WithReplay(FSharpOption<Replay>.Some(replay));
        Check.One(config, Prop.ForAll(Arb.From(cases), c => Try(s_sources[c.File], c.Mutations)));
    }

    private static void Try((string Path, string Text) source, Mutation[] mutations)
    {
        string text = mutations.Aggregate(source.Text, (t, m) => m.Apply(t));
        bool isConformance = source.Path.Contains("Conformance", StringComparison.Ordinal);
        IEnumerable<(string, string)> files = isConformance ? s_declarations.Append((source.Path, text)) : [(source.Path, text)];

        Task<string> run = Task.Run(() => Findings(files, !isConformance));
        Assert.True(run.Wait(s_hang), $"The analysis of {source.Path} does not end:\n{text}");
        Assert.Equal(run.Result, Findings(files, !isConformance));
    }

    private static string Findings(IEnumerable<(string, string)> files, bool withRuntime) =>
        string.Join("\n", Analysis.Run(Analysis.Compile(files, withRuntime), allowErrors: true).Select(d => d + string.Concat(d.AdditionalLocations)));

    private static (string Path, string Text)[] Files(params string[] folder) =>
        Directory.GetFiles(Repository.PathOf(folder), "*.cs").Order(StringComparer.Ordinal).Select(f => (f, File.ReadAllText(f))).ToArray();
}
