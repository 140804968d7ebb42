// Locks a private object instead of one that others can lock too.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>
/// All places of the type that lock the same object change together. Not where code elsewhere locks it too, and means to exclude this type.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LockAPrivateObject))]
public sealed class LockAPrivateObject() : LockingCodeFix("LOCK7001")
{
    private static readonly string[] s_names = ["_gate", "_lock", "_sync", "_privateLock"];
    private static readonly string[] s_staticNames = ["s_gate", "s_lock", "s_sync", "s_privateLock"];

    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        SyntaxNode target = LockedExpression.Of(finding.Node);
        if (target is not (ThisExpressionSyntax or TypeOfExpressionSyntax or LiteralExpressionSyntax)
            || target.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type
            || finding.Model.GetDeclaredSymbol(type, finding.Cancellation) is not { DeclaringSyntaxReferences.Length: 1 } symbol
            || IsLockedElsewhere(finding, target, type, symbol))
        {
            return;
        }

        bool isStatic = target is not ThisExpressionSyntax;
        string? name = (isStatic ? s_staticNames : s_names).FirstOrDefault(n => !finding.Model.LookupSymbols(target.SpanStart, name: n).Any() && !symbol.GetMembers(n).Any());
        if (name is not null)
        {
            await offers.AddAsync($"Lock a private object, '{name}'", nameof(LockAPrivateObject), Change(finding, target, type, name, isStatic)).ConfigureAwait(false);
        }
    }

    private static SyntaxNode Change(Finding finding, SyntaxNode target, TypeDeclarationSyntax type, string name, bool isStatic)
    {
        SyntaxNode[] targets = Targets(type, target).ToArray();
        SyntaxNode[] contracts = target is ThisExpressionSyntax ? ContractsOnThis(type).ToArray() : [];
        TypeDeclarationSyntax changed = type.ReplaceNodes(
            targets.Concat(contracts),
            (old, _) => (contracts.Contains(old) ? SyntaxFactory.ParseExpression($"nameof({name})") : SyntaxFactory.IdentifierName(name)).WithTriviaFrom(old));
        bool usesLockType = targets.All(t => t.Parent is LockStatementSyntax)
            && finding.Contracts.HasLockType
            && finding.Root.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= (LanguageVersion)1300 };
        string typeName = usesLockType ? Imports.NameOf(finding.Model, type.OpenBraceToken.Span.End, "System.Threading", "Lock") : "object";
        SyntaxNode root = finding.Root.ReplaceNode(type, Fields.AddFirst(changed, $"private {(isStatic ? "static " : "")}readonly {typeName} {name} = new();"));
        return usesLockType ? Imports.Add(root, finding.Model, type.OpenBraceToken.Span.End, "System.Threading", "Lock") : root;
    }

    /// <summary>The same expression wherever the type locks it; nested types mean their own <c>this</c>.</summary>
    private static IEnumerable<SyntaxNode> Targets(SyntaxNode around, SyntaxNode target) =>
        around.DescendantNodes(n => n == around || target is not ThisExpressionSyntax || n is not BaseTypeDeclarationSyntax)
            .Where(n => n.IsKind(target.Kind()) && n.ToString() == target.ToString() && IsLocked(n));

    private static bool IsLocked(SyntaxNode node) => node.Parent switch
    {
        LockStatementSyntax => true,
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Monitor" } } } } => true,
        _ => false,
    };

    private static IEnumerable<SyntaxNode> ContractsOnThis(TypeDeclarationSyntax type) =>
        type.Members.SelectMany(m => m.DescendantNodes(n => n is not BaseTypeDeclarationSyntax))
            .OfType<LiteralExpressionSyntax>()
            .Where(l => l.Token.ValueText == "this" && l.Parent is AttributeArgumentSyntax { Parent.Parent: AttributeSyntax });

    /// <summary>Elsewhere in the compilation: the same type or string anywhere, <c>this</c> in a base or derived type.</summary>
    private static bool IsLockedElsewhere(Finding finding, SyntaxNode target, TypeDeclarationSyntax type, INamedTypeSymbol symbol)
    {
        string text = target.ToString();
        return finding.Model.Compilation.SyntaxTrees
            .Where(t => t.GetText(finding.Cancellation).ToString().Contains(text))
            .SelectMany(t => t.GetRoot(finding.Cancellation).DescendantNodes())
            .Where(n => n.IsKind(target.Kind()) && n.ToString() == text && IsLocked(n) && !n.Ancestors().Contains(type))
            .Any(n => target is not ThisExpressionSyntax || IsRelated(finding, n, symbol));
    }

    private static bool IsRelated(Finding finding, SyntaxNode node, INamedTypeSymbol symbol)
    {
        SemanticModel model = finding.Model.Compilation.GetSemanticModel(node.SyntaxTree);
        ITypeSymbol? other = model.GetTypeInfo(node, finding.Cancellation).Type;
        return Derives(other, symbol) || Derives(symbol, other);
    }

    private static bool Derives(ITypeSymbol? type, ITypeSymbol? from)
    {
        while (type is not null && !SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, from?.OriginalDefinition))
        {
            type = type.BaseType;
        }

        return type is not null;
    }
}
