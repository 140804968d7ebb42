// Everything that is known of one compilation, shared by the two analyzers that look at it.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Analyzers.Summaries;

/// <summary>
/// Bodies are added type by type while the compiler declares them, by whichever analyzer comes first; what follows from them is computed once and kept.
/// Thread-safe. Held weakly by the compilation, so that it lives exactly as long.
/// </summary>
internal sealed class ProgramModel
{
    private static readonly ConditionalWeakTable<Compilation, ConditionalWeakTable<AnalyzerOptions, ProgramModel>> s_models = new();

    private readonly ConcurrentDictionary<INamedTypeSymbol, TypeCode> _types = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<INamedTypeSymbol, TypeResult> _results = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _usesLocks = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _areHelpers = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _guardable = new(SymbolEqualityComparer.Default);

    private ProgramModel(Compilation compilation, AnalyzerOptions options, CancellationToken cancellation)
    {
        Options = options.AnalyzerConfigOptionsProvider;
        ContractLines = options.AdditionalFiles.Where(ContractFile.Is)
            .SelectMany(f => f.GetText(cancellation) is { } text ? ContractFile.Read(f.Path, text) : ImmutableArray<ContractLine>.Empty)
            .ToImmutableArray();
        Reader = new ContractReader(compilation, ContractLines);
    }

    public ContractReader Reader { get; }

    public AnalyzerConfigOptionsProvider Options { get; }

    /// <summary>The lines of the compilation's own contract files.</summary>
    public ImmutableArray<ContractLine> ContractLines { get; }

    /// <summary>Which locks are acquired under which in the whole program: for pictures of it, once <see cref="ProgramFindings"/> was asked.</summary>
    public ImmutableArray<AcquiredUnder> Order { get; private set; } = ImmutableArray<AcquiredUnder>.Empty;

    public static ProgramModel Of(Compilation compilation, AnalyzerOptions options, CancellationToken cancellation) =>
        s_models.GetValue(compilation, static _ => new()).GetValue(options, o => new ProgramModel(compilation, o, cancellation));

    /// <summary>Takes in the bodies of a type and of those nested in it, as far as they matter for locks; those of a nested type come with the outermost.</summary>
    public void Add(INamedTypeSymbol type, CancellationToken cancellation)
    {
        if (type.ContainingType is not null || _types.ContainsKey(type))
        {
            return;
        }

        var members = new List<MemberCode>();
        var leftOut = new List<IMethodSymbol>();
        TypeBodies.Visit(type, Reader.Compilation, Take, cancellation);
        _types.TryAdd(type, new TypeCode(members, leftOut));

        void Take(ISymbol member, IOperation root)
        {
            bool infersGuards = UsesLocks(member.ContainingType);
            if (BodyScan.Of(member, root, Reader, infersGuards, IsGuardable) is { } outline)
            {
                members.Add(new MemberCode(member, root, outline, infersGuards, Reader));
            }
            else if (member is IMethodSymbol method && Reader.Code(method) is { Unchecked: true, HasClauses: false })
            {
                leftOut.Add(method);
            }
        }
    }

    /// <summary>The same for all types of the program: for who is not shown them one by one.</summary>
    public void AddAll(CancellationToken cancellation)
    {
        var open = new Stack<INamespaceOrTypeSymbol>();
        open.Push(Reader.Compilation.Assembly.GlobalNamespace);
        while (open.Count > 0)
        {
            foreach (ISymbol member in open.Pop().GetMembers())
            {
                if (member is INamespaceSymbol inner)
                {
                    open.Push(inner);
                }
                else
                {
                    Add((INamedTypeSymbol)member, cancellation);
                }
            }
        }
    }

    /// <summary>The findings that the bodies of a type and what they say about each other are enough for.</summary>
    public ImmutableArray<Diagnostic> Findings(INamedTypeSymbol type, CancellationToken cancellation) => OfType(type, cancellation).Findings.AddRange(LeftOut(type));

