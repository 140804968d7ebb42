// The live analyzer: contracts where they are written, bodies where they are typed.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Rules;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Analyzers;

/// <summary>
/// Reports what one type is enough for: a type's bodies are analysed together, when the compiler declares the type.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LockingAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = RuleList.All.Select(r => r.Descriptor).ToImmutableArray();

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
        context.RegisterSymbolAction(c => CheckType(c, model), SymbolKind.NamedType);
        context.RegisterSymbolAction(
            c => CheckDeclaration(c, model), SymbolKind.NamedType, SymbolKind.Method, SymbolKind.Field, SymbolKind.Property, SymbolKind.Event);
        context.RegisterAdditionalFileAction(c => CheckFile(c, model));

        ILookup<SyntaxTree, Diagnostic> problems = OptionIsKnown.Find(context.Compilation, context.Options.AnalyzerConfigOptionsProvider)
            .Concat(ContractsAgree.Find(model.Reader.Order))
            .ToLookup(d => d.Location.SourceTree!);
        if (problems.Count > 0)
        {
            context.RegisterSyntaxTreeAction(c => Report(problems[c.Tree], c));
        }
    }

    private static void CheckType(SymbolAnalysisContext context, ProgramModel model)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        model.Add(type, context.CancellationToken);
        foreach (Diagnostic finding in model.Findings(type, context.CancellationToken))
        {
            context.ReportDiagnostic(finding);
        }
    }

    private static void CheckDeclaration(SymbolAnalysisContext context, ProgramModel model)
    {
        var findings = new Findings(model.Options);
        var declaration = new Declaration(context.Symbol, model.Reader);
        foreach (IDeclarationRule rule in RuleList.Declarations)
        {
            rule.Check(declaration, findings);
        }

        findings.Diagnostics.ForEach(context.ReportDiagnostic);
    }

    private static void CheckFile(AdditionalFileAnalysisContext context, ProgramModel model)
    {
        var findings = new Findings(model.Options);
        foreach (ContractLine line in model.ContractLines.Where(l => l.Source.Path == context.AdditionalFile.Path))
        {
            ContractFileIsRead.Check(line, model.Reader, findings);
        }

        findings.Diagnostics.ForEach(context.ReportDiagnostic);
    }

    private static void Report(System.Collections.Generic.IEnumerable<Diagnostic> findings, SyntaxTreeAnalysisContext context)
    {
        foreach (Diagnostic finding in findings)
        {
            context.ReportDiagnostic(finding);
        }
    }
}
