// The bases of rules: what a rule is told, and how it reports.
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Analyzers.Rules;

/// <summary>One mistake, one id.</summary>
internal abstract class Rule
{
    private const string HelpLink = "https://github.com/locking-dotnet/locking/blob/main/Analyzers/Docs/";

    /// <summary>Every descriptor that the rule reports with: one.</summary>
    public abstract DiagnosticDescriptor Descriptor { get; }

    /// <summary>
    /// The descriptor of the same rule for the analyzer that reports at the end of a compilation: editors want it told apart.
    /// </summary>
    public static DiagnosticDescriptor AtEnd(DiagnosticDescriptor live) => s_atEnd.GetOrAdd(live, static d => new DiagnosticDescriptor(
        d.Id, d.Title, d.MessageFormat, d.Category, d.DefaultSeverity, d.IsEnabledByDefault, d.Description, d.HelpLinkUri,
        d.CustomTags.Append(WellKnownDiagnosticTags.CompilationEnd).ToArray()));

    private static readonly ConcurrentDictionary<DiagnosticDescriptor, DiagnosticDescriptor> s_atEnd = new();

    /// <summary>Makes a descriptor; the category follows from the id, the help link is its page.</summary>
    protected static DiagnosticDescriptor Describe(
        string id, string title, string message, string description, DiagnosticSeverity severity = DiagnosticSeverity.Warning, bool isEnabled = true) =>
        new(id, title, message, CategoryOf(id), severity, isEnabled, description, HelpLink + id + ".md");

    private static string CategoryOf(string id) => id[4] switch
    {
        '0' => "Locking.Contracts",
        '1' => "Locking.Guards",
        '2' => "Locking.Balance",
        '3' => "Locking.Order",
        '4' => "Locking.Context",
        '5' => "Locking.Lifetime",
        '6' => "Locking.Protocols",
        _ => "Locking.Hygiene",
    };
}

/// <summary>A rule about what bodies do: a predicate over events.</summary>
internal abstract class BodyRule : Rule
{
    public abstract void Check(LockEvent e, Findings findings);
}

/// <summary>A rule about what several bodies do together: those of a type, or of the program.</summary>
internal interface IProgramRule
{
    /// <param name="events">Of all bodies, in the order of their places.</param>
    void Check(IReadOnlyList<LockEvent> events, Findings findings);
}

/// <summary>A rule about what declarations say.</summary>
internal interface IDeclarationRule
{
    void Check(Declaration declaration, Findings findings);
}

/// <inheritdoc cref="IDeclarationRule"/>
internal abstract class DeclarationRule : Rule, IDeclarationRule
{
    public abstract void Check(Declaration declaration, Findings findings);
}

/// <summary>A symbol in source, with its contracts.</summary>
internal sealed record Declaration(ISymbol Symbol, ContractReader Reader)
{
    public CodeContract? Code => Symbol is IMethodSymbol method ? Reader.Code(method) : null;

    /// <summary>What is wrong with its contracts as they are written.</summary>
    public ImmutableArray<ContractProblem> Problems => Symbol switch
    {
        IMethodSymbol method => IsSecond(method) ? OfItsOwn(method) : Reader.Code(method).Problems,
        INamedTypeSymbol { DelegateInvokeMethod: { } invoke } => Reader.Code(invoke).Problems,
        INamedTypeSymbol type => Reader.Type(type).Problems.AddRange(Reader.GracePeriod(type).Problems).AddRange(Reader.Order.ProblemsOf(type)),
        _ => Reader.Data(Symbol).Problems,
    };

    /// <summary>A setter beside a getter, or the implementing part of a partial method: it has the attributes of the first one, too.</summary>
    public static bool IsSecond(IMethodSymbol method) =>
        method.PartialDefinitionPart is not null || (method.MethodKind == MethodKind.PropertySet && method.AssociatedSymbol is IPropertySymbol { GetMethod: not null });

    private ImmutableArray<ContractProblem> OfItsOwn(IMethodSymbol method)
    {
        ImmutableArray<RawClause> shared = method.AssociatedSymbol is { } property ? Reader.Raw(property) : Reader.Raw(method);
        return Reader.Code(method).Problems.RemoveAll(p => shared.Any(c => c.Source.Equals(p.Source)));
    }
}

/// <summary>Collects the findings of a body: once for each id and line, however many reasons there are.</summary>
internal sealed class Findings(AnalyzerConfigOptionsProvider? options, bool atEnd = false)
{
    private readonly HashSet<(string, SyntaxTree?, int)> _lines = new();

    public List<Diagnostic> Diagnostics { get; } = new();

    /// <summary>The options that hold where a finding would be.</summary>
    public Options OptionsAt(Location location) => new(location.SourceTree is { } tree ? options?.GetOptions(tree) : null);

    public void Report(DiagnosticDescriptor descriptor, Location location, params object?[] arguments) => Report(descriptor, location, null, FindingData.None, arguments);

    /// <param name="data">What a fix wants to know.</param>
    public void Report(DiagnosticDescriptor descriptor, Location location, FindingData data, params object?[] arguments) => Report(descriptor, location, null, data, arguments);

    /// <param name="related">Where what the finding speaks of comes from: outermost or earliest first.</param>
    public void Report(DiagnosticDescriptor descriptor, Location location, IEnumerable<Location>? related, params object?[] arguments) =>
        Report(descriptor, location, related, FindingData.None, arguments);

    public void Report(DiagnosticDescriptor descriptor, Location location, IEnumerable<Location>? related, FindingData data, params object?[] arguments)
    {
        int line = location.GetLineSpan().StartLinePosition.Line;
        if (_lines.Add((descriptor.Id, location.SourceTree, line)))
        {
            Diagnostics.Add(Diagnostic.Create(atEnd ? Rule.AtEnd(descriptor) : descriptor, location, related, data.ToProperties(), arguments));
        }
    }
}
