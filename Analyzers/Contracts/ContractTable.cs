// The contracts that stand in files: the framework's table and the additional files of a compilation, by symbol.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Contracts;

/// <summary>Types are looked up once, when a compilation starts; the members of a type when one of them is first asked for.</summary>
internal sealed class ContractTable
{
    private static readonly Lazy<ImmutableArray<ContractLine>> s_framework =
        new(static () => ContractFile.Read(LockCatalog.FileName, LockCatalog.Read()));

    private readonly Dictionary<INamedTypeSymbol, TypeRows> _types = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<INamedTypeSymbol, List<TypeRows>> _heirs = new(SymbolEqualityComparer.Default);

    public ContractTable(Compilation compilation, IEnumerable<ContractLine> additional)
    {
        foreach (IGrouping<string, ContractLine> group in s_framework.Value.Concat(additional).Where(l => l.Problem is null).GroupBy(l => TypeId(l.MemberId)))
        {
            foreach (INamedTypeSymbol type in DocumentationCommentId.GetSymbolsForDeclarationId(group.Key, compilation).OfType<INamedTypeSymbol>())
            {
                Add(new TypeRows(type, group.Key, group.ToImmutableArray(), compilation));
            }
        }
    }

    /// <summary>Whether the table may say something about members of a type, or about members that heirs of it inherit.</summary>
    public bool Knows(INamedTypeSymbol type) => _types.ContainsKey(type.OriginalDefinition) || _heirs.ContainsKey(type.OriginalDefinition);

    /// <summary>
    /// The same of a method. Of many types the table says only how their methods run what they get, and most of the methods get nothing to run.
    /// </summary>
    public bool Knows(IMethodSymbol method) =>
        method.ContainingType is { OriginalDefinition: var type }
        && (_heirs.ContainsKey(type) || (_types.TryGetValue(type, out TypeRows? rows) && (!rows.IsAboutDelegates || TakesDelegate(method))));

    /// <summary>What is said of a type or member; for a member that a type inherits, also what is said of it under the receiver's type.</summary>
    public ImmutableArray<RawClause> Find(ISymbol symbol, ITypeSymbol? receiver = null)
    {
        ISymbol definition = symbol.OriginalDefinition;
        INamedTypeSymbol? type = definition as INamedTypeSymbol ?? definition.ContainingType;
        if (type is null)
        {
            return ImmutableArray<RawClause>.Empty;
        }

        // What is said of an heir knows more than what is said of the type that declares the member.
        if (receiver is not null && _heirs.TryGetValue(type, out List<TypeRows>? heirs))
        {
            foreach (TypeRows heir in heirs)
            {
                if (Derives(receiver, heir.Type) && heir.Find(definition) is { IsEmpty: false } inherited)
                {
                    return inherited;
                }
            }
        }

        return _types.TryGetValue(type, out TypeRows? rows) ? rows.Find(definition) : ImmutableArray<RawClause>.Empty;
    }

    /// <summary>The symbols that a line speaks about; none means that the line is wrong.</summary>
    public static IEnumerable<ISymbol> Resolve(string memberId, Compilation compilation)
    {
        ImmutableArray<ISymbol> direct = DocumentationCommentId.GetSymbolsForDeclarationId(memberId, compilation);
        if (!direct.IsEmpty || memberId[0] == 'T')
        {
            return direct;
        }

        string typeId = TypeId(memberId);
        string rest = memberId.Substring(typeId.Length);
        return DocumentationCommentId.GetSymbolsForDeclarationId(typeId, compilation)
            .OfType<INamedTypeSymbol>()
            .SelectMany(BaseTypes)
            .Select(type => DocumentationCommentId.CreateDeclarationId(type.OriginalDefinition))
            .Where(id => id is not null)
            .SelectMany(id => DocumentationCommentId.GetSymbolsForDeclarationId(memberId[0] + id!.Substring(1) + rest, compilation));
    }

    private static string TypeId(string memberId)
    {
        if (memberId[0] == 'T')
        {
            return memberId;
        }

        int parameters = memberId.IndexOf('(');
        int last = memberId.LastIndexOf('.', parameters < 0 ? memberId.Length - 1 : parameters);
        return last < 2 ? memberId : "T" + memberId.Substring(1, last - 1);
    }

    private static IEnumerable<INamedTypeSymbol> BaseTypes(INamedTypeSymbol type)
    {
        foreach (INamedTypeSymbol extended in type.TypeKind == TypeKind.Interface ? type.AllInterfaces : ImmutableArray<INamedTypeSymbol>.Empty)
        {
            yield return extended;
        }

        for (INamedTypeSymbol? current = type.BaseType; current is not null; current = current.BaseType)
        {
            yield return current;
        }
    }

    private static bool TakesDelegate(IMethodSymbol method)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.Type.TypeKind == TypeKind.Delegate)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Derives(ITypeSymbol type, INamedTypeSymbol from)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, from))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(TypeRows rows)
    {
        _types[rows.Type] = rows;
        foreach (INamedTypeSymbol ancestor in BaseTypes(rows.Type).Where(t => t.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType)))
        {
            if (!_heirs.TryGetValue(ancestor.OriginalDefinition, out List<TypeRows>? heirs))
            {
                _heirs[ancestor.OriginalDefinition] = heirs = new List<TypeRows>();
            }

            heirs.Add(rows);
        }
    }

    private sealed class TypeRows(INamedTypeSymbol type, string typeId, ImmutableArray<ContractLine> lines, Compilation compilation)
    {
        private Dictionary<ISymbol, ImmutableArray<RawClause>>? _members;

        public INamedTypeSymbol Type { get; } = type;

        /// <summary>What it says of its methods matters only to those that get something to run.</summary>
        public bool IsAboutDelegates { get; } = lines.All(l => l.Clauses.All(c => c.Name is ContractCatalog.InstantHandle or ContractCatalog.Borrows));

        public ImmutableArray<RawClause> Find(ISymbol definition)
        {
            Dictionary<ISymbol, ImmutableArray<RawClause>> members = LazyInitializer.EnsureInitialized(ref _members, Bind)!;
            return members.TryGetValue(definition, out ImmutableArray<RawClause> clauses) ? clauses : ImmutableArray<RawClause>.Empty;
        }

        private Dictionary<ISymbol, ImmutableArray<RawClause>> Bind()
        {
            var members = new Dictionary<ISymbol, ImmutableArray<RawClause>>(SymbolEqualityComparer.Default);
            foreach (ContractLine line in lines)
            {
                IEnumerable<ISymbol> symbols = line.MemberId == typeId ? new ISymbol[] { Type } : Resolve(line.MemberId, compilation);
                foreach (ISymbol symbol in symbols)
                {
                    members[symbol] = members.TryGetValue(symbol, out ImmutableArray<RawClause> earlier) ? earlier.AddRange(line.Clauses) : line.Clauses;
                }
            }

            return members;
        }
    }
}
