// Nothing is promised, asked or excused that changes nothing.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

/// <summary>
/// Only what no code could make meaningful: whether a requirement is needed by what the body happens to do today is the author's to say.
/// </summary>
internal sealed class ContractIsNeeded : DeclarationRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK0004",
        "A contract or suppression changes nothing",
        "'{0}' changes nothing: {1}",
        "What is written and not needed hides what is meant, and a suppression that outlives its reason hides the next mistake.",
        DiagnosticSeverity.Info);

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(Declaration declaration, Findings findings)
    {
        ImmutableArray<RawClause> clauses = declaration.Reader.Raw(declaration.Symbol);
        CheckTwice(clauses, findings);
        if (declaration.Symbol is IFieldSymbol { IsImplicitlyDeclared: false } field)
        {
            CheckField(field, clauses, declaration.Reader, findings);
        }
    }

    /// <summary>A body that is left out, although it has nothing to look at.</summary>
    public static void CheckBody(ISymbol member, ContractReader reader, Findings findings)
    {
        RawClause? suppression = reader.Raw(member).FirstOrDefault(c => c.Name == ContractCatalog.NoThreadSafetyAnalysis);
        Report(suppression, -1, $"the body of '{SpokenName.Of(member)}' uses no lock, and nothing that may need one", findings);
    }

    private static void CheckField(IFieldSymbol field, ImmutableArray<RawClause> clauses, ContractReader reader, Findings findings)
    {
        RawClause? excuse = clauses.FirstOrDefault(c => c.Name == ContractCatalog.Unguarded);
        RawClause? guard = clauses.FirstOrDefault(c => c.Name == ContractCatalog.GuardedBy);
        if (field.IsConst || (field.IsReadOnly && IsPlainValue(field.Type)))
        {
            Report(excuse ?? guard, -1, $"'{field.Name}' never changes", findings);
        }
        else if (excuse is not null && reader.KindOf(field.Type) is { IsMonitor: false })
        {
            Report(excuse, -1, $"'{field.Name}' is a lock itself, and no data", findings);
        }
    }

    /// <summary>The same capability named twice for the same thing.</summary>
    private static void CheckTwice(ImmutableArray<RawClause> clauses, Findings findings)
    {
        var said = new HashSet<(string Contract, RawArgument Result, string Options, string Name)>();
        foreach (RawClause clause in clauses.Where(c => c.Target is null && NamesCapabilities(c)))
        {
            bool hasResult = ContractCatalog.Clauses.TryGetValue(clause.Name, out ClauseRow row) && row.TakesResult;
            RawArgument result = hasResult ? clause.Arguments.FirstOrDefault() : default;
            string options = string.Join(",", clause.Named.OrderBy(n => n.Key).Select(n => $"{n.Key}={n.Value.Value}"));
            for (int i = hasResult ? 1 : 0; i < clause.Arguments.Length; i++)
            {
                if (clause.TextAt(i) is { } name && !said.Add((clause.Name, result, options, name)))
                {
                    Report(clause, i, $"'{name}' is named twice", findings);
                }
            }
        }
    }

    private static bool NamesCapabilities(RawClause clause) =>
        ContractCatalog.Clauses.ContainsKey(clause.Name) || clause.Name is ContractCatalog.GuardedBy or ContractCatalog.ContentsGuardedBy;

    private static bool IsPlainValue(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Enum || type.SpecialType is SpecialType.System_String or (>= SpecialType.System_Boolean and <= SpecialType.System_Double);

    private static void Report(RawClause? clause, int argument, string reason, Findings findings)
    {
        if (clause?.Source.Locate(argument) is { SourceTree: not null } location)
        {
            findings.Report(s_descriptor, location, clause.Name, reason);
        }
    }
}