    /// <summary>
    /// The findings that take the whole program: those of bodies that a type alone does not decide, and those that only callees in other types
    /// or other halves of a circle make. What a type was enough for is not told again.
    /// </summary>
    public ImmutableArray<Diagnostic> ProgramFindings(CancellationToken cancellation)
    {
        List<TypeResult> types = _types.Keys.OrderBy(t => t.ToDisplayString(), StringComparer.Ordinal).Select(t => OfType(t, cancellation)).ToList();
        var known = new HashSet<(string, Location)>(types.SelectMany(t => t.Findings).Select(d => (d.Id, d.Location)));
        var undecided = new HashSet<MemberCode>(types.SelectMany(t => t.Undecided));
        var analysis = new ScopeAnalysis(_types.Values.SelectMany(t => t.Members), null, Reader, cancellation);
        var findings = new Findings(Options, atEnd: true);
        var events = new List<LockEvent>();
        List<(MemberCode Member, FlowResult? Result)> results = analysis.Run().ToList();
        var facades = new LockFacades(results);
        var leaving = new LeavingCallees(results, facades);
        var kept = new KeptWork(EventsOf(results));
        foreach ((MemberCode member, FlowResult? result) in results)
        {
            if (result is not null)
            {
                events.AddRange(result.Events);
                // What another type leaves held, and its caller cannot release, is more often a path that was misread than one that is there.
                bool isOpen = undecided.Contains(member) || analysis.TakesOver(member);
                List<LockEvent> told = kept.Judge(result.Events).Where(e => !facades.Explain(member, e) && !leaving.Explain(e)).ToList();
                Check(isOpen ? told : told.Where(e => e is not Acquired { IsBehindCall: true }), isOpen ? RuleList.Bodies : RuleList.Transitive, findings);
                Check(isOpen ? Enumerable.Empty<LockEvent>() : told.Where(e => IsForgotten(e, told, analysis)), RuleList.Balance, findings);
            }
        }

        events.AddRange(analysis.CallsWithNothing());
        if (VisibleContractIsWritten.IsAskedFor(Reader.Compilation, cancellation))
        {
            events.AddRange(VisibleContracts.Missing(analysis, Reader));
        }

        Order = events.OfType<AcquiredUnder>().ToImmutableArray();

        // What a type told of a helper, before its callers were in sight, is not told of them again.
        var places = new HashSet<Location>(types.SelectMany(t => t.Findings).Where(d => d.Id is "LOCK1101" or "LOCK1102").Select(d => d.Location));
        Conclude(events, _ => true, findings, b => b.Inside is { } inside && places.Contains(inside));
        return findings.Diagnostics.Where(d => !known.Contains((d.Id, d.Location))).ToImmutableArray();
    }

    /// <summary>Whether a body leaves held what another type acquired for it, and releases that on other ways, or lost what would have released it.</summary>
    private static bool IsForgotten(LockEvent e, List<LockEvent> all, ScopeAnalysis analysis) =>
        e is Leaked { OnlyByThrow: false, Callee.ContainingType: { } by, Which: { } left } leak
        && !analysis.IsUnclear(by.OriginalDefinition)
        && (leak.IsDropped || all.Exists(o => o is Released { Verdict: ReleaseVerdict.Right } released && ReferenceEquals(released.Which, left)));

    /// <summary>Contracts that the code keeps without having them.</summary>
    /// <param name="typeId">The documentation-comment id of the outermost type to look at, for hosts make copies of their compilations; null for the program.</param>
    public ImmutableArray<InferredContract> InferredContracts(string? typeId, CancellationToken cancellation)
    {
        INamedTypeSymbol? type = typeId is null ? null : _types.Keys.FirstOrDefault(t => t.GetDocumentationCommentId() == typeId);
        if (type is null && typeId is not null)
        {
            return ImmutableArray<InferredContract>.Empty;
        }

        IEnumerable<MemberCode> members = type is null ? _types.Values.SelectMany(t => t.Members) : _types[type].Members;
        var analysis = new ScopeAnalysis(members, type, Reader, cancellation);
        var findings = new Findings(Options);
        return InferredContract.Find(analysis, analysis.Run().ToList(), inProgram: type is null, l => findings.OptionsAt(l).Number(Analyzers.Options.InferredShare));
    }

