// Adds and removes modifiers of a declaration, in the customary place and without disturbing its comments.
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

internal static class Modifiers
{
    /// <summary>Adds a modifier behind those that are there.</summary>
    public static FieldDeclarationSyntax Add(FieldDeclarationSyntax field, SyntaxKind kind)
    {
        if (field.Modifiers.Any(kind))
        {
            return field;
        }

        SyntaxToken modifier = SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);
        if (field.Modifiers.Any())
        {
            return field.AddModifiers(modifier);
        }

        TypeSyntax type = field.Declaration.Type;
        return field
            .WithDeclaration(field.Declaration.WithType(type.WithLeadingTrivia()))
            .AddModifiers(modifier.WithLeadingTrivia(type.GetLeadingTrivia()));
    }

    public static FieldDeclarationSyntax Remove(FieldDeclarationSyntax field, SyntaxKind kind)
    {
        SyntaxToken modifier = field.Modifiers.FirstOrDefault(m => m.IsKind(kind));
        if (modifier == default)
        {
            return field;
        }

        SyntaxTriviaList leading = field.GetLeadingTrivia();
        return field.WithModifiers(field.Modifiers.Remove(modifier)).WithLeadingTrivia(leading);
    }
}
