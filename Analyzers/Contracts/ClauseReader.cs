// From contracts as written to clauses: names bound, results and parameters resolved, mistakes collected.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Contracts;

/// <summary>Reads one symbol; made anew for each.</summary>
internal sealed class ClauseReader(ContractReader reader)
{
    private readonly ImmutableArray<ContractProblem>.Builder _problems = ImmutableArray.CreateBuilder<ContractProblem>();
    private readonly ImmutableArray<Clause>.Builder _clauses = ImmutableArray.CreateBuilder<Clause>();
    private readonly ImmutableDictionary<int, LockPath>.Builder _after = ImmutableDictionary.CreateBuilder<int, LockPath>();

    /// <summary>Marks of parameters, by word.</summary>
    private readonly Dictionary<string, ImmutableHashSet<int>.Builder> _marks = new()
    {
        [ContractCatalog.InstantHandle] = ImmutableHashSet.CreateBuilder<int>(),
        [ContractCatalog.RunsElsewhere] = ImmutableHashSet.CreateBuilder<int>(),
        [ContractCatalog.AwaitsDelegate] = ImmutableHashSet.CreateBuilder<int>(),
        [ContractCatalog.MayAcquire] = ImmutableHashSet.CreateBuilder<int>(),
        [ContractCatalog.AfterCompletion] = ImmutableHashSet.CreateBuilder<int>(),
        [ContractCatalog.MustNotBlock] = ImmutableHashSet.CreateBuilder<int>(),
    };

    /// <summary>The type says of all its methods that they invoke what they get before they return.</summary>
    private bool _runsAllAtOnce;

    public CodeContract ReadCode(IMethodSymbol method, ITypeSymbol? receiver)
    {
        _runsAllAtOnce = method is { MethodKind: MethodKind.Ordinary, ContainingType: { } owner } && Has(reader.Raw(owner), ContractCatalog.InstantHandle);
        ImmutableArray<RawClause> own = OwnClauses(method, receiver);
        ImmutableArray<IParameterSymbol> parameters = method.Parameters;
        NameScope scope = reader.ScopeOf(method, parameters);
        scope = receiver is INamedTypeSymbol through ? scope with { Type = through } : scope;
        foreach (RawClause raw in own)
        {
            int parameter = raw.Target is null ? -1 : ParameterNamed(parameters, raw, raw.Target, 0);
            AddClause(raw, scope, parameter);
        }

        foreach (IParameterSymbol parameter in parameters)
        {
            ReadParameter(parameter, own, scope);
        }

        CodeContract? inherited = StatesNone(own, parameters) ? Inherited(method) : null;
        CodeContract contract = (inherited ?? CodeContract.None) with
        {
            Clauses = inherited?.Clauses ?? _clauses.ToImmutable(),
            Returns = Path(own, ContractCatalog.ReturnsCapability, scope) ?? inherited?.Returns,
            MayBlock = Has(own, ContractCatalog.MayBlock) || inherited is { MayBlock: true },
            BlocksUnless = own.Any(c => c.Name == ContractCatalog.MayBlock && c.Arguments.Length > 0) ? Path(own, ContractCatalog.MayBlock, scope) : inherited?.BlocksUnless,
            NonBlockingDelegates = _marks[ContractCatalog.MustNotBlock].ToImmutable(),
            MustNotBlock = Has(own, ContractCatalog.MustNotBlock) || inherited is { MustNotBlock: true },
            Unchecked = IsUnchecked(method),
            Frees = ParameterOf(own, ContractCatalog.Frees, parameters) ?? inherited?.Frees ?? -1,
            AwaitsGracePeriod = Path(own, ContractCatalog.AwaitsGracePeriod, scope) ?? inherited?.AwaitsGracePeriod,
            AfterGracePeriod = _after.Count > 0 ? _after.ToImmutable() : inherited?.AfterGracePeriod ?? _after.ToImmutable(),
            Fence = FenceOf(own) ?? inherited?.Fence,
            InstantHandles = _marks[ContractCatalog.InstantHandle].ToImmutable(),
            RunElsewhere = _marks[ContractCatalog.RunsElsewhere].ToImmutable(),
            AwaitedDelegates = _marks[ContractCatalog.AwaitsDelegate].ToImmutable(),
            RunsCallbacks = Has(own, ContractCatalog.RunsCallbacks),
            RunsContinuations = Has(own, ContractCatalog.RunsContinuations),
            MayAcquire = _marks[ContractCatalog.MayAcquire].ToImmutable(),
            ReturnsReceiver = Has(own, ContractCatalog.ReturnsReceiver),
            Awaits = Has(own, ContractCatalog.Awaits),
            SignalsEnd = ParameterOf(own, ContractCatalog.SignalsEnd, parameters) ?? -1,
            AwaitsAll = Has(own, ContractCatalog.AwaitsAll),
            AwaitsAny = Has(own, ContractCatalog.AwaitsAny),
            AfterCompletion = _marks[ContractCatalog.AfterCompletion].ToImmutable(),
            Atomic = method.ContainingType is { } type && Has(reader.Raw(type), ContractCatalog.Atomic),
        };
        contract = contract with { Trusted = IsTrusted(method, contract) };
        contract = WithoutContradictions(contract);
        return contract with { Problems = _problems.ToImmutable() };
    }

