// From a symbol to what it promises: attributes, inherited contracts and the lines of contract files, read once per symbol.
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Contracts;

/// <summary>One per compilation. Thread-safe; what it returns is immutable.</summary>
internal sealed class ContractReader
{
    private readonly ContractTable _table;
    private readonly ConcurrentDictionary<ISymbol, CodeContract> _code = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<(IMethodSymbol, ITypeSymbol), CodeContract> _inherited = new(ReceiverComparer.Instance);
    private readonly ConcurrentDictionary<ISymbol, DataContract> _data = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, TypeContract> _types = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, (LockPath? Path, ImmutableArray<ContractProblem> Problems)> _gracePeriods = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, ImmutableDictionary<IMethodSymbol, CodeContract>> _counted = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IAssemblySymbol, bool> _speaks = new(SymbolEqualityComparer.Default);
    private readonly System.Lazy<ImmutableHashSet<string>> _lockedNames;

    public ContractReader(Compilation compilation, IEnumerable<ContractLine> additional)
    {
        Compilation = compilation;
        Members = new LockMembers(this);
        Order = new DeclaredOrder(this);
        Implementers = new Implementers(compilation);
        _lockedNames = new(() => LockStatements.Names(compilation));
        _table = new ContractTable(compilation, additional);
    }

    public Compilation Compilation { get; }

    public LockMembers Members { get; }

    public DeclaredOrder Order { get; }

    public Implementers Implementers { get; }

    /// <summary>Whether a member says that it nests locks of one class.</summary>
    public bool NestsLocks(ISymbol member) => Raw(member).Any(c => c.Name == ContractCatalog.NestedLock);

    /// <summary>Whether the object that a member refers to may be locked itself, by the names of what is.</summary>
    public bool IsLockedItself(LockMember member) => _lockedNames.Value.Contains(member.Name);

    /// <summary>Whether the target framework has <c>System.Threading.Lock</c>.</summary>
    public bool HasLockType => !Compilation.GetTypesByMetadataName("System.Threading.Lock").IsEmpty;

    /// <summary>What the runtime calls around a body that locks its object by an attribute.</summary>
    public IMethodSymbol? MonitorEnter => Compilation.GetTypesByMetadataName("System.Threading.Monitor")
        .SelectMany(t => t.GetMembers("Enter").OfType<IMethodSymbol>())
        .FirstOrDefault(m => m.Parameters.Length == 1);

    /// <summary>What a method promises; <paramref name="receiver"/> is the static type that it is called through, where that matters.</summary>
    public CodeContract Code(IMethodSymbol method, ITypeSymbol? receiver = null)
    {
        IMethodSymbol definition = (method.ReducedFrom ?? method).OriginalDefinition;
        if (!MayPromise(definition))
        {
            return ByShape(definition);
        }

        CodeContract contract = _code.TryGetValue(definition, out CodeContract? known) ? known : _code.GetOrAdd(definition, ReadCode(definition, null));
        if (contract is { SaysAnything: false, Unchecked: false } && ByShape(definition) is { HasClauses: true } shape)
        {
            return shape;
        }

        return contract.HasClauses || receiver is null || definition.ContainingType is null || !_table.Knows(definition.ContainingType)
            ? contract
            : _inherited.GetOrAdd((definition, receiver), key => ReadCode(key.Item1, key.Item2));
    }

    private CodeContract ByShape(IMethodSymbol method)
    {
        if (!CountedReferences.MayBe(method) || !SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, Compilation.Assembly))
        {
            return CodeContract.None;
        }

