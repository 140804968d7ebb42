// What a finding carries for fixes and for tools that read logs, besides its places and its message.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>The properties of a diagnostic. A fix relies on them alone: messages are for people and may be reworded.</summary>
/// <param name="Lock">The capability as an expression at the place of the finding.</param>
internal sealed record FindingData(string? Lock)
{
    public const string LockKey = "lock";
    public const string ModeKey = "mode";
    public const string MemberKey = "member";
    public const string CaseKey = "case";
    public const string ContractsKey = "contracts";

    public const string Shared = "shared";
    public const string Exclusive = "exclusive";

    public static readonly FindingData None = new((string?)null);

    /// <summary>The mode in which the capability would have to be held.</summary>
    public Mode? Mode { get; init; }

    /// <summary>The member that the finding is about, where that is not what stands at its place.</summary>
    public ISymbol? Member { get; init; }

    /// <summary>Which of the mistakes that share the rule it is.</summary>
    public string? Case { get; init; }

    /// <summary>Contracts to write, one a line: the name, and behind a space what it names.</summary>
    public ImmutableArray<InferredContract> Contracts { get; init; } = ImmutableArray<InferredContract>.Empty;

    public ImmutableDictionary<string, string?> ToProperties()
    {
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        Add(LockKey, Lock);
        Add(ModeKey, Mode switch { null => null, Locks.Mode.Exclusive => Exclusive, _ => Shared });
        Add(MemberKey, Member?.OriginalDefinition.GetDocumentationCommentId());
        Add(CaseKey, Case);
        Add(ContractsKey, Contracts.IsEmpty ? null : string.Join("\n", Contracts.Select(c => c.Path is null ? c.Name : c.Name + " " + c.Path)));
        return properties;

        void Add(string key, string? value) => properties = value is null ? properties : properties.Add(key, value);
    }
}