    public DataContract ReadData(ISymbol member)
    {
        ImmutableArray<RawClause> own = reader.Raw(member);
        if (own.IsEmpty)
        {
            DataContract? inherited = BasesOf(member).Select(reader.Data).FirstOrDefault(c => c.IsGuarded || c.Unguarded);
            return inherited is null ? DataContract.None : inherited with { Problems = ImmutableArray<ContractProblem>.Empty };
        }

        NameScope scope = reader.ScopeOf(member, (member as IPropertySymbol)?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty);
        return new DataContract
        {
            Guards = Guards(own, ContractCatalog.GuardedBy, scope),
            Contents = Guards(own, ContractCatalog.ContentsGuardedBy, scope),
            GracePeriod = Path(own, ContractCatalog.GracePeriod, scope),
            Unguarded = Has(own, ContractCatalog.Unguarded),
            Before = Order(own, ContractCatalog.AcquiredBefore, scope),
            After = Order(own, ContractCatalog.AcquiredAfter, scope),
            Problems = _problems.ToImmutable(),
        };
    }

    public TypeContract ReadType(INamedTypeSymbol type)
    {
        ImmutableArray<RawClause> own = reader.Raw(type);
        if (own.IsEmpty)
        {
            return TypeContract.None;
        }

        RawClause? capability = own.FirstOrDefault(c => c.Name == ContractCatalog.Capability);
        var phantoms = ImmutableArray.CreateBuilder<LockMember>();
        foreach (RawClause raw in own.Where(c => c.Name == ContractCatalog.DeclaresCapability))
        {
            CapabilityKind kind = raw.Arguments.Length > 1 ? ContractReader.KindFrom(raw.Arguments[1]) : CapabilityKind.Lock;
            phantoms.Add(new LockMember(raw.TextAt(0) ?? "", null, type, null, new LockKind("capability") { Capability = kind, ThreadAffine = kind == CapabilityKind.Lock }));
        }

        return new TypeContract
        {
            Capability = capability is null ? null : ContractReader.KindFrom(capability),
            IsScoped = Has(own, ContractCatalog.ScopedCapability),
            Borrows = Has(own, ContractCatalog.Borrows),
            Phantoms = phantoms.ToImmutable(),
            LockClass = own.FirstOrDefault(c => c.Name == ContractCatalog.LockClass)?.TextAt(0),
            Nests = Has(own, ContractCatalog.NestedLock),
            Unchecked = Has(own, ContractCatalog.NoThreadSafetyAnalysis),
            Problems = _problems.ToImmutable(),
        };
    }

