// Adds a field to a type, laid out like what is there.
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Locking.CodeFixes;

internal static class Fields
{
    /// <summary>The type with a field before all other members; a line apart from what is no field.</summary>
    public static TypeDeclarationSyntax AddFirst(TypeDeclarationSyntax type, string field)
    {
        MemberDeclarationSyntax declared = SyntaxFactory.ParseMemberDeclaration(field)!.WithAdditionalAnnotations(Formatter.Annotation);
        MemberDeclarationSyntax? next = type.Members.FirstOrDefault();
        declared = next is null or FieldDeclarationSyntax
            ? declared.WithTrailingTrivia(SyntaxFactory.LineFeed)
            : declared.WithTrailingTrivia(SyntaxFactory.LineFeed, SyntaxFactory.LineFeed);
        return type.WithMembers(type.Members.Insert(0, declared));
    }
}
