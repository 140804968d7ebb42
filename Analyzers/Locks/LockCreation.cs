// What the declaration of a lock says about it: how many a semaphore lets in, whether a reader/writer lock may be taken again.
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Locks;

/// <summary>
/// Reads syntax only: the initialiser of the member, else the assignments in constructors of its type. Where it sees nothing, or
/// nothing it understands, the answer is the one that keeps rules silent: any number gets in, taking it again is fine.
/// </summary>
internal static class LockCreation
{
    public static LockKind Refine(LockKind kind, ISymbol? member)
    {
        if (!kind.Counting && !kind.RecursionByPolicy)
        {
            return kind;
        }

        List<BaseObjectCreationExpressionSyntax> creations = member is null ? new() : Creations(member);
        if (kind.Counting)
        {
            bool isMutex = creations.Count > 0 && creations.TrueForAll(LetsOneIn);
            return kind with { Counting = !isMutex, IsSignal = creations.Count > 0 && creations.TrueForAll(LetsNobodyIn) };
        }

        return kind with { RecursionByPolicy = false, Reentrant = creations.Count == 0 || !creations.TrueForAll(ForbidsRecursion) };
    }

    /// <summary>Whether a semaphore is made that lets nobody in until it is released.</summary>
    public static bool IsSignal(LockKind kind, SyntaxNode creation) => kind.Counting && creation is BaseObjectCreationExpressionSyntax made && LetsNobodyIn(made);

    /// <summary>A semaphore that no member declares, made in a type as all that the type makes without declaring them: for each key, for each file.</summary>
    public static LockKind RefineUndeclared(LockKind kind, INamedTypeSymbol makers)
    {
        List<BaseObjectCreationExpressionSyntax> creations = makers.DeclaringSyntaxReferences
            .SelectMany(type => type.GetSyntax().DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>())
            .Where(creation => MakesSemaphore(creation) && !IsDeclared(creation, makers))
            .ToList();
        bool isMutex = creations.Count > 0 && creations.TrueForAll(LetsOneIn);
        return kind with { Counting = !isMutex, IsUndeclared = isMutex };
    }

