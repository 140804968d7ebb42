// Objects that a type makes once for itself: what it gave them is known by its own name, a lock that it shares with its releaser above all.
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Contracts;

/// <param name="Made">The type of the object.</param>
/// <param name="Parts">Its members, as paths from the object that keeps it, or static ones.</param>
internal sealed record KeptObject(INamedTypeSymbol Made, ImmutableDictionary<LockMember, LockPath> Parts);

/// <summary>Reads syntax only: the initialiser of the field, or its one assignment in a constructor.</summary>
internal sealed class KeptObjects(ContractReader reader)
{
    /// <summary>A task of a task of a releaser is none that anybody makes.</summary>
    private const int MaxDepth = 3;

    private readonly ConcurrentDictionary<LockMember, KeptObject?> _known = new();

    /// <summary>The object that a readonly field has as long as its owner lives, or that a task in it yields; null where that is not known.</summary>
    public KeptObject? Of(LockMember member) =>
        member is { IsReadOnly: true, Symbol: IFieldSymbol or IPropertySymbol { SetMethod: null }, Symbol.DeclaringSyntaxReferences.IsEmpty: false, Type.IsReferenceType: true }
            ? _known.GetOrAdd(member, m => Find(m.Symbol!, 0))
            : null;

    private KeptObject? Find(ISymbol member, int depth)
    {
        List<ExpressionSyntax> values = LockCreation.ValuesOf(member).ToList();
        return values.Count == 1 && depth < MaxDepth ? Find(values[0], member, depth) : null;
    }

    private KeptObject? Find(ExpressionSyntax value, ISymbol member, int depth)
    {
        switch (value)
        {
            case BaseObjectCreationExpressionSyntax made when MadeBy(made, member) is { } constructor:
                return Compose(constructor, made.ArgumentList?.Arguments ?? default, member, value);
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "FromResult" }, ArgumentList.Arguments: { Count: 1 } yielded }:
                return Find(yielded[0].Expression, member, depth + 1);
            case IdentifierNameSyntax name when member.ContainingType.GetMembers(name.Identifier.ValueText).FirstOrDefault(m => m is IFieldSymbol { IsReadOnly: true }) is { } same:
                return Find(same, depth + 1);
            default:
                return null;
        }
    }

    private static IMethodSymbol? MadeBy(BaseObjectCreationExpressionSyntax creation, ISymbol member)
    {
        ITypeSymbol declared = GuardableFields.TypeOf(member);
        INamedTypeSymbol? type = creation is not ObjectCreationExpressionSyntax { Type: var named } ? declared as INamedTypeSymbol
            : declared.Name == named.ToString() ? declared as INamedTypeSymbol
            : TypeNamed(named.ToString(), member.ContainingType);
        int count = creation.ArgumentList?.Arguments.Count ?? 0;
        List<IMethodSymbol> constructors = type?.InstanceConstructors.Where(c => c.Parameters.Length == count && !c.DeclaringSyntaxReferences.IsEmpty).ToList() ?? new();
        return constructors.Count == 1 && creation.Initializer is null && creation.ArgumentList?.Arguments.All(a => a is { NameColon: null, RefKindKeyword.RawKind: 0 }) != false ? constructors[0] : null;
    }

    /// <summary>A type as its simple name means it in another: one that is nested there or around it, or of the same namespace.</summary>
    private static INamedTypeSymbol? TypeNamed(string name, INamedTypeSymbol seen)
    {
        for (INamedTypeSymbol? around = seen; around is not null; around = around.ContainingType)
        {
            if (around.GetTypeMembers(name, 0).FirstOrDefault() is { } nested)
            {
                return nested;
            }
        }

        return seen.ContainingNamespace.GetTypeMembers(name, 0).FirstOrDefault();
    }

    private KeptObject Compose(IMethodSymbol constructor, SeparatedSyntaxList<ArgumentSyntax> arguments, ISymbol keeper, ExpressionSyntax creation)
    {
        ImmutableDictionary<LockMember, LockPath>.Builder parts = ImmutableDictionary.CreateBuilder<LockMember, LockPath>();
        foreach ((LockMember member, int parameter) in reader.Members.SetByConstructor(constructor))
        {
            if (PathOf(arguments[parameter].Expression, keeper, creation) is { } path)
            {
                parts[member] = path;
            }
        }

        return new KeptObject(constructor.ContainingType, parts.ToImmutable());
    }

    private LockPath? PathOf(ExpressionSyntax argument, ISymbol keeper, ExpressionSyntax creation)
    {
        if (argument is ThisExpressionSyntax)
        {
            return new LockPath(PathRoot.This, 0, ImmutableArray<LockMember>.Empty, LockKind.Monitor, "this");
        }

        if (argument is IdentifierNameSyntax name && ParameterNamed(name.Identifier.ValueText, keeper.ContainingType, creation) is { } parameter)
        {
            LockMember? kept = reader.Members.SetByConstructor((IMethodSymbol)parameter.ContainingSymbol).FirstOrDefault(s => s.Parameter == parameter.Ordinal).Member;
            return kept is null ? null : new LockPath(PathRoot.This, 0, ImmutableArray.Create(kept), kept.Kind ?? LockKind.Monitor, kept.Name);
        }

        return LockMembers.IsPath(argument) && LockExpression.Bind(argument.ToString(), reader.ScopeOf(keeper, ImmutableArray<IParameterSymbol>.Empty) with { Kind = LockKind.Monitor }, reader).Path is { } path && path.Members.All(m => m.IsReadOnly)
            ? path
            : null;
    }

    /// <summary>A parameter of the constructor that a creation stands in.</summary>
    private static IParameterSymbol? ParameterNamed(string name, INamedTypeSymbol type, SyntaxNode creation)
    {
        SyntaxNode? around = creation.Ancestors().FirstOrDefault(a => a is ConstructorDeclarationSyntax or TypeDeclarationSyntax);
        return type.InstanceConstructors.FirstOrDefault(c => c.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == creation.SyntaxTree && r.Span == around?.Span))?.Parameters.FirstOrDefault(p => p.Name == name);
    }
}
