// The lock order that the analyzers derive, kept for a picture.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Check.Order;

/// <summary>Reports nothing; remembers the models that the analyzers share with it, one for each compilation.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class OrderRecorder : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor s_none = new("ORDER", "Nothing", "Nothing", "Order", DiagnosticSeverity.Hidden, true);
    private readonly ConcurrentBag<ProgramModel> _models = [];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_none];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => _models.Add(ProgramModel.Of(start.Compilation, start.Options, start.CancellationToken)));
    }

    /// <summary>Of all projects together: classes of one name are one class.</summary>
    public LockOrderGraph Graph() => new("derived", [], Edges()
        .GroupBy(e => (Outer: e.Outer.Class, Inner: e.Inner.Class))
        .Select(g => new LockOrderEdge(g.Key.Outer, g.Key.Inner, Modes(g), Place(g.First().Outer.Acquires.FirstOrDefault()), Place(g.First().Location))));

    /// <summary>The edges that LOCK3001 would speak of, cycles through several projects included.</summary>
    public IReadOnlySet<(string Outer, string Inner)> OnCycles() =>
        new LockOrder(Edges(), []).Cycles().SelectMany(c => c).Select(e => (e.Outer.Class, e.Inner.Class)).ToHashSet();

    private IEnumerable<AcquiredUnder> Edges() => _models.SelectMany(m => m.Order)
        .Where(e => e.Outer.Class != e.Inner.Class)
        .OrderBy(e => e.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(e => e.Location.SourceSpan.Start);

    /// <summary>See Runtime/Docs/lock-graph.md. Which readers are recursive is not told apart here: all count as the stronger kind.</summary>
    private static string Modes(IEnumerable<AcquiredUnder> edges) =>
        string.Join(',', edges.Select(e => e.Outer.Mode == Mode.Exclusive ? "EN" : "SN").Distinct().Order(StringComparer.Ordinal));

    private static string Place(Location? location)
    {
        FileLinePositionSpan? span = location?.GetLineSpan();
        return span is null ? "" : $"{Path.GetFileName(span.Value.Path)}:{span.Value.StartLinePosition.Line + 1}";
    }
}
