// The members of lock paths, interned: one object for each declaration that means the same lock.
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Contracts;

internal sealed class LockMembers(ContractReader reader)
{
    private readonly ConcurrentDictionary<ISymbol, LockMember> _members = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, ISymbol> _canonical = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<IMethodSymbol, ImmutableArray<(LockMember Member, int Parameter)>> _setByConstructor = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<(INamedTypeSymbol, LockKind), LockKind> _undeclared = new();

    private readonly ConcurrentDictionary<ISymbol, LockKind?> _elements = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<IMethodSymbol, LockPath?> _returned = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<(LockMember, ITypeSymbol), LockMember> _implemented = new();

    /// <summary>The objects that readonly members are made as.</summary>
    public KeptObjects Kept { get; } = new(reader);

    /// <summary>The kind of a lock that no member declares, found in a type or handed out by it.</summary>
    public LockKind Undeclared(LockKind kind, INamedTypeSymbol makers) => !kind.Counting || makers.DeclaringSyntaxReferences.IsEmpty
        ? LockCreation.Refine(kind, null)
        : _undeclared.GetOrAdd((makers.OriginalDefinition, kind), static key => LockCreation.RefineUndeclared(key.Item2, key.Item1));

    /// <summary>The kind of a lock that is one of those that a member keeps; null where nothing is seen of what it keeps.</summary>
    public LockKind? Elements(LockKind kind, ISymbol member) =>
        kind.Counting ? _elements.GetOrAdd(member, m => LockCreation.RefineElements(kind, m)) : null;

    /// <summary>The member of a type by name: a symbol, or the <see cref="LockMember"/> of a phantom; null where there is none.</summary>
    public object? Find(ITypeSymbol type, string name)
    {
        if (type is ITypeParameterSymbol parameter)
        {
            return parameter.ConstraintTypes.Select(constraint => Find(constraint, name)).FirstOrDefault(found => found is not null);
        }

        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (FindDeclared(current, name) is { } found)
            {
                return found;
            }
        }

