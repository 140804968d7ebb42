// What each stage of the analysis costs for one body.
using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using BenchmarkDotNet.Attributes;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Flow.Lowering;
using Locking.Analyzers.Rules;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Benchmarks;

/// <summary>
/// The bodies are bound beforehand, for the compiler does that anyway. A body without locks goes through the gate and no further.
/// </summary>
public class StageBenchmarks
{
    private const string Source = """
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using Locking;

        public sealed class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private decimal _balance;
            [GuardedBy(nameof(_gate)), ContentsGuardedBy(nameof(_gate))] private readonly List<string> _log = new();

            [Requires(nameof(_gate))]
            private void Book(decimal amount) => _balance += amount;

            public decimal WithLock(decimal amount, bool note)
            {
                lock (_gate)
                {
                    if (_balance + amount < 0)
                    {
                        return _balance;
                    }

                    Book(amount);
                    if (note)
                    {
                        _log.Add(amount.ToString());
                    }

                    foreach (string line in _log)
                    {
                        Monitor.Pulse(_gate);
                    }

                    return _balance;
                }
            }
        }

        public static class Plain
        {
            public static int WithoutLock(int[] values, string text)
            {
                int sum = 0;
                for (int i = 0; i < values.Length; i++)
                {
                    sum += values[i] > 0 ? values[i] : text.Length;
                }

                return values.Select(v => v + sum).Where(v => v % 2 == 0).Sum() + text.IndexOf('x');
            }
        }
        """;

    private CSharpCompilation _compilation = null!;
    private ContractReader _reader = null!;
    private (IMethodSymbol Symbol, IOperation Root) _plain;
    private (IMethodSymbol Symbol, IOperation Root) _locking;
    private ControlFlowGraph _graph = null!;
    private Body _body = null!;
    private FlowResult _result = null!;

    [GlobalSetup]
    public void Bind()
    {
        ImmutableArray<MetadataReference> references =
            [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p))];
        _compilation = CSharpCompilation.Create("Bodies", [CSharpSyntaxTree.ParseText(Source)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        _reader = new ContractReader(_compilation, []);
        _plain = Find("WithoutLock");
        _locking = Find("WithLock");
        _graph = ControlFlowGraph.Create((IMethodBodyOperation)_locking.Root);
        _body = (Body)Lowering();
        _result = (FlowResult)FlowAndReplay()!;
        if (Rules() != 0 || _result.Events.IsEmpty)
        {
            throw new InvalidOperationException("The body that is measured should be right, and do something.");
        }
    }

    /// <summary>Is there anything about locks in it? No: as for nearly every body of a program.</summary>
    [Benchmark]
    public object? GateWithoutLock() => BodyScan.Of(_plain.Symbol, _plain.Root, _reader, infersGuards: false, static _ => false);

    [Benchmark]
    public object? GateWithLock() => BodyScan.Of(_locking.Symbol, _locking.Root, _reader, infersGuards: true, static _ => true);

    /// <summary>Once for each compilation: the framework's locks, and the contracts of one method.</summary>
    [Benchmark]
    public object Contracts() => new ContractReader(_compilation, []).Code(_locking.Symbol);

    /// <summary>From the compiler's graph, which it has anyway, to steps.</summary>
    [Benchmark]
    public object Lowering() => BodyLowering.Lower(_locking.Symbol, _graph, _reader, tracksContents: true, infersGuards: true);

    [Benchmark]
    public object? Graph() => GraphBuilder.Build(_body, new NoSummaries());

    /// <summary>The graph, the fixpoint, and the replay that makes events.</summary>
    [Benchmark]
    public object? FlowAndReplay() => LocksetFlow.Run(_body, _reader, Callers.Unknown, new NoSummaries(), mayHold: true, CancellationToken.None);

    [Benchmark]
    public int Rules()
    {
        var findings = new Findings(null);
        foreach (LockEvent e in _result.Events)
        {
            foreach (BodyRule rule in RuleList.Bodies)
            {
                rule.Check(e, findings);
            }
        }

        return findings.Diagnostics.Count;
    }

    private (IMethodSymbol Symbol, IOperation Root) Find(string name)
    {
        SyntaxTree tree = _compilation.SyntaxTrees[0];
        SemanticModel model = _compilation.GetSemanticModel(tree);
        MethodDeclarationSyntax method = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Single(m => m.Identifier.Text == name);
        return (model.GetDeclaredSymbol(method)!, model.GetOperation(method)!);
    }

    private sealed class NoSummaries : ISummarySource
    {
        public MethodSummary? Find(CallStep call) => null;

        public bool IsForeign(IMethodSymbol method) => false;

        public MethodSummary? Find(IMethodSymbol method) => null;
    }
}
