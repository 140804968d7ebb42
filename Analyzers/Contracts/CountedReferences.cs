// References that are counted by hand: a get that fails once the count is zero, known by its shape.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Contracts;

/// <summary>
/// What Linux calls kref_get_unless_zero and kref_put: a method that compares a field with zero and exchanges it for one more, and one that
/// decrements it. Where a type has both, a method that only increments the field is a get, too. Methods with a contract speak for themselves.
/// </summary>
internal static class CountedReferences
{
    private static readonly LockPath s_this = new(PathRoot.This, 0, ImmutableArray<LockMember>.Empty, LockKind.HandedOut(CapabilityKind.Reference, collected: false), "this");

    private static readonly CodeContract s_tryGet = Promise(new Clause(ClauseKind.TryAcquires, Mode.Exclusive, ImmutableArray.Create(s_this)) { Result = ValueSet.NonZero });

    private static readonly CodeContract s_get = Promise(new Clause(ClauseKind.Acquires, Mode.Exclusive, ImmutableArray.Create(s_this)) { Result = ValueSet.All });

    private static readonly CodeContract s_put = Promise(new Clause(ClauseKind.Releases, Mode.Any, ImmutableArray.Create(s_this)) { Result = ValueSet.All });

    /// <summary>Whether a method can be one of the three, by its signature alone.</summary>
    public static bool MayBe(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Ordinary, IsStatic: false, Parameters.IsEmpty: true, ContainingType.TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false }
        && (method.ReturnsVoid || method.ReturnType.SpecialType is SpecialType.System_Boolean or SpecialType.System_Int32 or SpecialType.System_Int64);

    /// <summary>What the methods of a type promise by their shape; nearly always nothing.</summary>
    public static ImmutableDictionary<IMethodSymbol, CodeContract> Of(INamedTypeSymbol type)
    {
        var found = ImmutableDictionary.CreateBuilder<IMethodSymbol, CodeContract>(SymbolEqualityComparer.Default);
        List<IMethodSymbol> methods = type.GetMembers().OfType<IMethodSymbol>().Where(MayBe).ToList();
        foreach (IMethodSymbol tryGet in methods.Where(m => m.ReturnType.SpecialType == SpecialType.System_Boolean))
        {
            if (CountOf(tryGet, "CompareExchange") is { } count && !type.GetMembers(count).IsEmpty && CountsUpUnlessZero(tryGet) && methods.Any(m => CountOf(m, "Decrement") == count))
            {
                foreach (IMethodSymbol method in methods)
                {
                    Add(found, method, count);
                }

                found[tryGet] = s_tryGet;
            }
        }

        return found.ToImmutable();
    }

    private static CodeContract Promise(Clause clause) => new() { Clauses = ImmutableArray.Create(clause) };

    private static void Add(ImmutableDictionary<IMethodSymbol, CodeContract>.Builder found, IMethodSymbol method, string count)
    {
        bool decrements = CountOf(method, "Decrement") == count;
        bool increments = CountOf(method, "Increment") == count;
        if (decrements != increments && CountOf(method, "CompareExchange") is null)
        {
            found[method] = decrements ? s_put : s_get;
        }
    }

    private static bool CountsUpUnlessZero(IMethodSymbol method)
    {
        IEnumerable<BinaryExpressionSyntax> operations = Nodes<BinaryExpressionSyntax>(method);
        return operations.Any(o => o.IsKind(SyntaxKind.AddExpression) && IsNumber(o.Right, 1))
            && operations.Any(o => !o.IsKind(SyntaxKind.AddExpression) && (IsNumber(o.Left, 0) || IsNumber(o.Right, 0)));
    }

    private static bool IsNumber(ExpressionSyntax expression, int number) => expression is LiteralExpressionSyntax { Token.Value: int value } && value == number;

    /// <summary>The field that a method passes to an operation of Interlocked; null where there is none.</summary>
    private static string? CountOf(IMethodSymbol method, string operation) => Nodes<InvocationExpressionSyntax>(method)
        .Where(c => c.Expression is MemberAccessExpressionSyntax { Expression: var owner, Name.Identifier.ValueText: var name }
            && name == operation
            && owner is IdentifierNameSyntax { Identifier.ValueText: "Interlocked" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Interlocked" })
        .Select(c => c.ArgumentList.Arguments.FirstOrDefault()?.Expression switch
        {
            IdentifierNameSyntax field => field.Identifier.ValueText,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var field } => field.Identifier.ValueText,
            _ => null,
        })
        .FirstOrDefault();

    private static IEnumerable<T> Nodes<T>(IMethodSymbol method) => method.DeclaringSyntaxReferences.SelectMany(r => r.GetSyntax().DescendantNodes().OfType<T>());
}
