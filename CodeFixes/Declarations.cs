// Splits the declaration of a local from its first value, so that the two can stand in different blocks.
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

internal static class Declarations
{
    /// <summary>The declaration alone, and the change that leaves an assignment; null where there is no such form.</summary>
    public static (string Declaration, TextChange Edit)? Split(Finding finding, LocalDeclarationStatementSyntax statement)
    {
        if (statement.Modifiers.Any()
            || statement.UsingKeyword != default
            || statement.Declaration is not { Variables: { Count: 1 } variables, Type: not RefTypeSyntax and var type }
            || variables[0] is not { Initializer: { } initializer, Identifier: var name }
            || finding.Model.GetDeclaredSymbol(variables[0], finding.Cancellation) is not ILocalSymbol { Type: { IsAnonymousType: false } local })
        {
            return null;
        }

        string written = type.IsVar ? local.ToMinimalDisplayString(finding.Model, statement.SpanStart) : type.ToString();
        return ($"{written} {name.Text};", new TextChange(TextSpan.FromBounds(statement.SpanStart, initializer.EqualsToken.SpanStart), name.Text + " "));
    }
}
