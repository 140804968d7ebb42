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
/// All places of the type that lock the same object change together, and the contracts that name it. Not where code elsewhere locks it too, and
/// means to exclude this type. A field that others can see stays: it may be part of what the type promises.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LockAPrivateObject))]
public sealed class LockAPrivateObject() : LockingCodeFix("LOCK7001")
{
    private static readonly string[] s_names = ["_gate", "_lock", "_sync", "_privateLock"];
    private static readonly string[] s_staticNames = ["s_gate", "s_lock", "s_sync", "s_privateLock"];

    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (LockedExpression.Of(finding.Node) is not ExpressionSyntax target
            || target.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type
            || finding.Model.GetDeclaredSymbol(type, finding.Cancellation) is not { } symbol)
        {
            return;
        }

        var places = new LockedPlaces(finding, target, symbol);
        bool isField = places.Field is { DeclaredAccessibility: not Accessibility.Private } field && SymbolEqualityComparer.Default.Equals(field.ContainingType.OriginalDefinition, symbol.OriginalDefinition);
        if ((!isField && target is not (ThisExpressionSyntax or TypeOfExpressionSyntax or LiteralExpressionSyntax)) || !places.Own.Contains(target) || await places.AreElsewhereAsync().ConfigureAwait(false))
        {
            return;
        }

        bool isStatic = isField ? places.Field!.IsStatic : target is not ThisExpressionSyntax;
        string? name = (isStatic ? s_staticNames : s_names).FirstOrDefault(n => !finding.Model.LookupSymbols(target.SpanStart, name: n).Any() && !symbol.GetMembers(n).Any());
        if (name is not null)
        {
            await offers.AddAsync($"Lock a private object, '{name}'", nameof(LockAPrivateObject), Change(finding, places, type, name, isStatic)).ConfigureAwait(false);
        }
    }

    private static Solution Change(Finding finding, LockedPlaces places, TypeDeclarationSyntax type, string name, bool isStatic)
    {
        IReadOnlyCollection<SyntaxNode> own = places.Own;
        bool usesLockType = own.All(t => t.Parent is LockStatementSyntax)
            && finding.Contracts.HasLockType
            && finding.Root.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= (LanguageVersion)1300 };
        int position = type.OpenBraceToken.Span.End;
        string typeName = usesLockType ? Imports.NameOf(finding.Model, position, "System.Threading", "Lock") : "object";
        string field = $"private {(isStatic ? "static " : "")}readonly {typeName} {name} = new();";

        Solution changed = finding.Solution;
        foreach (IGrouping<SyntaxTree, SyntaxNode> file in own.Concat(places.Contracts).Append(type).GroupBy(n => n.SyntaxTree))
        {
            SyntaxNode root = file.Key.GetRoot(finding.Cancellation).ReplaceNodes(file, (old, inner) => (old, inner) switch
            {
                (_, TypeDeclarationSyntax part) => Fields.AddFirst(part, field),
                ({ Parent: AttributeArgumentSyntax }, _) => SyntaxFactory.ParseExpression($"nameof({name})").WithTriviaFrom(inner),
                _ => SyntaxFactory.IdentifierName(name).WithTriviaFrom(inner),
            });
            root = usesLockType && file.Key == type.SyntaxTree ? Imports.Add(root, finding.Model, position, "System.Threading", "Lock") : root;
            changed = changed.WithDocumentSyntaxRoot(changed.GetDocumentId(file.Key)!, root);
        }

        return changed;
    }
}
