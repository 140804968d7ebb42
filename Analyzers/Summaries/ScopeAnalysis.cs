// The analysis of a set of members together: callees before callers for what they do, callers before callees for what they hold.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <summary>One for each set; not thread-safe. The result does not depend on the order in which members were added.</summary>
internal sealed class ScopeAnalysis : ISummarySource
{
    /// <summary>How often members that call each other in a circle are analysed again before they count as neutral.</summary>
    public const int MaxRounds = 4;

    /// <summary>How many bodies that only call another are looked through.</summary>
    private const int MaxForwarding = 8;

    private static readonly MethodSummary s_never = new() { NeverReturns = true };

    private readonly INamedTypeSymbol? _type;
    private readonly ContractReader _reader;
    private readonly CancellationToken _cancellation;
    private readonly CallGraph _graph;
    private readonly Dictionary<MemberCode, MethodSummary> _summaries = new();
    private HashSet<INamedTypeSymbol>? _unclear;
    private readonly Dictionary<MemberCode, FlowResult?> _results = new();
    private readonly Dictionary<MemberCode, Dictionary<LockPath, (LockKind Kind, Mode Mode)>> _held = new();

    /// <summary>By callee: calls that hold nothing of an object that is being made, which nobody else's locks concern: it is not to be seen yet, and its own locks count as held.</summary>
    private readonly Dictionary<MemberCode, List<CallWithNew>> _constructing = new();

    /// <summary>By callee: what each call of it holds; the call is null where its arguments are not in sight.</summary>
    private readonly Dictionary<MemberCode, List<(CallStep? Call, Dictionary<LockPath, (LockKind Kind, Mode Mode)> Held)>> _calls = new();

    /// <summary>What a member that is entered with something does without it.</summary>
    private readonly Dictionary<MemberCode, FlowResult?> _alone = new();
    private readonly Dictionary<MemberCode, int> _runs = new();

    /// <summary>By callee, by bit: arguments that are new in every call of it.</summary>
    private readonly Dictionary<MemberCode, int> _newArguments = new();
    private Dictionary<IMethodSymbol, MethodSummary?> _asked = new(SymbolEqualityComparer.Default);

    /// <summary>Whether all that a body depends on is among what was asked.</summary>
    private bool _isRepeatable = true;

    /// <param name="type">The outermost type whose members they are; null for those of the whole program.</param>
    public ScopeAnalysis(IEnumerable<MemberCode> members, INamedTypeSymbol? type, ContractReader reader, CancellationToken cancellation)
    {
        _type = type;
        _reader = reader;
        _cancellation = cancellation;
        List<MemberCode> ordered = members.OrderBy(m => m.Syntax.SyntaxTree.FilePath, System.StringComparer.Ordinal)
            .ThenBy(m => m.Syntax.SpanStart)
            .ToList();
        _graph = new CallGraph(ordered);
        Members = ordered;
    }

    public IReadOnlyList<MemberCode> Members { get; }

    /// <summary>What a member holds whenever it is called, its contract aside.</summary>
    public IEnumerable<(LockPath Path, Mode Mode)> EnteredWith(MemberCode member) =>
        InfersCallers(member) && _held.TryGetValue(member, out var held) ? held.Where(h => h.Key.Root != PathRoot.AnyOfClass).Select(h => (h.Key, h.Value.Mode)) : [];

    /// <summary>Whether a member would miss a lock that it is entered with.</summary>
    public bool Misses(MemberCode member, LockPath path) => _alone.TryGetValue(member, out FlowResult? result) && result is not null && result.Events.Any(e => e switch
    {
        Accessed access => access.Missing.Lock == InferredContract.TextOf(path, member.Method),
        Required call => call.Requirement.Name == InferredContract.TextOf(path, member.Method),
        _ => false,
    });

    public MethodSummary? Find(CallStep call)
    {
        if (!call.IsOfBase)
        {
            return Find(call.Method);
        }

        // What was asked is remembered by the method, and that has another answer.
        _isRepeatable = false;
        return OfBody((call.Method.ReducedFrom ?? call.Method).OriginalDefinition);
    }

