// Contracts that code keeps without having them, for those who want to write them down.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <param name="Member">Where it would stand.</param>
/// <param name="Name">The contract, as its attribute is called without "Attribute".</param>
/// <param name="Path">The lock, in terms of the member; null where the contract names none.</param>
internal sealed record InferredContract(ISymbol Member, string Name, string? Path)
{
    /// <summary>As an attribute.</summary>
    public string Text => Path is null ? $"[{Name}]" : $"[{Name}(\"{Path}\")]";

    /// <summary>What the bodies of an analysis that has run say about their fields and each other, in the order of the source.</summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="results">What it found.</param>
    /// <param name="inProgram">Whether internal members are in sight.</param>
    /// <param name="shareAt">The share of places that has to agree on a guard.</param>
    public static ImmutableArray<InferredContract> Find(
        ScopeAnalysis analysis, IReadOnlyList<(MemberCode Member, FlowResult? Result)> results, bool inProgram, System.Func<Location, int> shareAt)
    {
        List<LockEvent> events = results.Where(r => r.Result is not null).SelectMany(r => r.Result!.Events).ToList();
        var guards = new Dictionary<ISymbol, LockPath>(SymbolEqualityComparer.Default);
        foreach ((ISymbol field, LockPath guard) in GuardInference.Guards(events, f => MemberCode.IsHidden(f, inProgram), shareAt))
        {
            guards[field] = guard;
        }

        IEnumerable<InferredContract> found = guards.Select(g => OfField(g.Key, g.Value)).Concat(OfMethods(analysis, results, guards));
        return found
            .OrderBy(c => c.Member.Locations[0].SourceTree?.FilePath, System.StringComparer.Ordinal)
            .ThenBy(c => c.Member.Locations[0].SourceSpan.Start)
            .ThenBy(c => c.Path, System.StringComparer.Ordinal)
            .ToImmutableArray();
    }

    /// <summary>A collection that is its own lock has to be read before it can be locked: only its contents are guarded.</summary>
    private static InferredContract OfField(ISymbol field, LockPath guard) =>
        new(field, TextOf(guard, null) == field.Name ? Contracts.ContractCatalog.ContentsGuardedBy : Contracts.ContractCatalog.GuardedBy, TextOf(guard, null));

    /// <summary>A path as a contract names it: members of the type by their names alone.</summary>
    public static string TextOf(LockPath path, IMethodSymbol? method)
    {
        string members = string.Join(".", path.Members.Select(m => m.Name));
        return path.Root switch
        {
            PathRoot.This => path.Members.IsEmpty ? "this" : members,
            PathRoot.Parameter => path.Members.IsEmpty ? method!.Parameters[path.Ordinal].Name : method!.Parameters[path.Ordinal].Name + "." + members,
            PathRoot.Static when path.Text.Length == 0 => members,
            _ => path.Text,
        };
    }

    /// <summary>Helpers that are always called with a lock, and need it: themselves or for others that they call.</summary>
    private static IEnumerable<InferredContract> OfMethods(
        ScopeAnalysis analysis, IReadOnlyList<(MemberCode Member, FlowResult? Result)> results, IReadOnlyDictionary<ISymbol, LockPath> guards)
    {
        var needs = new HashSet<(ISymbol Member, LockPath Path)>();
        int before;
        do
        {
            before = needs.Count;
            foreach ((MemberCode member, FlowResult? result) in results.Where(r => r.Result is not null))
            {
                needs.UnionWith(analysis.EnteredWith(member).Select(h => h.Path).Where(p => Needs(analysis, member, result!, p, guards, needs)).Select(p => (member.Symbol, p)));
            }
        }
        while (needs.Count > before);

        return results.SelectMany(r => analysis.EnteredWith(r.Member)
            .Where(h => needs.Contains((r.Member.Symbol, h.Path)))
            .Select(h => new InferredContract(r.Member.Symbol, h.Mode == Mode.Shared ? "RequiresShared" : "Requires", TextOf(h.Path, r.Member.Method))));
    }

    private static bool Needs(
        ScopeAnalysis analysis, MemberCode member, FlowResult result, LockPath path, IReadOnlyDictionary<ISymbol, LockPath> guards, ISet<(ISymbol, LockPath)> needs) =>
        analysis.Misses(member, path)
        || result.Events.Any(e => e switch
        {
            FieldUsed use => use.IsOwn && guards.TryGetValue(use.Field, out LockPath? guard) && guard.Equals(path),
            CalledWith call => call.IsOnThis && needs.Contains((call.Callee, path)),
            _ => false,
        });
}
