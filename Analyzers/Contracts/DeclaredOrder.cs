// The declared order of locks: by member, by chain, and by class name.
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Contracts;

/// <summary>One declared step of the order.</summary>
internal sealed record OrderEdge(string Outer, string Inner, ClauseSource Source);

/// <summary>
/// Locks are compared by class: a declaration orders all instances. The edges of a type are read when a lock of that type is first asked about.
/// </summary>
internal sealed class DeclaredOrder(ContractReader reader)
{
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<OrderEdge>> _types = new(SymbolEqualityComparer.Default);
    private ImmutableArray<OrderEdge> _assemblies;

    /// <summary>Whether the declared order has one lock class before another.</summary>
    /// <param name="members">The members that declare them, where they are known: their types may declare an order.</param>
    public bool IsBefore(string outer, string inner, params LockMember?[] members)
    {
        var seen = new HashSet<string> { outer };
        var open = new Queue<string>(seen);
        ImmutableArray<OrderEdge> edges = Assemblies().AddRange(members.SelectMany(m => m is null ? Enumerable.Empty<OrderEdge>() : EdgesAround(m)));
        while (!edges.IsEmpty && open.Count > 0)
        {
            string current = open.Dequeue();
            foreach (OrderEdge edge in edges)
            {
                if (edge.Outer == current && edge.Inner == inner)
                {
                    return true;
                }

                if (edge.Outer == current && seen.Add(edge.Inner))
                {
                    open.Enqueue(edge.Inner);
                }
            }
        }

        return false;
    }

    /// <summary>Cycles that close in a type: one finding each, at the declaration that closes it in source order.</summary>
    public ImmutableArray<ContractProblem> ProblemsOf(INamedTypeSymbol type) => Problems(EdgesOf(type));

    /// <summary>Cycles in the orders that the assembly declares by class name.</summary>
    public ImmutableArray<ContractProblem> ProblemsOfAssembly() => Problems(Assemblies());

    private static ImmutableArray<ContractProblem> Problems(ImmutableArray<OrderEdge> edges)
    {
        var problems = ImmutableArray.CreateBuilder<ContractProblem>();
        var inner = new Dictionary<string, HashSet<string>>();
        foreach (OrderEdge edge in edges)
        {
            if (edge.Outer == edge.Inner || Reaches(inner, edge.Inner, edge.Outer))
            {
                problems.Add(new ContractProblem(ProblemKind.Contradiction, edge.Source, 0, $"The declared order has a cycle: '{Short(edge.Outer)}' comes before itself"));
                continue;
            }

            if (!inner.TryGetValue(edge.Outer, out HashSet<string>? next))
            {
                inner[edge.Outer] = next = new HashSet<string>();
            }

            next.Add(edge.Inner);
        }

        return problems.ToImmutable();
    }

    private static bool Reaches(Dictionary<string, HashSet<string>> inner, string from, string to)
    {
        var seen = new HashSet<string> { from };
        var open = new Stack<string>(seen);
        while (open.Count > 0)
        {
            string current = open.Pop();
            if (current == to)
            {
                return true;
            }

            foreach (string next in inner.TryGetValue(current, out HashSet<string>? all) ? all : new HashSet<string>())
            {
                if (seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }

    private static string Short(string className) => className.Substring(className.LastIndexOf('.') + 1);

    private IEnumerable<OrderEdge> EdgesAround(LockMember member)
    {
        for (INamedTypeSymbol? type = member.Container; type is not null; type = type.BaseType)
        {
            foreach (OrderEdge edge in EdgesOf(type))
            {
                yield return edge;
            }
        }
    }

    private ImmutableArray<OrderEdge> EdgesOf(INamedTypeSymbol type) => _types.GetOrAdd(type.OriginalDefinition, t => Read((INamedTypeSymbol)t));

    private ImmutableArray<OrderEdge> Read(INamedTypeSymbol type)
    {
        var edges = ImmutableArray.CreateBuilder<OrderEdge>();
        foreach (ISymbol member in type.GetMembers().Where(m => m is IFieldSymbol or IPropertySymbol))
        {
            DataContract contract = reader.Data(member);
            if (contract.Before.IsEmpty && contract.After.IsEmpty)
            {
                continue;
            }

            string own = reader.Members.Intern(member).ClassName;
            edges.AddRange(contract.Before.Where(b => !b.Path.Members.IsEmpty).Select(b => new OrderEdge(own, b.Path.Members.Last().ClassName, b.Source)));
            edges.AddRange(contract.After.Where(a => !a.Path.Members.IsEmpty).Select(a => new OrderEdge(a.Path.Members.Last().ClassName, own, a.Source)));
        }

        return edges.ToImmutable();
    }

    private ImmutableArray<OrderEdge> Assemblies()
    {
        if (_assemblies.IsDefault)
        {
            var edges = ImmutableArray.CreateBuilder<OrderEdge>();
            foreach (RawClause order in reader.DeclaredOrders())
            {
                for (int i = 1; i < order.Arguments.Length; i++)
                {
                    if (order.TextAt(i - 1) is { } outer && order.TextAt(i) is { } inner)
                    {
                        edges.Add(new OrderEdge(outer, inner, order.Source));
                    }
                }
            }

            ImmutableInterlocked.InterlockedInitialize(ref _assemblies, edges.ToImmutable());
        }

        return _assemblies;
    }
}