        ImmutableDictionary<IMethodSymbol, CodeContract> counted = _counted.GetOrAdd(method.ContainingType, CountedReferences.Of);
        return counted.TryGetValue(method, out CodeContract? contract) ? contract : CodeContract.None;
    }

    /// <summary>What a delegate type promises for its invocations.</summary>
    public CodeContract Delegate(ITypeSymbol? type) =>
        type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } ? Code(invoke) : CodeContract.None;

    public DataContract Data(ISymbol member)
    {
        ISymbol definition = member.OriginalDefinition;
        if (definition.ContainingType is null || !(Speaks(definition.ContainingAssembly) || _table.Knows(definition.ContainingType)))
        {
            return DataContract.None;
        }

        return _data.TryGetValue(definition, out DataContract? known) ? known : _data.GetOrAdd(definition, new ClauseReader(this).ReadData(definition));
    }

    public TypeContract Type(ITypeSymbol type)
    {
        ITypeSymbol definition = type.OriginalDefinition;
        if (definition is not INamedTypeSymbol named || !(Speaks(named.ContainingAssembly) || _table.Knows(named)))
        {
            return TypeContract.None;
        }

        return _types.TryGetValue(named, out TypeContract? known) ? known : _types.GetOrAdd(named, new ClauseReader(this).ReadType(named));
    }

    /// <summary>The domain whose grace period objects of a type need before they are freed, and what is wrong with its name.</summary>
    public (LockPath? Path, ImmutableArray<ContractProblem> Problems) GracePeriod(ITypeSymbol type)
    {
        if (type.OriginalDefinition is not INamedTypeSymbol named || Raw(named).IsEmpty)
        {
            return (null, ImmutableArray<ContractProblem>.Empty);
        }

        return _gracePeriods.TryGetValue(named, out var known) ? known : _gracePeriods.GetOrAdd(named, new ClauseReader(this).ReadGracePeriod(named));
    }

    /// <summary>What holding an object of a type means; null where nothing of that type can be held.</summary>
    public LockKind? KindOf(ITypeSymbol? type)
    {
        if (type is null)
        {
            return null;
        }

        if (type is ITypeParameterSymbol parameter)
        {
            return parameter.ConstraintTypes.Select(KindOf).FirstOrDefault(k => k is { IsMonitor: false })
                ?? (parameter.IsValueType ? null : LockKind.Monitor);
        }

        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            TypeContract contract = Type(current);
            if (contract.Capability is { } declared)
            {
                return declared;
            }

            if (contract.IsScoped)
            {
                return s_guard;
            }
        }

        return type.AllInterfaces.Select(i => Type(i).Capability).FirstOrDefault(k => k is not null)
            ?? (type.IsValueType || type.SpecialType is SpecialType.System_String or SpecialType.System_Void || type.TypeKind is TypeKind.Delegate or TypeKind.Pointer
                ? null
                : LockKind.Monitor);
    }

    /// <summary>What is held once an object of a type has been awaited; null for types that have no such capability.</summary>
    public LockMember? CompletionOf(ITypeSymbol? type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Type(current).Phantoms.FirstOrDefault(p => p.Name == ContractCatalog.Completed) is { } completion)
            {
                return completion;
            }
        }

        return null;
    }

    /// <summary>Whether objects of a type are guards: bound to locks, released by Dispose.</summary>
    public bool IsScoped(ITypeSymbol? type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Type(current).IsScoped)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The contracts of a symbol as written: attributes first, then lines of files.</summary>
    public ImmutableArray<RawClause> Raw(ISymbol symbol, ITypeSymbol? receiver = null)
    {
        ImmutableArray<RawClause> rows = _table.Find(symbol, receiver);
        if (symbol.ContainingAssembly is not { } assembly || !Speaks(assembly))
        {
            return rows;
        }

        ImmutableArray<RawClause>.Builder? written = null;
        foreach (AttributeData attribute in symbol is IPropertySymbol property ? AttributesOf(property) : symbol.GetAttributes())
        {
            if (ContractCatalog.NameOf(attribute) is { } name)
            {
                written ??= ImmutableArray.CreateBuilder<RawClause>();
                written.Add(RawClause.From(attribute, name));
            }
        }

        if (written is null)
        {
            return rows;
        }

        written.AddRange(rows);
        return written.ToImmutable();
    }

    /// <summary>What is written on the field behind a property, <c>[field: …]</c>, is meant for what is kept there, too.</summary>
    private static IEnumerable<AttributeData> AttributesOf(IPropertySymbol property) =>
        property.ContainingType?.GetMembers($"<{property.Name}>k__BackingField").FirstOrDefault() is { } field
            ? property.GetAttributes().Concat(field.GetAttributes())
            : property.GetAttributes();

    /// <summary>The declared orders of the assembly itself and of all that it references, as class names, outermost first.</summary>
    public IEnumerable<RawClause> DeclaredOrders()
    {
        IEnumerable<IAssemblySymbol> assemblies = Compilation.SourceModule.ReferencedAssemblySymbols.Prepend(Compilation.Assembly);
        return assemblies.Where(Speaks).SelectMany(a => a.GetAttributes())
            .Where(a => ContractCatalog.NameOf(a) == ContractCatalog.LockOrder)
            .Select(a => RawClause.From(a, ContractCatalog.LockOrder));
    }

    public NameScope ScopeOf(ISymbol symbol, ImmutableArray<IParameterSymbol> parameters)
    {
        ISymbol owner = symbol;
        bool isStatic = symbol.IsStatic;
        ImmutableArray<IParameterSymbol> captured = ImmutableArray<IParameterSymbol>.Empty;
        while (owner is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction, ContainingSymbol: IMethodSymbol outer })
        {
            // A static local function has no 'this' either, and its outer member decides otherwise.
            captured = owner.IsStatic ? captured : captured.AddRange(outer.Parameters);
            owner = outer;
            isStatic |= outer.IsStatic;
        }

        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? owner.ContainingType;
        bool isDelegate = type is { TypeKind: TypeKind.Delegate };
        return new NameScope(type, parameters, isDelegate || (isStatic && symbol is not INamedTypeSymbol), symbol.DeclaringSyntaxReferences.FirstOrDefault())
        {
            ResultType = (symbol as IMethodSymbol)?.ReturnType,
            Captured = captured,
        };
    }

    public static LockKind KindFrom(RawClause capability)
    {
        CapabilityKind kind = capability.Named.TryGetValue("Kind", out RawArgument named) ? KindFrom(named) : CapabilityKind.Lock;
        return new LockKind(capability.TextAt(0) ?? "lock")
        {
            Capability = kind,
            Reentrant = capability.Flag("Reentrant", otherwise: false),
            ThreadAffine = capability.Flag("ThreadAffine", otherwise: kind is CapabilityKind.Lock or CapabilityKind.ReadSection),
            Counting = capability.Flag("Counting", otherwise: false),
            Spins = capability.Flag("Spins", otherwise: false),
            Inline = capability.Flag("Inline", otherwise: false),
            HidesMonitor = capability.Flag("HidesMonitor", otherwise: false),
            RecursionByPolicy = capability.Flag("RecursionByPolicy", otherwise: false),
        };
    }

    public static CapabilityKind KindFrom(RawArgument argument) => argument.Value switch
    {
        int number when number is >= 0 and <= (int)CapabilityKind.Role => (CapabilityKind)number,
        string name when System.Enum.TryParse(name, out CapabilityKind kind) => kind,
        _ => CapabilityKind.Lock,
    };

    /// <summary>What <c>this</c> of a guard type is: the locks that the guard is bound to.</summary>
    private static readonly LockKind s_guard = new("guard");

    /// <summary>Most code promises nothing; this answers without reading an attribute.</summary>
    private bool MayPromise(IMethodSymbol method) =>
        (method.ContainingAssembly is { } assembly && Speaks(assembly)) || _table.Knows(method);

    private CodeContract ReadCode(IMethodSymbol method, ITypeSymbol? receiver) => new ClauseReader(this).ReadCode(method, receiver);

    /// <summary>Whether an assembly declares contract attributes, or references one that does.</summary>
    private bool Speaks(IAssemblySymbol? assembly)
    {
        if (assembly is null)
        {
            return false;
        }

        return _speaks.TryGetValue(assembly, out bool speaks)
            ? speaks
            : _speaks.GetOrAdd(assembly, Declares(assembly) || assembly.Modules.Any(m => m.ReferencedAssemblySymbols.Any(Declares)));
    }

    private static bool Declares(IAssemblySymbol assembly) =>
        assembly.GlobalNamespace.GetNamespaceMembers()
            .Any(n => n.Name == ContractCatalog.Namespace && n.GetTypeMembers().Any(t => t.Name.EndsWith("Attribute", System.StringComparison.Ordinal)));

    private sealed class ReceiverComparer : IEqualityComparer<(IMethodSymbol, ITypeSymbol)>
    {
        public static readonly ReceiverComparer Instance = new();

        public bool Equals((IMethodSymbol, ITypeSymbol) x, (IMethodSymbol, ITypeSymbol) y) =>
            SymbolEqualityComparer.Default.Equals(x.Item1, y.Item1) && SymbolEqualityComparer.Default.Equals(x.Item2, y.Item2);

        public int GetHashCode((IMethodSymbol, ITypeSymbol) pair) =>
            (SymbolEqualityComparer.Default.GetHashCode(pair.Item1) * 31) + SymbolEqualityComparer.Default.GetHashCode(pair.Item2);
    }
}
