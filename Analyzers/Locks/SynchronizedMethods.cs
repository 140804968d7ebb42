// Methods that lock their object, or their type, by an attribute: MethodImplOptions.Synchronized.
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Locks;

internal static class SynchronizedMethods
{
    /// <param name="declaration">Most have no attributes, and the compiler need not be asked what those say.</param>
    public static bool Include(ISymbol symbol, SyntaxNode declaration) =>
        declaration is BaseMethodDeclarationSyntax { AttributeLists.Count: > 0 } or AccessorDeclarationSyntax { AttributeLists.Count: > 0 }
        && symbol is IMethodSymbol method
        && (method.MethodImplementationFlags & MethodImplAttributes.Synchronized) != 0;

    /// <summary>Where it says so; the declaration itself where the attribute cannot be found.</summary>
    public static SyntaxNode Locate(IMethodSymbol method, SyntaxNode declaration) =>
        method.GetAttributes().FirstOrDefault(a => a.AttributeClass is { Name: "MethodImplAttribute" })?.ApplicationSyntaxReference?.GetSyntax() ?? declaration;

    /// <summary>The same, from the syntax alone: good enough to decide whether a type is worth a look.</summary>
    public static bool IsWritten(SyntaxNode node) =>
        node is AttributeSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } && arguments.ToString().Contains(nameof(MethodImplAttributes.Synchronized));
}