        return type.AllInterfaces.Select(@interface => FindDeclared(@interface, name)).FirstOrDefault(found => found is not null);
    }

    public LockMember Intern(ISymbol symbol)
    {
        ISymbol canonical = Canonical(symbol);
        return _members.TryGetValue(canonical, out LockMember? member) ? member : _members.GetOrAdd(canonical, Create(canonical));
    }

    /// <summary>
    /// The path that a member stands for: what [ReturnsCapability] says, or the field that a getter does nothing but return.
    /// Neither a path nor a problem means that the member stands for itself.
    /// </summary>
    public BoundName Redirection(ISymbol member, int depth)
    {
        for (ISymbol? current = member; current is not null; current = Overridden(current))
        {
            RawClause? clause = reader.Raw(current).FirstOrDefault(c => c.Name == ContractCatalog.ReturnsCapability);
            if (clause is not null)
            {
                ImmutableArray<IParameterSymbol> parameters = (current as IMethodSymbol)?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty;
                return LockExpression.Bind(clause.TextAt(0), reader.ScopeOf(current, parameters), reader, depth);
            }
        }

        return depth <= LockExpression.MaxDepth && member is not IPropertySymbol { IsVirtual: true } and not IPropertySymbol { IsOverride: true } && Returned(member) is { } returned
            && LockExpression.Bind(returned.ToString(), reader.ScopeOf(member, ImmutableArray<IParameterSymbol>.Empty), reader, depth) is { Path: { } path } && (FieldOf(returned, member) is not null || StaysTheSame(path))
                ? new BoundName(path, null)
                : default;
    }

    /// <summary>A path that leads to the same object as long as its owner lives.</summary>
    private static bool StaysTheSame(LockPath path) => path.Root == PathRoot.This && path.Members.Length > 1 && path.Members.All(m => m.IsSetOnce);

    /// <summary>The field that a property is in objects of a type that does nothing but return it there; else the property itself.</summary>
    public LockMember In(ITypeSymbol? type, LockMember member) => member.IsImplementedElsewhere && type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } implementer
        ? _implemented.GetOrAdd((member, implementer.OriginalDefinition), key => FindIn(key.Item2, key.Item1))
        : member;

    /// <summary>The same path, as it is in objects of a type.</summary>
    public LockPath In(ITypeSymbol type, LockPath path) =>
        path.Root == PathRoot.This && path.Members.FirstOrDefault() is { } first && In(type, first) is var member && !ReferenceEquals(member, first)
            ? path with { Members = path.Members.SetItem(0, member) }
            : path;

    private LockMember FindIn(ITypeSymbol type, LockMember member)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType?.OriginalDefinition)
        {
            IPropertySymbol? property = current.GetMembers().OfType<IPropertySymbol>()
                .FirstOrDefault(p => !p.IsStatic && !p.IsAbstract && SymbolEqualityComparer.Default.Equals(Canonical(p), member.Symbol));
            if (property is not null)
            {
                return FieldOf(Returned(property), property) is { } field ? Intern(field) : member;
            }
        }

        return member;
    }

    /// <summary>What a method of this compilation returns that does nothing else: a member, or what it was passed; null for any other.</summary>
    public LockPath? Returned(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Ordinary, IsVirtual: false, IsOverride: false, IsAbstract: false, IsAsync: false, ReturnType.IsReferenceType: true, DeclaringSyntaxReferences.IsEmpty: false }
            ? _returned.GetOrAdd(method.OriginalDefinition, FindReturned)
            : null;

    private LockPath? FindReturned(IMethodSymbol method) =>
        LockCreation.ReturnedBy(method.DeclaringSyntaxReferences[0].GetSyntax()) is { } returned && IsPath(returned)
            ? LockExpression.Bind(returned.ToString(), reader.ScopeOf(method, method.Parameters) with { Kind = LockKind.Monitor }, reader).Path
            : null;

    public static bool IsPath(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax || (expression is MemberAccessExpressionSyntax access && (access.Expression is ThisExpressionSyntax || IsPath(access.Expression)));

    private static ISymbol? Overridden(ISymbol symbol) => symbol switch
    {
        IPropertySymbol property => property.OverriddenProperty,
        IMethodSymbol method => method.OverriddenMethod,
        _ => null,
    };

    /// <summary>What a property returns and does nothing else: a member, or one of a member; null where the getter does more.</summary>
    private static ExpressionSyntax? Returned(ISymbol member)
    {
        if (member is not IPropertySymbol { IsAbstract: false, IsIndexer: false } property
            || property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not PropertyDeclarationSyntax syntax)
        {
            return null;
        }

        AccessorDeclarationSyntax? getter = syntax.AccessorList?.Accessors.FirstOrDefault(a => a.Keyword.ValueText == "get");
        ExpressionSyntax? returned = syntax.ExpressionBody?.Expression
            ?? getter?.ExpressionBody?.Expression
            ?? (getter?.Body is { Statements: { Count: 1 } statements } ? (statements[0] as ReturnStatementSyntax)?.Expression : null);
        return returned is not null && IsPath(returned) ? returned : null;
    }

    /// <summary>The field of the same type that an expression names; null where it names something else.</summary>
    private static IFieldSymbol? FieldOf(ExpressionSyntax? returned, ISymbol property) => returned switch
    {
        IdentifierNameSyntax identifier => Field(property.ContainingType, identifier.Identifier.ValueText),
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => Field(property.ContainingType, access.Name.Identifier.ValueText),
        _ => null,
    };

    private static IFieldSymbol? Field(INamedTypeSymbol type, string name) => type.GetMembers(name).OfType<IFieldSymbol>().FirstOrDefault();

    private object? FindDeclared(ITypeSymbol type, string name)
    {
        ISymbol? symbol = type.GetMembers(name).FirstOrDefault(m =>
            m is IFieldSymbol or IPropertySymbol { IsIndexer: false } || (m is IMethodSymbol method && method.MethodKind is MethodKind.Ordinary or MethodKind.DelegateInvoke));
        if (symbol is not null)
        {
            return symbol;
        }

        LockMember? phantom = reader.Type(type).Phantoms.FirstOrDefault(p => p.Name == name);
        return phantom ?? FindPrimaryParameter(type, name);
    }

    /// <summary>What a constructor does nothing with but put it into its object: by member, the parameter.</summary>
    public ImmutableArray<(LockMember Member, int Parameter)> SetByConstructor(IMethodSymbol constructor) =>
        constructor.Parameters.IsEmpty || constructor.DeclaringSyntaxReferences.IsEmpty
            ? ImmutableArray<(LockMember, int)>.Empty
            : _setByConstructor.GetOrAdd(constructor.OriginalDefinition, FindSetByConstructor);

    private ImmutableArray<(LockMember Member, int Parameter)> FindSetByConstructor(IMethodSymbol constructor) => constructor.DeclaringSyntaxReferences[0].GetSyntax() switch
    {
        TypeDeclarationSyntax => FindSetByPrimary(constructor),
        ConstructorDeclarationSyntax syntax => FindAssigned(constructor, syntax),
        _ => ImmutableArray<(LockMember, int)>.Empty,
    };

    private ImmutableArray<(LockMember Member, int Parameter)> FindSetByPrimary(IMethodSymbol constructor)
    {
        var set = ImmutableArray.CreateBuilder<(LockMember Member, int Parameter)>();
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            set.Add((Intern(parameter), parameter.Ordinal));
            set.AddRange(constructor.ContainingType.GetMembers()
                .Where(m => !m.IsStatic && (LockCreation.InitializerOf(m.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()) is IdentifierNameSyntax name ? name.Identifier.ValueText == parameter.Name : m is IPropertySymbol { ContainingType.IsRecord: true } && m.Name == parameter.Name))
                .Select(m => (Intern(m), parameter.Ordinal)));
        }

        return set.ToImmutable();
    }

    /// <summary>Members that are set nowhere but in a constructor, and there to what it got.</summary>
    private ImmutableArray<(LockMember Member, int Parameter)> FindAssigned(IMethodSymbol constructor, ConstructorDeclarationSyntax syntax)
    {
        var set = ImmutableArray.CreateBuilder<(LockMember Member, int Parameter)>();
        foreach (StatementSyntax statement in syntax.Body?.Statements ?? default)
        {
            AddAssigned(set, constructor, (statement as ExpressionStatementSyntax)?.Expression);
        }

        AddAssigned(set, constructor, syntax.ExpressionBody?.Expression);
        return set.ToImmutable();
    }

    private void AddAssigned(ImmutableArray<(LockMember Member, int Parameter)>.Builder set, IMethodSymbol constructor, ExpressionSyntax? expression)
    {
        if (expression is not AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment)
        {
            return;
        }

        if (assignment is not { Left: TupleExpressionSyntax left, Right: TupleExpressionSyntax right })
        {
            AddAssigned(set, constructor, assignment.Left, WithoutThrow(assignment.Right));
            return;
        }

        for (int i = 0; i < left.Arguments.Count && i < right.Arguments.Count; i++)
        {
            AddAssigned(set, constructor, left.Arguments[i].Expression, right.Arguments[i].Expression);
        }
    }

    private void AddAssigned(ImmutableArray<(LockMember Member, int Parameter)>.Builder set, IMethodSymbol constructor, ExpressionSyntax target, ExpressionSyntax value)
    {
        IParameterSymbol? parameter = value is IdentifierNameSyntax name ? constructor.Parameters.FirstOrDefault(p => p.RefKind == RefKind.None && p.Name == name.Identifier.ValueText) : null;
        if (parameter is not null && MemberNamed(constructor, target) is { IsReadOnly: true } member)
        {
            set.Add((member, parameter.Ordinal));
        }
    }

    private static ExpressionSyntax WithoutThrow(ExpressionSyntax value) =>
        value is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression, Right: ThrowExpressionSyntax, Left: var left } ? left : value;

    /// <summary>The member of its object that an expression in a constructor names; null where it may name something else.</summary>
    private LockMember? MemberNamed(IMethodSymbol constructor, ExpressionSyntax target)
    {
        string? name = target switch
        {
            IdentifierNameSyntax identifier when !constructor.Parameters.Any(p => p.Name == identifier.Identifier.ValueText) => identifier.Identifier.ValueText,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
            _ => null,
        };
        return name is not null && constructor.ContainingType.GetMembers(name).FirstOrDefault(m => m is IFieldSymbol or IPropertySymbol && !m.IsStatic) is { } member ? Intern(member) : null;
    }

    /// <summary>A parameter of a primary constructor is as good as a field.</summary>
    private static object? FindPrimaryParameter(ITypeSymbol type, string name) =>
        (type as INamedTypeSymbol)?.InstanceConstructors
            .FirstOrDefault(c => c.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is TypeDeclarationSyntax))
            ?.Parameters.FirstOrDefault(p => p.Name == name);

    /// <summary>The declaration that all overrides and implementations of a member mean; of a generic object, the original definition.</summary>
    private ISymbol Canonical(ISymbol symbol)
    {
        if (symbol is IFieldSymbol { CorrespondingTupleField: { } position })
        {
            return position.OriginalDefinition;
        }

        if (symbol is not IPropertySymbol property || symbol.IsStatic)
        {
            // A static field of a constructed generic type is a field of its own.
            return symbol.IsStatic ? symbol : symbol.OriginalDefinition;
        }

        return _canonical.GetOrAdd(property.OriginalDefinition, static s => Root((IPropertySymbol)s));
    }

    private static ISymbol Root(IPropertySymbol property)
    {
        while (property.OverriddenProperty is { } overridden)
        {
            property = overridden.OriginalDefinition;
        }

        if (property.ExplicitInterfaceImplementations.FirstOrDefault() is { } @explicit)
        {
            return @explicit.OriginalDefinition;
        }

        foreach (INamedTypeSymbol @interface in property.ContainingType.AllInterfaces)
        {
            ISymbol? declared = @interface.GetMembers(property.Name).FirstOrDefault();
            if (declared is not null
                && SymbolEqualityComparer.Default.Equals(property.ContainingType.FindImplementationForInterfaceMember(declared), property))
            {
                return declared.OriginalDefinition;
            }
        }

        return property;
    }

    private LockMember Create(ISymbol symbol)
    {
        ImmutableArray<RawClause> clauses = reader.Raw(symbol);
        RawClause? capability = clauses.FirstOrDefault(c => c.Name == ContractCatalog.Capability);
        ITypeSymbol? type = TypeOf(symbol);
        LockKind? kind = capability is null ? reader.KindOf(type) : KindFrom(capability, type);
        string? declaredClass = clauses.FirstOrDefault(c => c.Name == ContractCatalog.LockClass)?.TextAt(0)
            ?? capability?.TextAt(0)
            ?? (type is null ? null : reader.Type(type).LockClass)
            ?? ClassOfOverride(symbol);
        return new LockMember(symbol.Name, symbol, symbol.ContainingType, type, kind is null ? null : LockCreation.Refine(kind, symbol))
        {
            DeclaredClass = declaredClass,
            Nests = clauses.Any(c => c.Name == ContractCatalog.NestedLock) || (type is not null && reader.Type(type).Nests),
        };
    }

    /// <summary>An object, or a lock of the framework, stays what it is when a member names it: the lock statement takes it.</summary>
    private LockKind KindFrom(RawClause capability, ITypeSymbol? type) =>
        ContractReader.KindFrom(capability) is var declared && declared.Capability == CapabilityKind.Lock
        && reader.KindOf(type) is { Capability: CapabilityKind.Lock } own && (!own.IsMonitor || type!.SpecialType == SpecialType.System_Object)
            ? own
            : declared;

    /// <summary>A field that overrides a lock of the base type is of the class of that.</summary>
    private string? ClassOfOverride(ISymbol symbol) => symbol is IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false }
        && symbol.ContainingType.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(p => p.IsOverride && SymbolEqualityComparer.Default.Equals(FieldOf(Returned(p), p), symbol)) is { } property
            ? Intern(property).ClassName
            : null;

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IMethodSymbol method => method.ReturnType,
        IParameterSymbol parameter => parameter.Type,
        IEventSymbol @event => @event.Type,
        _ => null,
    };
}
