// Everything that is known of one compilation, shared by the two analyzers that look at it.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Flow.Lowering;
using Locking.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Analyzers.Summaries;

/// <summary>
/// Bodies are added while the compiler visits them, by whichever analyzer comes first; what follows from them is computed once and kept.
/// Thread-safe. Held weakly by the compilation, so that it lives exactly as long.
/// </summary>
internal sealed class ProgramModel
{
    private static readonly ConditionalWeakTable<Compilation, ConditionalWeakTable<AnalyzerOptions, ProgramModel>> s_models = new();

    private readonly ConcurrentDictionary<INamedTypeSymbol, ConcurrentDictionary<SyntaxNode, MemberCode>> _types = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, ImmutableArray<Diagnostic>> _findings = new(SymbolEqualityComparer.Default);

    private ProgramModel(Compilation compilation, AnalyzerOptions options, CancellationToken cancellation)
    {
        Options = options.AnalyzerConfigOptionsProvider;
        ContractLines = options.AdditionalFiles.Where(ContractFile.Is)
            .SelectMany(f => f.GetText(cancellation) is { } text ? ContractFile.Read(f.Path, text) : ImmutableArray<ContractLine>.Empty)
            .ToImmutableArray();
        Reader = new ContractReader(compilation, ContractLines);
    }

    public ContractReader Reader { get; }

    public AnalyzerConfigOptionsProvider Options { get; }

    /// <summary>The lines of the compilation's own contract files.</summary>
    public ImmutableArray<ContractLine> ContractLines { get; }

    public static ProgramModel Of(Compilation compilation, AnalyzerOptions options, CancellationToken cancellation) =>
        s_models.GetValue(compilation, static _ => new()).GetValue(options, o => new ProgramModel(compilation, o, cancellation));

    /// <summary>Takes the bodies of a member in, as far as they matter for locks.</summary>
    public void Add(OperationBlockAnalysisContext context)
    {
        foreach (IOperation block in context.OperationBlocks)
        {
            if (block.Kind is OperationKind.None or OperationKind.Attribute or OperationKind.ParameterInitializer || context.OwningSymbol.ContainingType is not { } type)
            {
                continue;
            }

            BodyTraits traits = BodyScan.Of(block, Reader);
            if (context.OwningSymbol is IMethodSymbol method && Reader.Code(method).SaysAnything)
            {
                traits |= BodyTraits.Contracts;
            }

            if (traits != BodyTraits.None)
            {
                _types.GetOrAdd(Outermost(type), static _ => new()).GetOrAdd(block.Syntax, _ => Lower(context, block, traits));
            }
        }
    }

    /// <summary>The findings that the bodies of a type and what they say about each other are enough for.</summary>
    public ImmutableArray<Diagnostic> Findings(INamedTypeSymbol type, CancellationToken cancellation)
    {
        if (!_types.TryGetValue(type, out ConcurrentDictionary<SyntaxNode, MemberCode>? members))
        {
            return ImmutableArray<Diagnostic>.Empty;
        }

        return _findings.TryGetValue(type, out ImmutableArray<Diagnostic> known) ? known : _findings.GetOrAdd(type, Analyze(members.Values, cancellation));
    }

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type)
    {
        while (type.ContainingType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    private MemberCode Lower(OperationBlockAnalysisContext context, IOperation block, BodyTraits traits)
    {
        try
        {
            Body body = BodyLowering.Lower(context.OwningSymbol, context.GetControlFlowGraph(block), Reader, traits.HasFlag(BodyTraits.Contents));
            return new MemberCode(context.OwningSymbol, block.Syntax, body);
        }
        catch (InsufficientExecutionStackException)
        {
            return new MemberCode(context.OwningSymbol, block.Syntax, null);
        }
    }

    private ImmutableArray<Diagnostic> Analyze(IEnumerable<MemberCode> members, CancellationToken cancellation)
    {
        var findings = new Findings(Options);
        foreach ((MemberCode member, FlowResult? result) in new ScopeAnalysis(members, Reader, cancellation).Run())
        {
            if (result is null)
            {
                BodyTooLarge.Report(member, findings);
                continue;
            }

            foreach (LockEvent e in result.Events)
            {
                foreach (BodyRule rule in RuleList.Bodies)
                {
                    rule.Check(e, findings);
                }
            }
        }

        return findings.Diagnostics.ToImmutableArray();
    }
}
