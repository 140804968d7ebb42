// Where source locks an object, and where contracts name it: what has to change together when the object does.
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <param name="Finding">The finding, at one of the places.</param>
/// <param name="Target">The locked expression: <c>this</c>, a type, a string, or a field of the type.</param>
/// <param name="Type">The type that the finding lies in.</param>
internal sealed record LockedPlaces(Finding Finding, ExpressionSyntax Target, INamedTypeSymbol Type)
{
    private Compilation Compilation => Finding.Model.Compilation;

    private CancellationToken Cancellation => Finding.Cancellation;

    /// <summary>The field that is locked; null where it is something else.</summary>
    public IFieldSymbol? Field => Finding.Model.GetSymbolInfo(Target, Cancellation).Symbol as IFieldSymbol;

    public IEnumerable<SyntaxNode> Parts => Type.DeclaringSyntaxReferences.Select(p => p.GetSyntax(Cancellation));

    /// <summary>The same expression wherever the type locks it; nested types mean their own <c>this</c>.</summary>
    public IReadOnlyCollection<SyntaxNode> Own => Parts
        .SelectMany(p => p.DescendantNodes(n => n == p || Target is not ThisExpressionSyntax || n is not BaseTypeDeclarationSyntax))
        .Where(n => IsLocked(n) && IsOwn(n) && IsSame(n))
        .ToArray();

    /// <summary>The arguments of contracts in the type that name the object.</summary>
    public IReadOnlyCollection<SyntaxNode> Contracts => Parts.SelectMany(p => p.DescendantNodes())
        .OfType<AttributeArgumentSyntax>()
        .Select(a => a.Expression)
        .Where(e => NamesTarget(e) && e.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>() is { } around && (Target is not ThisExpressionSyntax || Parts.Contains(around)))
        .ToArray();

    /// <summary>Whether code elsewhere locks the object or names it in a contract. Other projects are asked for the name of a field alone.</summary>
    public async Task<bool> AreElsewhereAsync()
    {
        HashSet<SyntaxNode> own = [.. Own, .. Contracts];
        return Compilation.SyntaxTrees.SelectMany(t => t.GetRoot(Cancellation).DescendantNodes()).Any(n => !own.Contains(n) && (IsLocked(n) ? IsSame(n) : IsNamedElsewhere(n)))
            || (Field is { } field && await IsLockedInOtherProjectsAsync(field.Name).ConfigureAwait(false));
    }

    private async Task<bool> IsLockedInOtherProjectsAsync(string name)
    {
        foreach (Document document in Finding.Solution.GetProjectDependencyGraph().GetProjectsThatTransitivelyDependOnThisProject(Finding.Document.Project.Id)
            .SelectMany(p => Finding.Solution.GetProject(p)!.Documents))
        {
            SyntaxNode? root = await document.GetSyntaxRootAsync(Cancellation).ConfigureAwait(false);
            if (root is not null && root.DescendantNodes().Any(n => IsLocked(n) && LastName(n) == name))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNamedElsewhere(SyntaxNode node) => node.Parent is AttributeArgumentSyntax && Target is not ThisExpressionSyntax && NamesTarget(node);

    private static bool IsLocked(SyntaxNode node) => node.Parent switch
    {
        LockStatementSyntax locked => locked.Expression == node,
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var type } } } => LastName(type) == "Monitor",
        _ => false,
    };

    /// <summary>Whether the object is reached through the type itself, not through another one's instance.</summary>
    private static bool IsOwn(SyntaxNode node) => node switch
    {
        MemberAccessExpressionSyntax access => access.Expression is ThisExpressionSyntax || access.Expression.ToString() == node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.ValueText,
        _ => true,
    };

    private bool IsSame(SyntaxNode node)
    {
        SemanticModel model = Compilation.GetSemanticModel(node.SyntaxTree);
        return Target switch
        {
            ThisExpressionSyntax => Parts.Contains(node.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()!) ? node is ThisExpressionSyntax : IsRelated(model.GetTypeInfo(node, Cancellation).Type),
            TypeOfExpressionSyntax type => node is TypeOfExpressionSyntax other && SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(other.Type, Cancellation).Type, Finding.Model.GetTypeInfo(type.Type, Cancellation).Type),
            LiteralExpressionSyntax literal => Equals(model.GetConstantValue(node, Cancellation).Value, literal.Token.Value),
            _ => SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(node, Cancellation).Symbol?.OriginalDefinition, Field?.OriginalDefinition),
        };
    }

    private bool NamesTarget(SyntaxNode argument) => (Target, argument) switch
    {
        (ThisExpressionSyntax, LiteralExpressionSyntax literal) => literal.Token.ValueText == "this",
        (ThisExpressionSyntax or TypeOfExpressionSyntax or LiteralExpressionSyntax, _) => false,
        (_, LiteralExpressionSyntax literal) => Field is { } field && literal.Token.ValueText.Split('.').Last() == field.Name,
        (_, InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } name) => LastName(name.ArgumentList.Arguments[0].Expression) == Field?.Name,
        _ => false,
    };

    private static string? LastName(SyntaxNode node) => node switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };

    private bool IsRelated(ITypeSymbol? other) => Derives(other, Type) || (Derives(Type, other) && other is not { SpecialType: SpecialType.System_Object });

    private static bool Derives(ITypeSymbol? type, ITypeSymbol? from)
    {
        while (type is not null && !SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, from?.OriginalDefinition))
        {
            type = type.BaseType;
        }

        return type is not null;
    }
}
