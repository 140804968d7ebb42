// What the words of a contract can mean at a place: at its start, and behind each dot.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <param name="Type">The type whose members can be named.</param>
/// <param name="Parameters">The parameters that can be named, at the start.</param>
/// <param name="Reader">Knows capabilities.</param>
/// <param name="Position">Where the contract stands.</param>
internal sealed record ContractScope(ITypeSymbol Type, ImmutableArray<IParameterSymbol> Parameters, ContractReader Reader, int Position)
{
    /// <summary>At the start <c>this</c> can be said.</summary>
    public bool IsStart { get; init; }

    /// <summary>Whether the step that led here is something that can be held.</summary>
    public bool IsCapability { get; init; }

    /// <summary>The scope of the string in a contract attribute; null where it is in none.</summary>
    public static ContractScope? Of(SemanticModel model, ContractReader reader, SyntaxNode literal, CancellationToken cancellation)
    {
        AttributeSyntax? attribute = literal.FirstAncestorOrSelf<AttributeSyntax>();
        if (attribute?.Parent?.Parent is not { } declaration
            || model.GetTypeInfo(attribute, cancellation).Type is not { ContainingNamespace: { Name: ContractCatalog.Namespace, ContainingNamespace.IsGlobalNamespace: true } })
        {
            return null;
        }

        SyntaxNode named = declaration is BaseFieldDeclarationSyntax field ? field.Declaration.Variables[0] : declaration;
        // While it is typed, an attribute may stand before nothing yet: it is the type's then.
        ISymbol? symbol = model.GetDeclaredSymbol(named, cancellation)
            ?? (declaration.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>() is { } around ? model.GetDeclaredSymbol(around, cancellation) : null);
        ISymbol? member = symbol is IParameterSymbol parameter ? parameter.ContainingSymbol : symbol;
        ImmutableArray<IParameterSymbol> parameters = member switch
        {
            IMethodSymbol method => method.Parameters,
            IPropertySymbol property => property.Parameters,
            INamedTypeSymbol { DelegateInvokeMethod: { } invoke } => invoke.Parameters,
            _ => ImmutableArray<IParameterSymbol>.Empty,
        };
        ITypeSymbol? type = member as INamedTypeSymbol ?? member?.ContainingType;
        return type is null ? null : new ContractScope(type, parameters, reader, declaration.SpanStart) { IsStart = true };
    }

    /// <summary>All names that lead to a capability, or on the way to one.</summary>
    public IEnumerable<string> Names() =>
        Parameters.Select(p => p.Name)
            .Concat(Members().Where(m => TypeOf(m) is { IsValueType: false } or { SpecialType: SpecialType.None }).Select(m => m.Name))
            .Concat(Phantoms())
            .Concat(IsStart ? ["this"] : []);

    /// <summary>The scope behind a name and a dot; null where nothing comes of it.</summary>
    public ContractScope? Into(string name)
    {
        if (Phantoms().Contains(name))
        {
            return this with { Parameters = ImmutableArray<IParameterSymbol>.Empty, IsStart = false, IsCapability = true };
        }

        ITypeSymbol? type = IsStart && name == "this"
            ? Type
            : Parameters.FirstOrDefault(p => p.Name == name)?.Type ?? Members().Where(m => m.Name == name).Select(TypeOf).FirstOrDefault();
        return type is null ? null : new ContractScope(type, ImmutableArray<IParameterSymbol>.Empty, Reader, Position) { IsCapability = Reader.KindOf(type) is not null };
    }

    private IEnumerable<ISymbol> Members()
    {
        for (ITypeSymbol? type = Type; type is not null; type = type.BaseType)
        {
            foreach (ISymbol member in type.GetMembers().Where(m => m.CanBeReferencedByName && TypeOf(m) is not null && type.SpecialType != SpecialType.System_Object))
            {
                yield return member;
            }
        }
    }

    private IEnumerable<string> Phantoms()
    {
        for (ITypeSymbol? type = Type; type is not null; type = type.BaseType)
        {
            foreach (Analyzers.Locks.LockMember phantom in Reader.Type(type).Phantoms)
            {
                yield return phantom.Name;
            }
        }
    }

    private static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol { IsIndexer: false } property => property.Type,
        _ => null,
    };
}
