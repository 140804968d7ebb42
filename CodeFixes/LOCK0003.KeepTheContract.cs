// Makes an override and what it overrides say the same.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>Either the override takes the contract over that callers see, or callers get to see that of the override.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepTheContract))]
public sealed class KeepTheContract() : LockingCodeFix("LOCK0003")
{
    private static readonly SyntaxAnnotation s_mark = new();

    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Node is not MethodDeclarationSyntax declaration
            || finding.Model.GetDeclaredSymbol(declaration, finding.Cancellation) is not { } method
            || BaseMembers.Of(method).FirstOrDefault(b => ContractComparison.Excess(finding.Contracts.Code(method), finding.Contracts.Code(b)) is not null) is not { } ancestor)
        {
            return;
        }

        string name = $"{ancestor.ContainingType.Name}.{ancestor.Name}";
        if (Contracts(ancestor).Any())
        {
            SyntaxNode root = Replace(finding.Model, declaration, method, Contracts(ancestor));
            await offers.AddAsync($"Take the contract of '{name}' over", nameof(KeepTheContract), root).ConfigureAwait(false);
        }

        if (finding.DeclarationOf<MethodDeclarationSyntax>(ancestor) is { } above && CanSay(ancestor, Contracts(method)))
        {
            SemanticModel model = (await above.Document.GetSemanticModelAsync(finding.Cancellation).ConfigureAwait(false))!;
            SyntaxNode root = Replace(model, above.Node, ancestor, Contracts(ancestor).Concat(Contracts(method)));
            await offers.AddAsync($"Write the contract at '{name}', too", "WriteTheContractAbove", above.Document.WithSyntaxRoot(root).Project.Solution).ConfigureAwait(false);
        }
    }

    private static IEnumerable<AttributeData> Contracts(IMethodSymbol method) => method.GetAttributes().Where(a => ContractCatalog.NameOf(a) is not null);

    /// <summary>Whether what the contract names can be named there: parameters of the same names, and members that the type has.</summary>
    private static bool CanSay(IMethodSymbol ancestor, IEnumerable<AttributeData> contracts) => contracts
        .SelectMany(a => a.ConstructorArguments)
        .SelectMany(c => c.Kind == TypedConstantKind.Array ? c.Values.AsEnumerable() : [c])
        .Where(c => c.Value is string)
        .Select(c => ((string)c.Value!).Split('.')[0])
        .All(root => root == "this" || ancestor.Parameters.Any(p => p.Name == root) || !ancestor.ContainingType.GetMembers(root).IsEmpty);

    private static SyntaxNode Replace(SemanticModel model, MethodDeclarationSyntax declaration, IMethodSymbol method, IEnumerable<AttributeData> contracts)
    {
        // Written anew in one go: the first goes where the old ones were, or on a line of its own.
        HashSet<AttributeSyntax> old = new(Contracts(method).Select(a => a.ApplicationSyntaxReference?.GetSyntax()).OfType<AttributeSyntax>());
        string[] written = contracts.Select(c => Text(model, declaration.SpanStart, c)).Distinct().ToArray();
        SyntaxNode root = declaration.SyntaxTree.GetRoot();
        if (old.Count > 0)
        {
            return ContractWriter.Replace(root, declaration, old, written);
        }

        foreach (string attribute in written)
        {
            MethodDeclarationSyntax current = root == declaration.SyntaxTree.GetRoot() ? declaration : root.DescendantNodes().OfType<MethodDeclarationSyntax>().First(m => m.HasAnnotation(s_mark));
            root = root.ReplaceNode(current, ContractWriter.With(current, attribute).WithAdditionalAnnotations(s_mark));
        }

        return Imports.Add(root, model, declaration.SpanStart, ContractCatalog.Namespace, ContractCatalog.NameOf(contracts.First()) + "Attribute");
    }

    private static string Text(SemanticModel model, int position, AttributeData contract)
    {
        IEnumerable<string> positional = contract.ConstructorArguments
            .SelectMany(c => c.Kind == TypedConstantKind.Array ? c.Values.AsEnumerable() : [c])
            .Select(c => c.Value is string path ? ContractWriter.Argument(model, position, path) : c.ToCSharpString());
        IEnumerable<string> named = contract.NamedArguments.Select(n => $"{n.Key} = {n.Value.ToCSharpString()}");
        string arguments = string.Join(", ", positional.Concat(named));
        string name = Imports.NameOf(model, position, ContractCatalog.Namespace, contract.AttributeClass!.Name, ContractCatalog.NameOf(contract));
        return arguments.Length == 0 ? name : $"{name}({arguments})";
    }
}
