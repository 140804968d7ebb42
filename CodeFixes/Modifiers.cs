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

    /// <summary>Puts <c>private</c> where the accessibility stands.</summary>
    public static FieldDeclarationSyntax MakePrivate(FieldDeclarationSyntax field)
    {
        SyntaxToken first = field.Modifiers.FirstOrDefault(IsAccessibility);
        if (first == default)
        {
            return field;
        }

        FieldDeclarationSyntax changed = field.WithModifiers(field.Modifiers.Replace(first, SyntaxFactory.Token(SyntaxKind.PrivateKeyword).WithTriviaFrom(first)));
        SyntaxToken other = changed.Modifiers.FirstOrDefault(m => IsAccessibility(m) && !m.IsKind(SyntaxKind.PrivateKeyword));
        return other == default ? changed : Remove(changed, other.Kind());
    }

    private static bool IsAccessibility(SyntaxToken modifier) =>
        modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword or SyntaxKind.PrivateKeyword;

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
