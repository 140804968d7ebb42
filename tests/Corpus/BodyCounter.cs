// Counts bodies, and those that have to do with locks.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Corpus;

/// <summary>
/// Reports nothing. A body is what the compiler calls an operation block: that of a method, an accessor, or an initialiser with code in it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BodyCounter : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor s_none = new("CORPUS", "Nothing", "Nothing", "Corpus", DiagnosticSeverity.Hidden, true);

    private int _bodies;
    private int _locking;

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_none];

    public int Bodies => _bodies;

    /// <summary>Bodies that use a lock, or anything else that a contract speaks of.</summary>
    public int Locking => _locking;

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            ContractReader reader = ProgramModel.Of(start.Compilation, start.Options, start.CancellationToken).Reader;
            start.RegisterOperationBlockAction(block => Count(block, reader));
        });
    }

    private void Count(OperationBlockAnalysisContext context, ContractReader reader)
    {
        ImmutableArray<IOperation> blocks = [.. context.OperationBlocks.Where(b => b.Kind is OperationKind.Block or OperationKind.MethodBody or OperationKind.ConstructorBody)];
        if (blocks.Length > 0)
        {
            Interlocked.Increment(ref _bodies);
            if (blocks.Any(b => BodyScan.Of(context.OwningSymbol, b, reader, infersGuards: false, static _ => false) is { MayHold: true }))
            {
                Interlocked.Increment(ref _locking);
            }
        }
    }
}