    public static INamedTypeSymbol Outermost(INamedTypeSymbol type)
    {
        while (type.ContainingType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    private IEnumerable<Diagnostic> LeftOut(INamedTypeSymbol type)
    {
        if (!_types.TryGetValue(type, out TypeCode? code))
        {
            return Enumerable.Empty<Diagnostic>();
        }

        var findings = new Findings(Options);
        foreach (IMethodSymbol method in code.LeftOut.OrderBy(m => m.Locations[0].SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(m => m.Locations[0].SourceSpan.Start))
        {
            ContractIsNeeded.CheckBody(method, Reader, findings);
        }

        return findings.Diagnostics;
    }

    private bool IsGuardable(ISymbol field) =>
        _guardable.TryGetValue(field, out bool known)
            ? known
            : _guardable.GetOrAdd(field, Reader.Members.Intern(field) is var member && (GuardableFields.Includes(member, Reader) || GuardableFields.IncludesContents(member, Reader)));

    /// <summary>Whether a type or one that it derives from locks anything, or has what does so for it, so that its fields may be guarded.</summary>
    private bool UsesLocks(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type.OriginalDefinition; current is not null; current = current.BaseType?.OriginalDefinition)
        {
            if (_usesLocks.TryGetValue(current, out bool uses) ? uses : _usesLocks.GetOrAdd(current, LockUsers.Include(current, Reader) || HasHelper(current)))
            {
                return true;
            }
        }

        return type.ContainingType is { } outer && UsesLocks(outer);
    }

    private bool HasHelper(INamedTypeSymbol type) => type.GetMembers().Any(m =>
        m is IFieldSymbol { Type: INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, OriginalDefinition: { DeclaringSyntaxReferences.IsEmpty: false } helper } }
        && (_areHelpers.TryGetValue(helper, out bool locks) ? locks : _areHelpers.GetOrAdd(helper, LockUsers.IsHelper(helper, Reader))));

    private static void Check(IEnumerable<LockEvent> events, ImmutableArray<BodyRule> rules, Findings findings)
    {
        foreach (LockEvent e in events)
        {
            foreach (BodyRule rule in rules)
            {
                rule.Check(e, findings);
            }
        }
    }

    private static IEnumerable<LockEvent> EventsOf(IEnumerable<(MemberCode Member, FlowResult? Result)> results) =>
        results.SelectMany(r => r.Result?.Events ?? ImmutableArray<LockEvent>.Empty);

    /// <summary>What the events of many bodies say together.</summary>
    private static void Conclude(IReadOnlyList<LockEvent> events, Func<ISymbol, bool> isInSight, Findings findings, Func<GuardBroken, bool>? isTold = null)
    {
        Check(GuardInference.Find(events, isInSight).Where(b => isTold?.Invoke(b) != true), RuleList.Bodies, findings);
        foreach (IProgramRule rule in RuleList.Programs)
        {
            rule.Check(events, findings);
        }
    }

    private TypeResult OfType(INamedTypeSymbol type, CancellationToken cancellation)
    {
        if (_results.TryGetValue(type, out TypeResult? known))
        {
            return known;
        }

        return _types.TryGetValue(type, out TypeCode? code)
            ? _results.GetOrAdd(type, Analyze(type, code.Members, cancellation))
            : TypeResult.None;
    }

    private TypeResult Analyze(INamedTypeSymbol type, IEnumerable<MemberCode> members, CancellationToken cancellation)
    {
        var findings = new Findings(Options);
        var events = new List<LockEvent>();
        var analysis = new ScopeAnalysis(members, type, Reader, cancellation);
        List<(MemberCode Member, FlowResult? Result)> results = analysis.Run().ToList();
        ISet<MemberCode> undecided = analysis.Undecided();
        var facades = new LockFacades(results);
        var leaving = new LeavingCallees(results, facades);
        var kept = new KeptWork(EventsOf(results));
        foreach ((MemberCode member, FlowResult? result) in results)
        {
            CheckFunctions(member, findings);
            if (result is null)
            {
                BodyTooLarge.Report(member, findings);
                continue;
            }

            events.AddRange(result.Events);
            if (!undecided.Contains(member))
            {
                // What is waited for that another type has started, the program knows.
                Check(kept.Judge(result.Events).Where(e => e is not Blocked { IsForForeign: true, Forbidden: null } && !facades.Explain(member, e) && !leaving.Explain(e)), RuleList.Bodies, findings);
            }
        }

        // A field that others can see, or that an undecided member uses, is not in sight as a whole; nor is one whose user may be entered with a lock.
        var unsure = new HashSet<ISymbol>(
            results.Where(r => r.Result is not null).SelectMany(r => r.Result!.Events.OfType<FieldUsed>().Where(u => undecided.Contains(r.Member) || IsPerhapsEntered(u))).Select(u => u.Field),
            SymbolEqualityComparer.Default);
        Conclude(events, f => MemberCode.IsHidden(f, inProgram: false) && !unsure.Contains(f), findings);
        return new TypeResult(findings.Diagnostics.ToImmutableArray(), undecided);
    }

    private static bool IsPerhapsEntered(FieldUsed use) => use is { IsOwn: true, IsUnshared: false, HasKnownCallers: false, Guards.IsEmpty: true } && MemberCode.IsInner(use.Body);

    /// <summary>The compiler tells of declarations of members only; those of local functions and lambdas come with the body.</summary>
    private void CheckFunctions(MemberCode member, Findings findings)
    {
        foreach (FunctionBody function in member.Body?.Functions ?? Enumerable.Empty<FunctionBody>())
        {
            if (!function.Contract.Problems.IsEmpty)
            {
                var declaration = new Declaration(function.Symbol, Reader);
                foreach (IDeclarationRule rule in RuleList.Declarations)
                {
                    rule.Check(declaration, findings);
                }
            }
        }
    }

    /// <param name="Members">Those of which some body matters.</param>
    /// <param name="LeftOut">Those whose bodies nobody is to look at, and that have nothing to see.</param>
    private sealed record TypeCode(IReadOnlyList<MemberCode> Members, IReadOnlyList<IMethodSymbol> LeftOut);

    /// <param name="Findings">What the type alone is enough for.</param>
    /// <param name="Undecided">Members whose findings wait for the program.</param>
    private sealed record TypeResult(ImmutableArray<Diagnostic> Findings, ISet<MemberCode> Undecided)
    {
        public static readonly TypeResult None = new(ImmutableArray<Diagnostic>.Empty, new HashSet<MemberCode>());
    }
}
