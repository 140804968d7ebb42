// The live analyzer: contracts where they are written, bodies where they are typed.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Flow.Lowering;
using Locking.Analyzers.Rules;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Analyzers;

[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LockingAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        RuleList.All.Select(r => r.Descriptor).ToImmutableArray();

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        var reader = new ContractReader(context.Compilation, ImmutableArray<ContractLine>.Empty);
        var types = new ConcurrentDictionary<INamedTypeSymbol, ConcurrentBag<MemberCode>>(SymbolEqualityComparer.Default);
        context.RegisterSymbolAction(c => CheckDeclaration(c, reader), SymbolKind.NamedType, SymbolKind.Method, SymbolKind.Field, SymbolKind.Property, SymbolKind.Event);
        context.RegisterOperationBlockAction(c => Add(c, reader, types));
        context.RegisterSymbolStartAction(c =>
        {
            if (c.Symbol.ContainingType is null)
            {
                c.RegisterSymbolEndAction(e => End(e, reader, types));
            }
        }, SymbolKind.NamedType);
    }

    private static void CheckDeclaration(SymbolAnalysisContext context, ContractReader reader)
    {
        var findings = new Findings();
        var declaration = new Declaration(context.Symbol, reader);
        foreach (IDeclarationRule rule in RuleList.Declarations)
        {
            rule.Check(declaration, findings);
        }

        findings.Diagnostics.ForEach(context.ReportDiagnostic);
    }

    private static void Add(OperationBlockAnalysisContext context, ContractReader reader, ConcurrentDictionary<INamedTypeSymbol, ConcurrentBag<MemberCode>> types)
    {
        foreach (IOperation block in context.OperationBlocks)
        {
            if (block.Kind is OperationKind.None or OperationKind.Attribute or OperationKind.ParameterInitializer)
            {
                continue;
            }

            BodyTraits traits = BodyScan.Of(block, reader);
            if (context.OwningSymbol is IMethodSymbol method && reader.Code(method).SaysAnything)
            {
                traits |= BodyTraits.Contracts;
            }

            if (traits == BodyTraits.None)
            {
                continue;
            }

            Body body = BodyLowering.Lower(context.OwningSymbol, context.GetControlFlowGraph(block), reader, traits.HasFlag(BodyTraits.Contents));
            INamedTypeSymbol type = context.OwningSymbol.ContainingType;
            while (type.ContainingType is { } outer)
            {
                type = outer;
            }

            types.GetOrAdd(type, static _ => new ConcurrentBag<MemberCode>()).Add(new MemberCode(context.OwningSymbol, body, traits));
        }
    }

    private static void End(SymbolAnalysisContext context, ContractReader reader, ConcurrentDictionary<INamedTypeSymbol, ConcurrentBag<MemberCode>> types)
    {
        if (!types.TryRemove((INamedTypeSymbol)context.Symbol, out ConcurrentBag<MemberCode>? members))
        {
            return;
        }

        var findings = new Findings();
        foreach ((MemberCode member, FlowResult? result) in new ScopeAnalysis(members, reader, context.CancellationToken).Run())
        {
            foreach (LockEvent e in result?.Events ?? ImmutableArray<LockEvent>.Empty)
            {
                foreach (BodyRule rule in RuleList.Bodies)
                {
                    rule.Check(e, findings);
                }
            }
        }

        findings.Diagnostics.ForEach(context.ReportDiagnostic);
    }
}
