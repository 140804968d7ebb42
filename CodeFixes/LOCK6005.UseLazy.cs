// Leaves to Lazy<T> what double-checked locking does by hand.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <summary>Only the plain form: test, lock, test, one assignment, return; and nobody else uses the field.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseLazy))]
public sealed class UseLazy() : LockingCodeFix("LOCK6005")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Member() is not IFieldSymbol { IsReadOnly: false, Type.IsReferenceType: true } field
            || finding.DeclarationOf<FieldDeclarationSyntax>(field) is not { Node: { Declaration: { Variables: { Count: 1 } variables, Type: var type } } declaration, Document: { } document }
            || document.Id != finding.Document.Id
            || variables[0].Initializer is { Value: not LiteralExpressionSyntax }
            || Pattern(finding, field) is not { } found
            || declaration.Modifiers.Any(SyntaxKind.VolatileKeyword))
        {
            return;
        }

        string inner = (type as NullableTypeSyntax)?.ElementType.ToString() ?? type.ToString();
        string lazy = Imports.NameOf(finding.Model, declaration.SpanStart, "System", "Lazy");
        string isReadonly = declaration.Modifiers.Any(SyntaxKind.ReadOnlyKeyword) ? "" : "readonly ";
        SourceText text = declaration.SyntaxTree.GetText(finding.Cancellation).WithChanges(new[]
        {
            new TextChange(declaration.Declaration.Span, $"{isReadonly}{lazy}<{inner}> {field.Name} = new(() => {found.Value})"),
            new TextChange(TextSpan.FromBounds(found.Test.SpanStart, found.Return.Span.End), $"return {found.Return.Expression!.ToString().TrimEnd('!')}.Value;"),
        }.OrderBy(c => c.Span.Start));
        Document changed = document.WithText(text);
        SyntaxNode root = (await changed.GetSyntaxRootAsync(finding.Cancellation).ConfigureAwait(false))!;
        root = Imports.Add(root, finding.Model, declaration.SpanStart, "System", "Lazy");
        await offers.AddAsync($"Make '{field.Name}' a Lazy<T>", nameof(UseLazy), changed.WithSyntaxRoot(root).Project.Solution).ConfigureAwait(false);
    }

    private static (IfStatementSyntax Test, ReturnStatementSyntax Return, ExpressionSyntax Value)? Pattern(Finding finding, IFieldSymbol field)
    {
        if (finding.Node.FirstAncestorOrSelf<IfStatementSyntax>() is not { Else: null } test
            || Only(test.Statement) is not LockStatementSyntax locked
            || Only(locked.Statement) is not IfStatementSyntax { Else: null } again
            || Only(again.Statement) is not ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment }
            || HeldRegion.After(test).FirstOrDefault() is not ReturnStatementSyntax { Expression: { } result } returned)
        {
            return null;
        }

        SyntaxNode[] own = [test, returned];
        SyntaxNode type = field.ContainingType.DeclaringSyntaxReferences[0].GetSyntax(finding.Cancellation);
        IEnumerable<SyntaxNode> uses = type.DescendantNodes().OfType<IdentifierNameSyntax>().Where(n => n.Identifier.ValueText == field.Name);
        bool isAlone = field is { DeclaredAccessibility: Accessibility.Private, ContainingType.DeclaringSyntaxReferences.Length: 1 } && uses.All(u => own.Any(o => o.Span.Contains(u.Span)));
        return isAlone && Is(finding, assignment.Left, field) && Is(finding, result, field) ? (test, returned, assignment.Right) : null;
    }

    private static StatementSyntax? Only(StatementSyntax statement) => statement is BlockSyntax block ? (block.Statements.Count == 1 ? block.Statements[0] : null) : statement;

    private static bool Is(Finding finding, ExpressionSyntax expression, IFieldSymbol field) =>
        SymbolEqualityComparer.Default.Equals(finding.Model.GetSymbolInfo(expression is PostfixUnaryExpressionSyntax bang ? bang.Operand : expression, finding.Cancellation).Symbol, field);
}