    /// <summary>Semaphores that are the elements of a member, by what its type is seen to put there; null where it is not seen to put any there.</summary>
    public static LockKind? RefineElements(LockKind kind, ISymbol member)
    {
        IEnumerable<SyntaxNode> put = (member.ContainingType?.DeclaringSyntaxReferences ?? Enumerable.Empty<SyntaxReference>())
            .SelectMany(type => type.GetSyntax().DescendantNodes())
            .Where(n => n switch
            {
                AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax { Expression: var owner } } => Names(owner, member.Name),
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var owner } } => Names(owner, member.Name),
                _ => false,
            });
        List<BaseObjectCreationExpressionSyntax> creations = put.Concat(ValuesOf(member))
            .SelectMany(n => n.DescendantNodesAndSelf(i => i is not BaseObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 }).OfType<BaseObjectCreationExpressionSyntax>())
            .Where(c => c is ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } || MakesSemaphore(c))
            .ToList();
        bool isMutex = creations.TrueForAll(LetsOneIn);
        return creations.Count == 0 ? null : kind with { Counting = !isMutex, IsUndeclared = isMutex };
    }

    /// <summary>What <c>new(1, 1)</c> makes its target says; as the result of a lambda it is taken for a semaphore of one.</summary>
    private static bool MakesSemaphore(BaseObjectCreationExpressionSyntax creation) => creation is ObjectCreationExpressionSyntax { Type: var type }
        ? type.ToString().Split('.').Last() is "SemaphoreSlim" or "Semaphore"
        : creation.Parent is LambdaExpressionSyntax && LetsOneIn(creation);

    private static bool IsDeclared(BaseObjectCreationExpressionSyntax creation, INamedTypeSymbol type) => creation.Parent switch
    {
        EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } } => true,
        AssignmentExpressionSyntax assignment => type.GetMembers().Any(m => m is IFieldSymbol or IPropertySymbol && Names(assignment.Left, m.Name)),
        _ => false,
    };

    private static bool LetsOneIn(BaseObjectCreationExpressionSyntax creation) =>
        creation.ArgumentList is { Arguments: { Count: > 0 } arguments } && arguments.All(a => IsOne(a.Expression) || IsName(a));

    private static bool LetsNobodyIn(BaseObjectCreationExpressionSyntax creation) =>
        creation.ArgumentList is { Arguments: { Count: > 0 } arguments } && arguments[0].Expression is LiteralExpressionSyntax { Token.Value: 0 };

    /// <summary>The third and fourth arguments of a system semaphore: its name, and whether it was new.</summary>
    private static bool IsName(ArgumentSyntax argument) =>
        argument.Expression.IsKind(SyntaxKind.StringLiteralExpression) || argument.RefOrOutKeyword.IsKind(SyntaxKind.OutKeyword);

    private static bool IsOne(ExpressionSyntax expression) => expression is LiteralExpressionSyntax { Token.Value: 1 };

    private static bool ForbidsRecursion(BaseObjectCreationExpressionSyntax creation) =>
        creation.ArgumentList is not { Arguments: { Count: > 0 } arguments }
        || (arguments.Count == 1 && arguments[0].Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "NoRecursion" });

    private static List<BaseObjectCreationExpressionSyntax> Creations(ISymbol member) => ValuesOf(member).OfType<BaseObjectCreationExpressionSyntax>().ToList();

    /// <summary>What a member starts as: by its initialiser, and in constructors of its type.</summary>
    public static IEnumerable<ExpressionSyntax> ValuesOf(ISymbol member)
    {
        IEnumerable<ExpressionSyntax?> initial = member.DeclaringSyntaxReferences.Select(reference => InitializerOf(reference.GetSyntax()));
        IEnumerable<SyntaxReference> types = member.ContainingType?.DeclaringSyntaxReferences ?? Enumerable.Empty<SyntaxReference>();
        IEnumerable<ExpressionSyntax?> assigned = types
            .SelectMany(type => (type.GetSyntax() as TypeDeclarationSyntax)?.Members.OfType<ConstructorDeclarationSyntax>() ?? Enumerable.Empty<ConstructorDeclarationSyntax>())
            .SelectMany(constructor => constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>())
            .Where(assignment => Names(assignment.Left, member.Name))
            .Select(assignment => assignment.Right);
        return initial.Concat(assigned).Where(value => value is not null)!;
    }

    public static ExpressionSyntax? InitializerOf(SyntaxNode? declaration) => declaration switch
    {
        VariableDeclaratorSyntax field => field.Initializer?.Value,
        PropertyDeclarationSyntax property => property.Initializer?.Value,
        _ => null,
    };

    private static bool Names(ExpressionSyntax expression, string name) => expression switch
    {
        IdentifierNameSyntax identifier => identifier.Identifier.ValueText == name,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText == name,
        _ => false,
    };

    /// <summary>Whether a constructor does nothing but put what it got into its object, which does not fail.</summary>
    public static bool OnlyStores(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences is { Length: 1 } references
        && constructor.ContainingType is { BaseType.SpecialType: SpecialType.System_Object or SpecialType.System_ValueType } type
        && references[0].GetSyntax() switch
        {
            ConstructorDeclarationSyntax { Initializer: null, ExpressionBody.Expression: var only, Body: null } => Stores(only, type),
            ConstructorDeclarationSyntax { Initializer: null, Body.Statements: var statements } => statements.All(s => s is ExpressionStatementSyntax { Expression: var stored } && Stores(stored, type)),
            TypeDeclarationSyntax => true,
            _ => false,
        }
        && !type.GetMembers().Any(m => m is { IsStatic: false, IsImplicitlyDeclared: false } and (IFieldSymbol or IPropertySymbol) && m.DeclaringSyntaxReferences.Any(r => InitializerOf(r.GetSyntax()) is { } value && !IsPlain(value)));

    private static bool Stores(ExpressionSyntax expression, INamedTypeSymbol type) =>
        expression is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: var target, Right: var value }
        && IsPlain(value)
        && (target is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } ? name : target as SimpleNameSyntax) is { Identifier.ValueText: var member }
        && !type.GetMembers(member).Any(m => m is IPropertySymbol property && !LockMember.IsAutomatic(property));

    private static bool IsPlain(ExpressionSyntax value) => value is IdentifierNameSyntax or LiteralExpressionSyntax or ThisExpressionSyntax;

    /// <summary>Whether a member does nothing but make a new object, each time it is called.</summary>
    public static bool MakesAnother(IMethodSymbol method) =>
        method is { IsVirtual: false, IsOverride: false, DeclaringSyntaxReferences: { Length: 1 } references } && ReturnedBy(references[0].GetSyntax()) is BaseObjectCreationExpressionSyntax;

    /// <summary>What a function returns that does nothing else; null for any other.</summary>
    public static ExpressionSyntax? ReturnedBy(SyntaxNode function) => function switch
    {
        ArrowExpressionClauseSyntax arrow => arrow.Expression,
        AccessorDeclarationSyntax accessor => accessor.ExpressionBody?.Expression ?? ReturnedBy(accessor.Body),
        BaseMethodDeclarationSyntax method => method.ExpressionBody?.Expression ?? ReturnedBy(method.Body),
        LocalFunctionStatementSyntax local => local.ExpressionBody?.Expression ?? ReturnedBy(local.Body),
        _ => null,
    };

    private static ExpressionSyntax? ReturnedBy(BlockSyntax? body) =>
        body is { Statements: { Count: 1 } statements } && statements[0] is ReturnStatementSyntax { Expression: { } returned } ? returned : null;
}
