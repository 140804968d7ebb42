// An object that is only a lock becomes a System.Threading.Lock.
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>Only where the field makes its object itself.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseTheLockType))]
public sealed class UseTheLockType() : LockingCodeFix("LOCK7006")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Node.FirstAncestorOrSelf<FieldDeclarationSyntax>() is not { Declaration: { Variables.Count: 1, Type: var type } } field
            || field.Declaration.Variables[0] is not { Initializer.Value: BaseObjectCreationExpressionSyntax creation } variable)
        {
            return;
        }

        TypeSyntax @lock = SyntaxFactory.ParseTypeName(Imports.NameOf(finding.Model, field.SpanStart, "System.Threading", "Lock"));
        VariableDeclaratorSyntax made = creation is ObjectCreationExpressionSyntax written
            ? variable.ReplaceNode(written, written.WithType(@lock.WithTriviaFrom(written.Type)))
            : variable;
        FieldDeclarationSyntax changed = field.WithDeclaration(field.Declaration
            .WithType(@lock.WithTriviaFrom(type))
            .WithVariables(SyntaxFactory.SingletonSeparatedList(made)));
        SyntaxNode root = Imports.Add(finding.Root.ReplaceNode(field, changed), finding.Model, field.SpanStart, "System.Threading", "Lock");
        await offers.AddAsync($"Make '{variable.Identifier.Text}' a System.Threading.Lock", nameof(UseTheLockType), root).ConfigureAwait(false);
    }
}