    public bool IsForeign(IMethodSymbol method) =>
        _type is not null
        && SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _type.ContainingAssembly)
        && !SymbolEqualityComparer.Default.Equals(ProgramModel.Outermost(method.ContainingType).OriginalDefinition, _type);

    public MethodSummary? Find(IMethodSymbol method)
    {
        MethodSummary? summary = Answer(method);
        _asked[method] = summary;
        return summary;
    }

    /// <summary>Of what they acquire and wait for nobody who invokes them knows the objects. What comes behind an await is not done by whoever invokes them.</summary>
    public MethodSummary? OfHandlers(ISymbol kept)
    {
        // What was asked is remembered by the method, and this is none.
        _isRepeatable = false;
        IReadOnlyList<MemberCode> handlers = _graph.Handlers(kept);
        MethodSummary? all = null;
        foreach (MemberCode handler in handlers.Where(h => !h.Contract.HasClauses && !h.Contract.Unchecked))
        {
            if (_summaries.TryGetValue(handler, out MethodSummary? one))
            {
                IEnumerable<InnerAcquire> inside = one.Inside.Where(i => !i.IsLate).Select(i => i with
                {
                    Path = i.Path is { Root: PathRoot.Static } path ? path : null, Via = i.Via ?? handler.Symbol, When = Premises.None, IsDispatched = i.IsDispatched || handlers.Count > 1,
                });
                Blocking? blocks = handler.Method is { IsAsync: true } || one.MayBlock is null ? null : one.MayBlock with { When = Premises.None, Task = null, GivesUp = null };
                all ??= new MethodSummary();
                all = all with { Inside = all.Inside.AddRange(inside.Take(MethodSummary.MaxInside - all.Inside.Length)), MayBlock = all.MayBlock ?? blocks };
            }
        }

        return all;
    }

    public MethodSummary? OfIterator(IMethodSymbol method)
    {
        IMethodSymbol definition = (method.ReducedFrom ?? method).OriginalDefinition;
        MemberCode? iterator = IsDispatched(definition) ? null : _graph.Find(definition);
        if (iterator is null ? !IsForeign(definition) : iterator is not { Contract: { Unchecked: false, HasClauses: false }, Body.Main.IsIterator: true })
        {
            return null;
        }

        _isRepeatable = false;
        return iterator is not null && _summaries.TryGetValue(iterator, out MethodSummary? summary) ? new MethodSummary { Inside = summary.Inside, MayBlock = summary.MayBlock } : null;
    }

    private MethodSummary? Answer(IMethodSymbol method)
    {
        IMethodSymbol definition = (method.ReducedFrom ?? method).OriginalDefinition;
        if (IsDispatched(definition))
        {
            return OfImplementations(definition);
        }

        return OfBody(definition);
    }

    private MethodSummary? OfBody(IMethodSymbol definition)
    {
        if (_graph.Find(definition) is not { Contract.Unchecked: false } callee)
        {
            return null;
        }

        return _summaries.TryGetValue(callee, out MethodSummary? summary) ? callee.Body is { Main.IsIterator: false } ? summary : null : NeverReturns(callee) ? s_never : callee.Sketch;
    }

    /// <summary>A body that nobody analyses, and that throws in the end or calls one that does.</summary>
    private bool NeverReturns(MemberCode code, int depth = 0)
    {
        if (code.Sketch is { NeverReturns: true } || depth == MaxForwarding)
        {
            return code.Sketch is { NeverReturns: true };
        }

        return code is { Outline.EndsIn: { } last, Method.IsAsync: false }
            && !IsDispatched(last)
            && _graph.Find(last) is { Contract.Unchecked: false } next
            && (_summaries.TryGetValue(next, out MethodSummary? summary) ? summary is { NeverReturns: true } : NeverReturns(next, depth + 1));
    }

    /// <summary>
    /// What each member does that matters, callers known as far as they are in the set. A member that neither locks nor uses what may be guarded
    /// is analysed only where it stands between a lock and what is done under it.
    /// </summary>
    public IEnumerable<(MemberCode Member, FlowResult? Result)> Run()
    {
        var relevance = new Relevance(_graph, Members, m => m.HasKnownCallers(inProgram: false) && InfersCallers(m));
        var lockedFor = new List<MemberCode>();
        foreach (IReadOnlyList<MemberCode> component in _graph.Components)
        {
            if (component.Any(relevance.Matters))
            {
                Summarise(component);
            }
            else if (component.Any(m => _graph.Callees(m).Any(Locks)))
            {
                foreach (IReadOnlyList<MemberCode> callees in relevance.Below(component).Where(c => !_results.ContainsKey(c[0])))
                {
                    Summarise(callees);
                }

                Summarise(component);
                lockedFor.AddRange(component);
            }
        }

        // That a callee locks for it turns out only now; what such a member uses may be guarded, and then every use of it counts.
        relevance.NoteUses(lockedFor);
        foreach (IReadOnlyList<MemberCode> component in _graph.Components.Where(c => !_results.ContainsKey(c[0]) && c.Any(relevance.Matters)))
        {
            Summarise(component);
        }

        foreach (IReadOnlyList<MemberCode> component in _graph.Components.Reverse())
        {
            foreach (MemberCode member in component)
            {
                Conclude(member);
            }
        }

        return Members.Where(_results.ContainsKey).Select(m => (m, WithoutReentries(m, _results[m])));
    }

    /// <summary>What is known of a member; where it only calls others, what is known of those.</summary>
    public IReadOnlyCollection<MethodSummary> Reached(MemberCode member)
    {
        var reached = new List<MethodSummary>();
        var seen = new HashSet<MemberCode> { member };
        var open = new Queue<MemberCode>(seen);
        while (open.Count > 0)
        {
            MemberCode current = open.Dequeue();
            if (_summaries.TryGetValue(current, out MethodSummary? summary))
            {
                reached.Add(summary);
                continue;
            }

            foreach (MemberCode callee in _graph.Callees(current).Where(seen.Add))
            {
                open.Enqueue(callee);
            }
        }

        return reached;
    }

    /// <summary>Calls of members that are not for everybody, by members that were not analysed because they hold nothing.</summary>
    public IEnumerable<LockEvent> CallsWithNothing() =>
        from member in Members
        where !_results.TryGetValue(member, out FlowResult? result) || result is null
        from callee in _graph.Callees(member)
        where callee.Method is not null && MemberCode.IsInner(callee.Symbol)
        select new CalledWith(member.Syntax.GetLocation(), callee.Method!.OriginalDefinition, member.Symbol) { IsUnshared = member.Method is { MethodKind: MethodKind.Constructor }, IsTeardown = MemberCode.IsTeardown(member.Method) };

    /// <summary>
    /// Whether helpers of other types leave locks held for a member, or release what it has, and it can tell when they do. A type that counts for
    /// itself how often it is entered cannot be told that way, and none of its helpers is.
    /// </summary>
    public bool TakesOver(MemberCode member) => _graph.Callees(member).Any(c =>
        Locks(c) && InfersCallers(c)
        && !SymbolEqualityComparer.Default.Equals(ProgramModel.Outermost(c.Symbol.ContainingType), ProgramModel.Outermost(member.Symbol.ContainingType))
        && !IsUnclear(c.Symbol.ContainingType));

    /// <summary>Whether some method of a type does to the locks of its callers what they cannot tell.</summary>
    public bool IsUnclear(INamedTypeSymbol type)
    {
        _unclear ??= FindUnclear();
        return _unclear.Contains(type);
    }

    /// <summary>What one type does not tell, those cannot tell that work with it.</summary>
    private HashSet<INamedTypeSymbol> FindUnclear()
    {
        List<MemberCode> locking = Members.Where(Locks).ToList();
        var unclear = new HashSet<INamedTypeSymbol>(locking.Where(m => !_summaries[m].CanBeTold).Select(m => m.Symbol.ContainingType), SymbolEqualityComparer.Default);
        bool grows = unclear.Count > 0;
        while (grows)
        {
            grows = locking.Count(m => _graph.Callees(m).Any(c => Locks(c) && unclear.Contains(c.Symbol.ContainingType)) && unclear.Add(m.Symbol.ContainingType)) > 0;
        }

        return unclear;
    }

    /// <summary>Whether what a member does to its callers' locks makes them matter.</summary>
    private bool Locks(MemberCode member) => _summaries.TryGetValue(member, out MethodSummary? summary) && summary.Locks;

    private static bool IsDispatched(IMethodSymbol method) => (method.IsVirtual || method.IsAbstract || method.IsOverride) && !method.IsSealed && !method.ContainingType.IsSealed;

    /// <summary>
    /// A call that several bodies may answer: whatever one of them acquires or waits for may happen. What they leave behind is not taken over,
    /// for nobody knows which of them it was.
    /// </summary>
    private MethodSummary? OfImplementations(IMethodSymbol method)
    {
        MethodSummary? all = null;
        if (!SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _reader.Compilation.Assembly))
        {
            return null;
        }

        foreach (MemberCode implementation in _graph.Answers(method))
        {
            if (implementation is { Contract.Unchecked: false, Body.Main.IsIterator: false } && _summaries.TryGetValue(implementation, out MethodSummary? one))
            {
                bool isOneOfMany = _graph.Implementations(method).Count > 1 || _reader.Implementers.AreSeveral(method.ContainingType);
                all ??= new MethodSummary();
                all = all with
                {
                    Inside = all.Inside.AddRange(one.Inside.Take(MethodSummary.MaxInside - all.Inside.Length).Select(i => isOneOfMany ? i with { IsDispatched = true } : i)),
                    MayBlock = all.MayBlock ?? one.MayBlock,
                };
            }
        }

        return all;
    }

    private void Summarise(IReadOnlyList<MemberCode> component)
    {
        bool isRecursive = component.Count > 1 || _graph.Callees(component[0]).Contains(component[0]);
        for (int round = 0; round < (isRecursive ? MaxRounds : 1); round++)
        {
            foreach (MemberCode member in component)
            {
                _results[member] = Analyze(member, ImmutableArray<(LockPath, LockKind, Mode)>.Empty);
                _summaries[member] = _results[member]?.Summary ?? MethodSummary.Neutral;
            }
        }
    }

    /// <summary>A member whose callers all hold something is analysed again with that.</summary>
    private void Conclude(MemberCode member)
    {
        MeetConstructors(member);
        if (_results.ContainsKey(member) && (InfersCallers(member) || IsOnlyRun(member)))
        {
            ImmutableArray<(LockPath Path, LockKind Kind, Mode Mode)> entered = HeldAtEntry(member);
            if (!entered.IsEmpty || IsOnlyConstructed(member) || NewArguments(member) != 0)
            {
                _alone[member] = _results[member];
                _results[member] = Analyze(member, entered);
            }
        }

        if (!_results.TryGetValue(member, out FlowResult? result))
        {
            // It holds nothing; but it may be making the object, and then nothing is missing.
            bool makesStatics = MakesStatics(member);
            HashSet<MemberCode>? between = makesStatics || Makes(member) ? new() : null;
            result = LeadsToDependent(member, makesStatics, between) ? Analyze(member, HeldAtEntry(member)) : null;
            foreach (MemberCode callee in result is null ? _graph.Callees(member).Where(MayInferCallers) : [])
            {
                Meet(callee, null, new());
                _newArguments[callee] = 0;
            }
        }

        if (result is null)
        {
            return;
        }

        bool makes = Makes(member);
        foreach (KeyValuePair<CallStep, Dictionary<LockPath, (LockKind Kind, Mode Mode)>> call in result.Calls)
        {
            if (_graph.Find(call.Key.Method) is { } callee && callee != member && MayInferCallers(callee))
            {
                int unshared = result.SharedArguments.TryGetValue(call.Key, out int shared) ? ~shared : 0;
                _newArguments[callee] = unshared & (_newArguments.TryGetValue(callee, out int known) ? known : ~0);
                int made = unshared & OfOwnTypes(callee.Method!);
                made = made == 0 || callee.Method!.IsAsync || callee.Body is not { Main.IsIterator: false } ? 0 : made;
                if (call.Key.Receiver is Expr.This ? makes : IsOfNew(call.Key, callee, result) || IsOfMadeStatics(member, callee))
                {
                    Construct(callee, new CallWithNew(call.Value, true, made));
                }
                else if (made != 0)
                {
                    Construct(callee, new CallWithNew(call.Value, false, made));
                    NoteCall(callee, call.Key, call.Value);
                }
                else
                {
                    Meet(callee, call.Key, call.Value);
                }
            }
        }

        foreach (KeyValuePair<(IMethodSymbol Method, SyntaxNode At), Dictionary<LockPath, (LockKind Kind, Mode Mode)>> run in result.Throughs)
        {
            if (_graph.Find(run.Key.Method) is { } callee && MayInferCallers(callee))
            {
                _newArguments[callee] = 0;
                _runs[callee] = (_runs.TryGetValue(callee, out int runs) ? runs : 0) + 1;
                Meet(callee, null, run.Value);
            }
        }
    }

    /// <summary>What every call of a member holds. Of which class a lock is that the member cannot name, matters where it acquires others.</summary>
    private ImmutableArray<(LockPath Path, LockKind Kind, Mode Mode)> HeldAtEntry(MemberCode member) =>
        !_held.TryGetValue(member, out Dictionary<LockPath, (LockKind Kind, Mode Mode)>? held)
            ? ImmutableArray<(LockPath, LockKind, Mode)>.Empty
            : held.Where(h => h.Key.Root != PathRoot.AnyOfClass || !_summaries[member].Inside.IsEmpty)
                .Select(h => (h.Key, h.Value.Kind, h.Value.Mode))
                .OrderBy(h => h.Key.Text, System.StringComparer.Ordinal)
                .ToImmutableArray();

    /// <summary>Whether something may be wrong in a member of an object, or in one that gets an object, unless whoever calls it makes the object.</summary>
    /// <param name="isOfStatics">Whether it is the statics of a type that whoever calls it makes.</param>
    private bool DependsOnObject(MemberCode member, bool isOfStatics) =>
        member.Method is { } method && (!method.IsStatic || isOfStatics || OfOwnTypes(method) != 0) && MayInferCallers(member) && _results.TryGetValue(member, out FlowResult? result) && result is { DependsOnCallers: true };

    /// <summary>Whether a member calls one that depends on the object.</summary>
    /// <param name="between">Helpers on the way that hold nothing themselves, looked through for one that makes the object; null for any other.</param>
    private bool LeadsToDependent(MemberCode member, bool isOfStatics, HashSet<MemberCode>? between) =>
        _graph.Callees(member).Any(c => DependsOnObject(c, isOfStatics) || (between is not null && !_results.ContainsKey(c) && MayInferCallers(c) && between.Add(c) && LeadsToDependent(c, isOfStatics, between)));

    private bool Makes(MemberCode member) => member.Method is { MethodKind: MethodKind.Constructor } || IsOnlyConstructed(member);

    /// <summary>Whether a call is one of an object that nobody else has yet. What other types call may show the object to anybody.</summary>
    private static bool IsOfNew(CallStep call, MemberCode callee, FlowResult caller) =>
        call.Receiver is not null && !caller.CallsOnShared.Contains(call) && MemberCode.IsHidden(callee.Symbol, inProgram: false);

    /// <summary>Whether a call is one of a type that nobody else can use yet: the type initialiser's, or of a helper that only it calls.</summary>
    private bool IsOfMadeStatics(MemberCode member, MemberCode callee) =>
        callee.Symbol.IsStatic && SymbolEqualityComparer.Default.Equals(member.Symbol.ContainingType, callee.Symbol.ContainingType) && MakesStatics(member);

    private bool MakesStatics(MemberCode member) =>
        member.Symbol.IsStatic && (member.Method is null or { MethodKind: MethodKind.StaticConstructor } || IsOnlyConstructed(member));

    /// <summary>Whether every call of a member is one of an object that is being made.</summary>
    private bool IsOnlyConstructed(MemberCode member) =>
        _constructing.ContainsKey(member) && !_calls.ContainsKey(member) && !_runs.ContainsKey(member) && MemberCode.IsHidden(member.Symbol, inProgram: false) && InfersCallers(member);

    /// <summary>The parameters, by bit, that get an object which nobody else has yet. A callee that suspends goes on when others may have it.</summary>
    private int NewArguments(MemberCode member)
    {
        bool isAsked = member.Method is { IsAsync: false } && member.Body is { Main.IsIterator: false } && InfersCallers(member);
        return isAsked && _newArguments.TryGetValue(member, out int passed) ? passed & OfOwnTypes(member.Method!) : 0;
    }

    /// <summary>The parameters, by bit, of classes that the program declares.</summary>
    private static int OfOwnTypes(IMethodSymbol method) =>
        method.Parameters.Where(p => p is { RefKind: RefKind.None, Type: { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false } }).Aggregate(0, (bits, p) => bits | 1 << p.Ordinal);

    /// <summary>Locks of the object itself stay; others are as missing in a constructor as anywhere.</summary>
    private void MeetConstructors(MemberCode member)
    {
        bool hasOthers = _held.TryGetValue(member, out Dictionary<LockPath, (LockKind Kind, Mode Mode)>? known);
        foreach (CallWithNew call in _constructing.TryGetValue(member, out var calls) ? calls : [])
        {
            if (!hasOthers)
            {
                _held[member] = known = Recorder.Meet(known, call.Held);
                continue;
            }

            foreach (LockPath path in known!.Keys.Where(p => !call.IsOfNew(p) && !call.Held.ContainsKey(p)).ToList())
            {
                known.Remove(path);
            }
        }
    }

    private void Construct(MemberCode callee, CallWithNew call)
    {
        if (!_constructing.TryGetValue(callee, out var calls))
        {
            _constructing[callee] = calls = new();
        }

        calls.Add(call);
    }

    /// <summary>What a callee is entered with is what all calls of it have in common.</summary>
    private void Meet(MemberCode callee, CallStep? call, Dictionary<LockPath, (LockKind Kind, Mode Mode)> held)
    {
        _held[callee] = Recorder.Meet(_held.TryGetValue(callee, out Dictionary<LockPath, (LockKind Kind, Mode Mode)>? known) ? known : null, held);
        NoteCall(callee, call, held);
    }

    private void NoteCall(MemberCode callee, CallStep? call, Dictionary<LockPath, (LockKind Kind, Mode Mode)> held)
    {
        if (!_calls.TryGetValue(callee, out var calls))
        {
            _calls[callee] = calls = new();
        }

        calls.Add((call, held));
    }

    /// <summary>
    /// Some calls of a member cannot lead to an acquire, for the arguments that they pass; where all others hold a lock of that class, it may be
    /// that lock.
    /// </summary>
    private FlowResult? WithoutReentries(MemberCode member, FlowResult? result) =>
        result is not null && _calls.TryGetValue(member, out var calls) && InfersCallers(member) && result.Events.Any(e => e is AcquiredUnder { When.Items.IsEmpty: false })
            ? result with { Events = result.Events.RemoveAll(e => e is AcquiredUnder { When.Items.IsEmpty: false } edge && IsReentry(edge, calls.Where(c => MayLeadTo(c.Call, edge.When)).Select(c => c.Held).ToList())) }
            : result;

    private static bool IsReentry(AcquiredUnder edge, IReadOnlyCollection<Dictionary<LockPath, (LockKind Kind, Mode Mode)>> calls) =>
        edge.Outer.Class != edge.Inner.Class && calls.Count > 0 && calls.All(held => held.Keys.Any(p => p.Class == edge.Inner.Class));

    private static bool MayLeadTo(CallStep? call, Premises when) => call is null || when.Items.All(i =>
        i.Path is not { Root: PathRoot.Parameter, Members.IsEmpty: true }
        || call.Arguments.ElementAtOrDefault(i.Path.Ordinal) is not Expr.Constant passed
        || i.Values.Contains(passed.Number));

    private bool InfersCallers(MemberCode member) => MayInferCallers(member) && !_graph.IsConverted(member.Method!) && IsCalled(member);

    private bool MayInferCallers(MemberCode member) => member.HasKnownCallers(inProgram: _type is null, isOnlyBody: member.Method is { } method && _graph.Implementations(method).Count == 1) && !member.Contract.HasClauses;

    /// <summary>What nobody in sight calls, and somebody else may: the system calls Main, a test runner a test, friend assemblies what is internal.</summary>
    private bool IsCalled(MemberCode member) =>
        _graph.IsCalled(member) || member.Method is { Name: not "Main", DeclaredAccessibility: Accessibility.Private } || MemberCode.IsDisposal(member.Method);

    /// <summary>Every delegate that is made of it is passed to a callee that invokes it before it returns: as good as calls.</summary>
    private bool IsOnlyRun(MemberCode member) => MayInferCallers(member) && _runs.TryGetValue(member, out int runs) && runs == _graph.Conversions(member.Method!);

    /// <summary>
    /// Members whose findings the program as a whole may still change: they hand a lock, or the object that has it, to code of another type
    /// without a contract; or their callers are not all in sight, and would have to be to judge what is missing or left over.
    /// </summary>
    public ISet<MemberCode> Undecided()
    {
        var undecided = new HashSet<MemberCode>(Members.Where(m => _results.TryGetValue(m, out FlowResult? r) && r is not null
            && (r.DependsOnForeign || (r.DependsOnCallers && !m.HasKnownCallers(inProgram: false) && m.HasKnownCallers(inProgram: true) && !m.Contract.HasClauses))));
        bool grows = undecided.Count > 0;
        while (grows)
        {
            grows = false;
            foreach (MemberCode member in Members)
            {
                foreach (MemberCode callee in _graph.Callees(member))
                {
                    // What a callee does is what its caller does, and what a caller holds is what its callee is entered with.
                    bool isShared = undecided.Contains(member) != undecided.Contains(callee) && InfersCallers(callee);
                    grows |= isShared && undecided.Add(member) | undecided.Add(callee);
                }
            }
        }

        return undecided;
    }

    private FlowResult? Analyze(MemberCode member, ImmutableArray<(LockPath, LockKind, Mode)> held)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (member.Contract.Unchecked)
        {
            return null;
        }

        var callers = new Callers(InfersCallers(member), held)
        {
            UseDelegates = member.Method is { } method && MayInferCallers(member) && _graph.IsConverted(method),
            OnlyConstruct = IsOnlyConstructed(member),
            NewArguments = NewArguments(member),
        };
        if (member.TryRecall(callers, Answer, out FlowResult? result))
        {
            return result;
        }

        _asked = new(SymbolEqualityComparer.Default);
        _isRepeatable = true;
        result = Flow(member, callers);
        if (_isRepeatable)
        {
            member.Remember(callers, _asked, result);
        }

        return result;
    }

    private bool MayHold(MemberCode member, Callers callers) =>
        member.Outline.MayHold || !callers.Held.IsEmpty || _graph.Callees(member).Any(Locks);

    private FlowResult? Flow(MemberCode member, Callers callers)
    {
        try
        {
            return member.Body is { } body ? LocksetFlow.Run(body, _reader, callers, this, MayHold(member, callers), _cancellation) : null;
        }
        catch (System.Exception failure) when (failure is not System.OperationCanceledException)
        {
            // The compiler shows the message only: it has to say where.
            throw new System.InvalidOperationException($"The flow of '{member.Symbol.ToDisplayString()}' failed at {member.Syntax.GetLocation().GetLineSpan()}: {failure.Message}", failure);
        }
    }

    /// <summary>A call of, or with, an object that nobody else has yet.</summary>
    /// <param name="made">By bit: the parameters that get such an object.</param>
    private sealed class CallWithNew(Dictionary<LockPath, (LockKind Kind, Mode Mode)> held, bool onNew, int made)
    {
        public Dictionary<LockPath, (LockKind Kind, Mode Mode)> Held { get; } = held;

        public bool IsOfNew(LockPath path) => path.Root == PathRoot.This ? onNew : path.Root == PathRoot.Parameter && (made >> path.Ordinal & 1) != 0;
    }
}
