// The live analyzer: contracts where they are written, bodies where they are typed.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Flow.Lowering;
using Locking.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Analyzers;

[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LockingAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        RuleList.Bodies.Select(r => r.Descriptor).ToImmutableArray();

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        var reader = new ContractReader(context.Compilation, ImmutableArray<ContractLine>.Empty);
        context.RegisterOperationBlockAction(c => Analyze(c, reader));
    }

    private static void Analyze(OperationBlockAnalysisContext context, ContractReader reader)
    {
        foreach (IOperation block in context.OperationBlocks)
        {
            if (block.Kind is OperationKind.None or OperationKind.Attribute) continue;
            Body body = BodyLowering.Lower(context.OwningSymbol, context.GetControlFlowGraph(block), reader, true);
            if (body.Main.Contract.Unchecked) continue;
            var findings = new Findings();
            foreach (LockEvent e in LocksetFlow.Run(body, reader, context.CancellationToken) ?? ImmutableArray<LockEvent>.Empty)
            {
                foreach (BodyRule rule in RuleList.Bodies)
                {
                    rule.Check(e, findings);
                }
            }

            findings.Diagnostics.ForEach(context.ReportDiagnostic);
        }
    }
}
