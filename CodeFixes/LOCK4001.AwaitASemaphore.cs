// Makes a lock that is held across an await a semaphore, which does not care which thread releases it.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <summary>
/// For private fields that are an object or a lock and are used for nothing else. A semaphore is not re-entrant: not where the type
/// acquires the lock in a region that holds it, itself or in a method that it calls there.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitASemaphore))]
public sealed class AwaitASemaphore() : LockingCodeFix("LOCK4001")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (LockName.Of(finding) is not { Root: IFieldSymbol { DeclaredAccessibility: Accessibility.Private } field } name
            || finding.DeclarationOf<FieldDeclarationSyntax>(field) is not { Node: { Declaration.Variables: { Count: 1 } variables } declaration, Document: { } document }
            || document.Id != finding.Document.Id
            || variables[0].Initializer is not { Value: BaseObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0 } creation }
            || declaration.Parent is not TypeDeclarationSyntax type
            || field.ContainingType.DeclaringSyntaxReferences.Length != 1)
        {
            return;
        }

        string typeName = Imports.NameOf(finding.Model, declaration.SpanStart, "System.Threading", "SemaphoreSlim");
        var edits = new List<TextChange>
        {
            new(declaration.Declaration.Type.Span, typeName),
            new(creation.Span, creation is ObjectCreationExpressionSyntax ? $"new {typeName}(1, 1)" : "new(1, 1)"),
        };
        foreach (SimpleNameSyntax use in Uses(finding, type, field))
        {
            if (Change(finding, use, field) is not { } change)
            {
                return;
            }

            edits.AddRange(change);
        }

        Document changed = document.WithText(declaration.SyntaxTree.GetText(finding.Cancellation).WithChanges(edits.OrderBy(e => e.Span.Start)));
        SyntaxNode root = (await changed.GetSyntaxRootAsync(finding.Cancellation).ConfigureAwait(false))!;
        root = Imports.Add(root, finding.Model, declaration.SpanStart, "System.Threading", "SemaphoreSlim");
        await offers.AddAsync($"Make '{name.Text}' a semaphore and await it", nameof(AwaitASemaphore), changed.WithSyntaxRoot(root).Project.Solution).ConfigureAwait(false);
    }

    /// <summary>All names of the field but those in <c>nameof</c>.</summary>
    private static IEnumerable<SimpleNameSyntax> Uses(Finding finding, SyntaxNode around, IFieldSymbol field) => around.DescendantNodes()
        .OfType<SimpleNameSyntax>()
        .Where(n => n.Identifier.ValueText == field.Name
            && SymbolEqualityComparer.Default.Equals(finding.Model.GetSymbolInfo(n, finding.Cancellation).Symbol, field)
            && n.FirstAncestorOrSelf<AttributeSyntax>() is null
            && n.Parent is not ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } });

    /// <summary>The change at one use; null where a semaphore has nothing like it.</summary>
    private static IEnumerable<TextChange>? Change(Finding finding, SimpleNameSyntax use, IFieldSymbol field)
    {
        ExpressionSyntax whole = use.Parent is MemberAccessExpressionSyntax access && access.Name == use ? access : use;
        switch (whole.Parent)
        {
            case LockStatementSyntax { Statement: BlockSyntax body, Parent: BlockSyntax or SwitchSectionSyntax } statement when !AcquiresAgain(finding, [body], field):
                return Lines.ToTry(statement, $"{Wait(finding, statement, whole, "")};", $"{whole}.Release();");
            case ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Monitor" } } method } call } arguments }:
                return Call(finding, call, method.Name.Identifier.ValueText, whole, arguments.Arguments.Skip(1), field);
            case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } method when method.Expression == whole:
                return Call(finding, call, method.Name.Identifier.ValueText, whole, call.ArgumentList.Arguments, field);
            default:
                return null;
        }
    }

    private static IEnumerable<TextChange>? Call(Finding finding, InvocationExpressionSyntax call, string method, ExpressionSyntax @lock, IEnumerable<ArgumentSyntax> rest, IFieldSymbol field)
    {
        ArgumentSyntax[] others = rest.ToArray();
        StatementSyntax? statement = call.FirstAncestorOrSelf<StatementSyntax>();
        string? replacement = (method, others.Length) switch
        {
            ("Enter", 0) when statement is not null && !AcquiresAgain(finding, HeldRegion.After(statement).TakeWhile(s => !s.ToString().Contains("Exit")), field) => Wait(finding, call, @lock, ""),
            ("TryEnter", 0) => Wait(finding, call, @lock, "0"),
            ("TryEnter", 1) when others[0].RefKindKeyword.Span.IsEmpty => Wait(finding, call, @lock, others[0].ToString()),
            ("Exit", 0) => $"{@lock}.Release()",
            _ => null,
        };
        return replacement is null ? null : [new TextChange(call.Span, replacement)];
    }

    private static string Wait(Finding finding, SyntaxNode at, ExpressionSyntax @lock, string timeout) =>
        finding.Model.GetEnclosingSymbol(at.SpanStart, finding.Cancellation) is IMethodSymbol { IsAsync: true } ? $"await {@lock}.WaitAsync({timeout})" : $"{@lock}.Wait({timeout})";

    private static bool AcquiresAgain(Finding finding, IEnumerable<SyntaxNode> region, IFieldSymbol field)
    {
        foreach (SyntaxNode node in region)
        {
            bool calls = node.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>()
                .Select(c => finding.Model.GetSymbolInfo(c, finding.Cancellation).Symbol)
                .Where(m => SymbolEqualityComparer.Default.Equals(m?.ContainingType, field.ContainingType))
                .SelectMany(m => m!.DeclaringSyntaxReferences)
                .Any(r => Uses(finding, r.GetSyntax(finding.Cancellation), field).Any());
            if (calls || node.DescendantNodesAndSelf().OfType<LockStatementSyntax>().Any(l => Uses(finding, l.Expression.Parent!, field).Any(u => l.Expression.Contains(u))))
            {
                return true;
            }
        }

        return false;
    }
}
