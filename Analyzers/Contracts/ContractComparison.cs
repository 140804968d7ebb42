// Whether one contract can stand for another: it asks for no more, and promises no less.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Contracts;

internal static class ContractComparison
{
    /// <summary>What the contract of a member of a type asks or changes beyond that of the member that it stands for; null where it fits.</summary>
    public static string? Excess(CodeContract actual, CodeContract expected, LockMembers members, INamedTypeSymbol type) =>
        expected.MustNotBlock && actual is { MayBlock: true, MustNotBlock: false } ? "may block"
        : actual.Clauses == expected.Clauses ? null
        : Excess(In(actual, members, type), In(expected, members, type));

    private static CodeContract In(CodeContract contract, LockMembers members, INamedTypeSymbol type) =>
        contract with { Clauses = contract.Clauses.Select(c => c with { Paths = c.Paths.Select(p => members.In(type, p)).ToImmutableArray() }).ToImmutableArray() };

    /// <summary>What a contract asks or changes beyond what callers know; null where it fits.</summary>
    public static string? Excess(CodeContract actual, CodeContract expected)
    {
        foreach (Clause clause in actual.Clauses.Where(c => c.Parameter < 0 && !c.IsAboutHandedOut))
        {
            foreach (LockPath path in clause.Paths)
            {
                if (!IsKnown(clause, path, expected) && Text(clause, path) is { } text)
                {
                    return text;
                }
            }
        }

        foreach (Clause clause in expected.Clauses.Where(c => c.Parameter < 0 && !c.IsAboutHandedOut && c.Kind is ClauseKind.Acquires or ClauseKind.Releases or ClauseKind.TryAcquires))
        {
            foreach (LockPath path in clause.Paths)
            {
                if (!actual.Clauses.Any(c => c.Kind == clause.Kind && c.Mode >= clause.Mode && c.Result.Equals(clause.Result) && c.Paths.Contains(path)))
                {
                    return $"does not {(clause.Kind == ClauseKind.Releases ? "release" : "acquire")} '{path}' as promised";
                }
            }
        }

        return null;
    }

    /// <summary>A requirement is known where the same or a stronger one is; a change only where it is the same.</summary>
    private static bool IsKnown(Clause clause, LockPath path, CodeContract expected) =>
        expected.Clauses.Any(c => c.Paths.Contains(path) && (clause.Kind, c.Kind) switch
        {
            (ClauseKind.Requires, ClauseKind.Requires) => c.Mode >= clause.Mode,
            (ClauseKind.Requires, ClauseKind.Releases or ClauseKind.ReleasesWhen) => true,
            (ClauseKind.Excludes, ClauseKind.Acquires) => true,
            (ClauseKind.ReleasesWhen, ClauseKind.ReleasesWhen) => c.Result.Equals(clause.Result),
            _ => c.Kind == clause.Kind,
        });

    private static string? Text(Clause clause, LockPath path) => clause.Kind switch
    {
        ClauseKind.Requires => $"requires '{path}'{(clause.Mode == Mode.Shared ? " shared" : "")}",
        ClauseKind.Excludes => $"excludes '{path}'",
        ClauseKind.Acquires or ClauseKind.TryAcquires => $"acquires '{path}'",
        ClauseKind.Releases or ClauseKind.ReleasesWhen => $"releases '{path}'",
        _ => null,
    };
}
