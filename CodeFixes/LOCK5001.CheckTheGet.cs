// Returns where a conditional get did not get.
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>
/// Only where what the method returns has a word for "not": nothing, false or null. What else to do without the object only its author knows.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CheckTheGet))]
public sealed class CheckTheGet() : LockingCodeFix("LOCK5001")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Node.FirstAncestorOrSelf<ExpressionSyntax>() is not { } get
            || finding.Model.GetTypeInfo(get, finding.Cancellation).Type is not { SpecialType: SpecialType.System_Boolean }
            || Return(finding) is not { } leave)
        {
            return;
        }

        Document? changed = get.Parent switch
        {
            ExpressionStatementSyntax dropped => Check(dropped, get.ToString()),
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" }, Parent: ExpressionStatementSyntax discarded } => Check(discarded, get.ToString()),
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax kept } variable } => Check(kept, variable.Identifier.Text, kept.ToString()),
            _ => null,
        };
        if (changed is not null)
        {
            await offers.AddAsync($"Return where '{finding.Data(FindingData.LockKey)}' was not taken", nameof(CheckTheGet), changed.Project.Solution).ConfigureAwait(false);
        }

        Document Check(StatementSyntax statement, string got, params string[] before) =>
            Lines.Replace(finding.Document, statement, [.. before, $"if (!{got})", "{", "\t" + leave, "}"]);
    }

    private static string? Return(Finding finding)
    {
        if (finding.Model.GetEnclosingSymbol(finding.Node.SpanStart, finding.Cancellation) is not IMethodSymbol method)
        {
            return null;
        }

        ITypeSymbol? result = method is { IsAsync: true, ReturnType: INamedTypeSymbol task } ? (task.Arity == 1 ? task.TypeArguments[0] : null) : method.ReturnsVoid ? null : method.ReturnType;
        return result switch
        {
            null => "return;",
            _ when IsIterator(finding) => "yield break;",
            { SpecialType: SpecialType.System_Boolean } => "return false;",
            { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated } or { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } => "return null;",
            _ => null,
        };
    }

    private static bool IsIterator(Finding finding)
    {
        foreach (SyntaxNode around in finding.Node.Ancestors())
        {
            if (around is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
            {
                foreach (SyntaxNode node in around.DescendantNodes(n => n == around || n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
                {
                    if (node is YieldStatementSyntax)
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        return false;
    }
}
