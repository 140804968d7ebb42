// The bodies of a type: what the compiler shows analyzers of operation blocks, for one type at a time.
using System;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Summaries;

/// <summary>
/// An analyzer that asks the compiler to be told when a type is done makes it keep account, for every other analyzer of the build, of every symbol: with
/// the analyzers that an SDK brings, that costs more than all that is done here. So the bodies are asked for when a type is declared.
/// </summary>
internal static class TypeBodies
{
    /// <summary>Shows every body of a type and of those nested in it, in all files: the member, and the root of its operations.</summary>
    /// <param name="type">An outermost type.</param>
    /// <param name="compilation">While it is analyzed it lends the models that the compiler has anyway.</param>
    public static void Visit(INamedTypeSymbol type, Compilation compilation, Action<ISymbol, IOperation> visit, CancellationToken cancellation)
    {
        foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
        {
            SyntaxNode declaration = reference.GetSyntax(cancellation);
#pragma warning disable RS0030, RS1030 // The model is the one that the compiler has anyway, and the trees are those of the type.
            SemanticModel model = compilation.GetSemanticModel(declaration.SyntaxTree);
#pragma warning restore RS0030, RS1030
            new Visitor(model, visit, cancellation).Visit(declaration);
        }
    }

    private sealed class Visitor(SemanticModel model, Action<ISymbol, IOperation> visit, CancellationToken cancellation)
    {
        public void Visit(SyntaxNode declaration)
        {
            cancellation.ThrowIfCancellationRequested();
            switch (declaration)
            {
                case CompilationUnitSyntax:
                    Show(model.GetDeclaredSymbol(declaration, cancellation), declaration);
                    break;
                case TypeDeclarationSyntax type:
                    if (type.BaseList?.Types.FirstOrDefault() is PrimaryConstructorBaseTypeSyntax)
                    {
                        Show(Constructor(type), type);
                    }

                    foreach (MemberDeclarationSyntax member in type.Members)
                    {
                        Visit(member);
                    }

                    break;
                case BaseMethodDeclarationSyntax { Body: not null } or BaseMethodDeclarationSyntax { ExpressionBody: not null } or ConstructorDeclarationSyntax:
                    Show(model.GetDeclaredSymbol(declaration, cancellation), declaration);
                    break;
                case BasePropertyDeclarationSyntax property:
                    VisitProperty(property);
                    break;
                case BaseFieldDeclarationSyntax field:
                    foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables.Where(v => v.Initializer is not null))
                    {
                        Show(model.GetDeclaredSymbol(variable, cancellation), variable.Initializer!);
                    }

                    break;
            }
        }

        private void VisitProperty(BasePropertyDeclarationSyntax declaration)
        {
            foreach (AccessorDeclarationSyntax accessor in declaration.AccessorList?.Accessors ?? default)
            {
                if (accessor.Body is not null || accessor.ExpressionBody is not null)
                {
                    Show(model.GetDeclaredSymbol(accessor, cancellation), accessor);
                }
            }

            ArrowExpressionClauseSyntax? value = (declaration as PropertyDeclarationSyntax)?.ExpressionBody ?? (declaration as IndexerDeclarationSyntax)?.ExpressionBody;
            EqualsValueClauseSyntax? initializer = (declaration as PropertyDeclarationSyntax)?.Initializer;
            if (value is not null || initializer is not null)
            {
                ISymbol? property = model.GetDeclaredSymbol(declaration, cancellation);
                Show(value is null ? property : (property as IPropertySymbol)?.GetMethod, (SyntaxNode?)value ?? initializer!);
            }
        }

        private IMethodSymbol? Constructor(TypeDeclarationSyntax type) =>
            model.GetDeclaredSymbol(type, cancellation)?.InstanceConstructors.FirstOrDefault(c => c.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == type.SyntaxTree && r.Span == type.Span));

        private void Show(ISymbol? member, SyntaxNode body)
        {
            if (member is not null && model.GetOperation(body, cancellation) is { } root)
            {
                visit(member, root);
            }
        }
    }
}
