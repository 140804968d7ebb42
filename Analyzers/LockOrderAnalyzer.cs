// The analyzer of builds: what takes the whole program, at the end of a compilation.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Rules;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Analyzers;

/// <summary>
/// Editors do not run analyzers live that report at the end of a compilation, so this one stands apart. What a type alone decides is the live
/// analyzer's to report; this one reports the rest, each finding once between the two.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LockOrderAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        RuleList.Bodies.Concat(RuleList.Programs.Cast<Rule>()).Select(r => Rule.AtEnd(r.Descriptor)).ToImmutableArray();

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        ProgramModel model = ProgramModel.Of(context.Compilation, context.Options, context.CancellationToken);
        context.RegisterSymbolAction(c => model.Add((INamedTypeSymbol)c.Symbol, c.CancellationToken), SymbolKind.NamedType);
        context.RegisterCompilationEndAction(c =>
        {
            foreach (Diagnostic finding in model.ProgramFindings(c.CancellationToken))
            {
                c.ReportDiagnostic(finding);
            }
        });
    }
}