    /// <summary>The domain that objects of a type are freed by, and what is wrong with its name. Read for itself: the name may lead back to the type.</summary>
    public (LockPath? Path, ImmutableArray<ContractProblem> Problems) ReadGracePeriod(INamedTypeSymbol type)
    {
        LockPath? path = Path(reader.Raw(type), ContractCatalog.GracePeriod, reader.ScopeOf(type, ImmutableArray<IParameterSymbol>.Empty));
        return (path, _problems.ToImmutable());
    }

    private static bool Has(ImmutableArray<RawClause> clauses, string name) => clauses.Any(c => c.Name == name && c.Target is null);

    /// <summary>A contract of a property stands for both accessors, one of a delegate type for its invocations.</summary>
    private ImmutableArray<RawClause> OwnClauses(IMethodSymbol method, ITypeSymbol? receiver)
    {
        ImmutableArray<RawClause> own = reader.Raw(method, receiver);
        if (method.AssociatedSymbol is IPropertySymbol or IEventSymbol)
        {
            own = own.AddRange(reader.Raw(method.AssociatedSymbol, receiver));
        }
        else if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            own = own.AddRange(reader.Raw(method.ContainingType));
        }

        return own;
    }

    private void ReadParameter(IParameterSymbol parameter, ImmutableArray<RawClause> own, NameScope scope)
    {
        IEnumerable<RawClause> clauses = reader.Raw(parameter);
        foreach (RawClause raw in clauses)
        {
            int before = _clauses.Count;
            AddClause(raw, scope, parameter.Ordinal);
            if (_clauses.Count > before && !CanCarry(parameter, _clauses[before].Kind))
            {
                _problems.Add(new ContractProblem(ProblemKind.NamesNothing, raw.Source, -1, $"'{parameter.Name}' is neither a guard nor a delegate: [{raw.Name}] says nothing about it"));
            }
        }

        foreach (RawClause raw in clauses.Concat(own.Where(c => c.Target == parameter.Name)))
        {
            if (_marks.TryGetValue(raw.Name, out ImmutableHashSet<int>.Builder? marked))
            {
                marked.Add(parameter.Ordinal);
            }
            else if (raw.Name == ContractCatalog.AfterGracePeriod && Bind(raw, 0, scope) is { } domain)
            {
                _after[parameter.Ordinal] = domain;
            }
        }

        if (parameter.Type.TypeKind == TypeKind.Delegate && (_runsAllAtOnce || parameter.GetAttributes().Any(ContractCatalog.IsInstantHandle) || (IsUnsaid() && parameter.ContainingSymbol is IMethodSymbol method && InvokedParameters.Include(method, parameter))))
        {
            _marks[ContractCatalog.InstantHandle].Add(parameter.Ordinal);
        }

        // What is said of a parameter counts, whatever the body does.
        bool IsUnsaid() => !clauses.Any() && own.All(c => c.Target != parameter.Name);
    }

    /// <summary>A contract on a parameter is about a guard, about how a delegate is invoked, or about what a result parameter tells.</summary>
    private bool CanCarry(IParameterSymbol parameter, ClauseKind kind) =>
        kind is ClauseKind.TryAcquires or ClauseKind.ReleasesWhen
            ? parameter.RefKind is RefKind.Ref or RefKind.Out
            : parameter.Type.TypeKind is TypeKind.Delegate or TypeKind.TypeParameter or TypeKind.Error || reader.IsScoped(parameter.Type);

    private void AddClause(RawClause raw, NameScope scope, int parameter)
    {
        if (!ContractCatalog.Clauses.TryGetValue(raw.Name, out ClauseRow? row))
        {
            return;
        }

        if (raw.Source is FileSource && raw.Named.TryGetValue("Kind", out RawArgument kind))
        {
            scope = scope with { Kind = LockKind.HandedOut(ContractReader.KindFrom(kind), raw.Flag("Collected", otherwise: false)) };
        }

        if (row.Kind is ClauseKind.Requires or ClauseKind.Excludes)
        {
            // What is returned is not there yet.
            scope = scope with { ResultType = null };
        }

        int first = row.TakesResult ? 1 : 0;
        var paths = ImmutableArray.CreateBuilder<LockPath>();
        for (int i = first; i < raw.Arguments.Length; i++)
        {
            if (Bind(raw, i, scope) is { } path)
            {
                paths.Add(path);
            }
        }

        LockPath? until = raw.Named.TryGetValue("Until", out RawArgument named) && named.Value is string { Length: > 0 } text ? Bind(raw, -1, text, scope) : null;
        if (raw.Arguments.Length <= first && !raw.Source.HasErrors(raw.Arguments.Length))
        {
            _problems.Add(new ContractProblem(ProblemKind.NamesNothing, raw.Source, -1, $"[{raw.Name}] names no capability"));
        }

        ValueSet result = row.TakesResult && raw.Arguments.Length > first ? ReadResult(raw) : ValueSet.All;

        Clause? same = _clauses.FirstOrDefault(c => c.Kind == row.Kind && c.Mode == row.Mode && c.Parameter == parameter && c.Paths.SequenceEqual(paths) && c.Result.IsNextTo(result));
        if (same is not null)
        {
            // Both parts of a partial method may state the contract, and several results may mean the same.
            _clauses[_clauses.IndexOf(same)] = same with { Result = same.Result.Union(result) };
        }
        else if (paths.Count > 0)
        {
            _clauses.Add(new Clause(row.Kind, row.Mode, paths.ToImmutable())
            {
                Parameter = parameter,
                Result = result,
                Until = until,
                Source = raw.Source,
            });
        }
    }

    /// <summary>A result that is none makes a contract that holds nowhere, rather than one that holds always.</summary>
    private ValueSet ReadResult(RawClause raw)
    {
        if (ResultOf(raw.Arguments[0]) is { } result)
        {
            return result;
        }

        RawArgument argument = raw.Arguments[0];
        string text = argument.Value is null ? "this" : string.IsNullOrEmpty(argument.EnumType) ? $"'{argument.Value}'" : $"'{argument.EnumType}.{argument.Value}'";
        _problems.Add(new ContractProblem(ProblemKind.NamesNothing, raw.Source, 0, text + " is no result"));
        return ValueSet.Empty;
    }

    /// <summary>Null where a value cannot be what a call returns and a contract speaks about.</summary>
    private static ValueSet? ResultOf(RawArgument argument) => (argument.EnumType, argument.Value) switch
    {
        ("Result", int or string) => ResultNamed(argument.Value!),
        (_, bool flag) => flag ? ValueSet.NonZero : ValueSet.Zero,
        (_, ulong big) => ValueSet.Of(unchecked((long)big)),
        (_, char or sbyte or byte or short or ushort or int or uint or long) => ValueSet.Of(((System.IConvertible)argument.Value!).ToInt64(System.Globalization.CultureInfo.InvariantCulture)),
        _ => null,
    };

    /// <summary>By name in a file, by number in an attribute: the members of <c>Locking.Result</c> in their order.</summary>
    private static ValueSet? ResultNamed(object value) => value switch
    {
        "NotNull" or "NonZero" or 0 or 3 => ValueSet.NonZero,
        "Null" or "Zero" or 1 or 2 => ValueSet.Zero,
        "Negative" or 4 => ValueSet.Negative,
        "NonNegative" or 5 => ValueSet.NonNegative,
        _ => null,
    };

    private LockPath? Path(ImmutableArray<RawClause> clauses, string name, NameScope scope) =>
        clauses.FirstOrDefault(c => c.Name == name && c.Target is null) is { } raw ? Bind(raw, 0, scope) : null;

    private ImmutableArray<Guard> Guards(ImmutableArray<RawClause> clauses, string name, NameScope scope)
    {
        var guards = ImmutableArray.CreateBuilder<Guard>();
        foreach (RawClause raw in clauses.Where(c => c.Name == name))
        {
            ImmutableArray<LockPath> paths = Enumerable.Range(0, raw.Arguments.Length).Select(i => Bind(raw, i, scope)).Where(p => p is not null).ToImmutableArray()!;
            if (!paths.IsEmpty)
            {
                guards.Add(new Guard(paths));
            }
        }

        return guards.ToImmutable();
    }

    private ImmutableArray<(LockPath, ClauseSource)> Order(ImmutableArray<RawClause> clauses, string name, NameScope scope) =>
        clauses.Where(c => c.Name == name)
            .SelectMany(raw => Enumerable.Range(0, raw.Arguments.Length).Select(i => (Path: Bind(raw, i, scope), raw.Source)))
            .Where(p => p.Path is not null)
            .Select(p => (p.Path!, p.Source))
            .ToImmutableArray();

    private LockPath? Bind(RawClause raw, int argument, NameScope scope) => Bind(raw, argument, raw.TextAt(argument), scope);

    private LockPath? Bind(RawClause raw, int argument, string? text, NameScope scope)
    {
        BoundName bound = LockExpression.Bind(text, scope, reader);
        if (bound.Problem is { } problem)
        {
            _problems.Add(new ContractProblem(ProblemKind.NamesNothing, raw.Source, argument, problem));
        }

        return bound.Path;
    }

    private int? ParameterOf(ImmutableArray<RawClause> own, string word, ImmutableArray<IParameterSymbol> parameters) =>
        own.FirstOrDefault(c => c.Name == word) is { } raw ? ParameterNamed(parameters, raw, raw.TextAt(0) ?? "", 0) : null;

    private int ParameterNamed(ImmutableArray<IParameterSymbol> parameters, RawClause raw, string name, int argument)
    {
        IParameterSymbol? parameter = parameters.FirstOrDefault(p => p.Name == name);
        if (parameter is null)
        {
            _problems.Add(new ContractProblem(ProblemKind.NamesNothing, raw.Source, argument, $"'{name}' is no parameter"));
        }

        return parameter?.Ordinal ?? -1;
    }

    private static Fence? FenceOf(ImmutableArray<RawClause> own) =>
        own.FirstOrDefault(c => c.Name == ContractCatalog.Fence) is { } raw ? new Fence(raw.TextAt(0) ?? "callbacks", raw.Flag("Waits", otherwise: true)) : null;

    private bool StatesNone(ImmutableArray<RawClause> own, ImmutableArray<IParameterSymbol> parameters) =>
        !own.Any(c => c.Name != ContractCatalog.NoThreadSafetyAnalysis) && !parameters.Any(p => !reader.Raw(p).IsEmpty);

    /// <summary>The contract of what a method overrides or implements: it binds an override that states none.</summary>
    private CodeContract? Inherited(IMethodSymbol method)
    {
        foreach (IMethodSymbol ancestor in BaseMembers.Of(method))
        {
            CodeContract contract = reader.Code(ancestor);
            if (contract.Clauses.Any(c => !c.IsAboutHandedOut) || contract.MayBlock || contract.MustNotBlock || contract.Returns is not null || contract.Frees >= 0
                || contract.AwaitsGracePeriod is not null || contract.Fence is not null || !contract.AfterGracePeriod.IsEmpty)
            {
                return contract;
            }
        }

        return null;
    }

    private static IEnumerable<ISymbol> BasesOf(ISymbol member)
    {
        IMethodSymbol? accessor = member switch
        {
            IPropertySymbol property => property.GetMethod ?? property.SetMethod,
            IEventSymbol @event => @event.AddMethod,
            _ => null,
        };
        return accessor is null ? Enumerable.Empty<ISymbol>() : BaseMembers.Of(accessor).Select(a => a.AssociatedSymbol!);
    }

    private bool IsUnchecked(IMethodSymbol method)
    {
        for (ISymbol? symbol = method; symbol is IMethodSymbol or INamedTypeSymbol; symbol = symbol.ContainingSymbol)
        {
            if (Has(reader.Raw(symbol), ContractCatalog.NoThreadSafetyAnalysis)
                || (symbol is IMethodSymbol { AssociatedSymbol: { } property } && Has(reader.Raw(property), ContractCatalog.NoThreadSafetyAnalysis)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A member of a lock or guard type whose contract names <c>this</c> implements it; nothing in it is measured by that contract.</summary>
    private bool IsTrusted(IMethodSymbol method, CodeContract contract) =>
        method.ContainingType is { } type
        && (reader.IsScoped(type) || reader.KindOf(type) is { IsMonitor: false })
        && contract.Clauses.Any(c => c.Paths.Any(p => p.Root == PathRoot.This && (p.Members.IsEmpty || IsPhantom(p)) && (c.ChangesWhatIsHeld || GivesRole(c, p))));

    /// <summary>Nobody acquires a role: a member of it that runs what asks for it is where one enters it.</summary>
    private static bool GivesRole(Clause clause, LockPath path) => clause is { Kind: ClauseKind.Requires, Parameter: >= 0 } && path.Kind.Capability == CapabilityKind.Role;

    /// <summary>No code acquires a capability that no member represents, so none can be checked.</summary>
    private static bool IsPhantom(LockPath path) => path.Members.Length == 1 && path.Members[0].Symbol is null;

    /// <summary>Of two clauses that contradict each other one counts, so that the mistake is not told once more at the body and at each call.</summary>
    private CodeContract WithoutContradictions(CodeContract contract)
    {
        ImmutableArray<Clause> clauses = contract.Clauses;
        for (int i = 0; i < contract.Clauses.Length; i++)
        {
            Clause later = contract.Clauses[i];
            foreach (Clause earlier in contract.Clauses.Take(i))
            {
                LockPath? shared = later.Paths.FirstOrDefault(earlier.Paths.Contains);
                if (shared is not null && later.Source is { } source && earlier.Parameter == later.Parameter && Contradict(earlier, later, shared, contract) is { } text)
                {
                    _problems.Add(new ContractProblem(ProblemKind.Contradiction, source, 0, text));
                    Clause dropped = earlier.Kind is ClauseKind.Requires or ClauseKind.Excludes && later.Kind != ClauseKind.Excludes ? earlier : later;
                    clauses = clauses.Select(c => ReferenceEquals(c, dropped) ? c with { Paths = c.Paths.Remove(shared) } : c).Where(c => !c.Paths.IsEmpty).ToImmutableArray();
                }
            }
        }

        return contract with { Clauses = clauses };
    }

    private static string? Contradict(Clause one, Clause other, LockPath path, CodeContract contract)
    {
        bool Are(ClauseKind a, ClauseKind b) => (one.Kind == a && other.Kind == b) || (one.Kind == b && other.Kind == a);
        bool released = contract.Clauses.Any(c => c.Kind == ClauseKind.Releases && c.Paths.Contains(path));
        return Are(ClauseKind.Requires, ClauseKind.Excludes) ? $"'{path}' is both required and excluded"
            : Are(ClauseKind.Releases, ClauseKind.Excludes) ? $"'{path}' is both released and excluded"
            : Are(ClauseKind.Requires, ClauseKind.Acquires) && !path.Kind.Nests && !released ? $"'{path}' is acquired although it is required already"
            : Are(ClauseKind.Requires, ClauseKind.Releases) && released && !contract.Clauses.Any(c => c.Kind == ClauseKind.Acquires && c.Paths.Contains(path))
                ? $"'{path}' is required to stay held and released"
            : null;
    }
}

/// <summary>What a method overrides or implements, nearest first.</summary>
internal static class BaseMembers
{
    public static IEnumerable<IMethodSymbol> Of(IMethodSymbol method)
    {
        for (IMethodSymbol? current = method.OverriddenMethod; current is not null; current = current.OverriddenMethod)
        {
            yield return current.OriginalDefinition;
        }

        foreach (IMethodSymbol implemented in method.ExplicitInterfaceImplementations)
        {
            yield return implemented.OriginalDefinition;
        }

        if (method.ContainingType is not { TypeKind: TypeKind.Class or TypeKind.Struct } type || method.DeclaredAccessibility != Accessibility.Public)
        {
            yield break;
        }

        foreach (INamedTypeSymbol @interface in type.AllInterfaces)
        {
            foreach (IMethodSymbol declared in @interface.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                if (SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(declared), method))
                {
                    yield return declared.OriginalDefinition;
                }
            }
        }
    }
}
