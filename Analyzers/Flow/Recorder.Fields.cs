// The recorder's part about fields without a contract.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

internal sealed partial class Recorder
{
    /// <summary>Who sets fewer fields changes them; nobody sets so many where others may see some of them before the rest.</summary>
    public const int FieldsOfASetUp = 4;

    private readonly Dictionary<(Step, ISymbol), FieldNotes> _fields = new();
    private readonly Dictionary<LockPath, HashSet<Node>> _acquiredAt = new();

    /// <summary>Locks that a caller holds until the body gives them up.</summary>
    private readonly HashSet<LockId> _dues = new();

    /// <summary>Where the body first gives its object to code that may use it from another thread; null where it does not.</summary>
    private int? _givenAwayAt;

    /// <summary>Where it gives away the object itself, and not only a function of it: that is done once, when the object is set up.</summary>
    private int? _subscribedAt;

    private readonly HashSet<CallStep> _callsBeforeAwait = new();

    /// <summary>Calls of objects that others may have.</summary>
    public HashSet<CallStep> CallsOnShared { get; } = new();

    /// <summary>By bit: arguments that others may have.</summary>
    public Dictionary<CallStep, int> SharedArguments { get; } = new();

    private readonly HashSet<CallStep> _callsPerhapsHeld = new();

    /// <summary>What the events about fields say of the body that they are in.</summary>
    public BodyFacts Facts { get; init; } = null!;

    public void UseField(
        Step step, Node node, ISymbol field, bool isWrite, bool isContents, bool isUnshared, bool isTest, bool isOwn, ImmutableArray<(LockPath Path, Mode Mode)> guards, State state, Premises when)
    {
        if (!_fields.TryGetValue((step, field), out FieldNotes? notes))
        {
            _fields[(step, field)] = notes = new FieldNotes { IsWrite = isWrite, IsContents = isContents, IsUnshared = isUnshared, IsTest = isTest, IsOwn = isOwn, IsLate = state.HasSuspended };
        }

        notes.Ways.Add(FlagsOf(when), guards);
        notes.IsUnshared &= isUnshared;
        notes.IsOwn &= isOwn;
        notes.IsLate &= state.HasSuspended;
        notes.Nodes.Add(node);
        notes.Met.UnionWith(state.Holds.Select(h => h.Lock));
    }

    /// <summary>A call that may come before the body has awaited anything.</summary>
    public void CallBeforeAwait(CallStep call) => _callsBeforeAwait.Add(call);

    public void PassShared(CallStep call, int arguments) => SharedArguments[call] = arguments | (SharedArguments.TryGetValue(call, out int known) ? known : 0);

    /// <summary>A call that may be made under a lock which is not known to be held there.</summary>
    public void CallPerhapsHeld(CallStep call) => _callsPerhapsHeld.Add(call);

    public void UseAtomically(Step step, ISymbol field) => _others[step] = FieldUsed.Atomic(step.Syntax.GetLocation(), field, Facts);

    /// <summary>Other code gets the object that the body belongs to, or a function that uses it.</summary>
    public void HandOutThis(SyntaxNode at, bool isObject = false)
    {
        _givenAwayAt = Math.Min(_givenAwayAt ?? at.SpanStart, at.SpanStart);
        _subscribedAt = isObject ? Math.Min(_subscribedAt ?? at.SpanStart, at.SpanStart) : _subscribedAt;
    }

    /// <summary>A lock of <c>this</c> or a static one is acquired at a node.</summary>
    public void AcquireAt(Node node, LockPath path)
    {
        if (!_acquiredAt.TryGetValue(path, out HashSet<Node>? nodes))
        {
            _acquiredAt[path] = nodes = new HashSet<Node>();
        }

        nodes.Add(node);
    }

    private void AddFields(List<LockEvent> events)
    {
        foreach (FieldNotes notes in _fields.Values)
        {
            notes.Guards = notes.Ways.Held(notes.IsOwn ? Presumed : null);
        }

        bool isSetUp = IsSetUp();
        ILookup<(int, ISymbol), FieldNotes> uses = _fields.ToLookup(f => (FieldUses.StartOf(f.Key.Item1.Syntax), (ISymbol)f.Key.Item2), f => f.Value);
        foreach (KeyValuePair<(Step Step, ISymbol Field), FieldNotes> entry in _fields)
        {
            FieldNotes notes = entry.Value;
            Location location = entry.Key.Step.Syntax.GetLocation();
            bool isPlain = GuardableFields.IsPlainCollection(GuardableFields.TypeOf(entry.Key.Field));
            IEnumerable<FieldNotes> here = uses[(FieldUses.StartOf(entry.Key.Step.Syntax), entry.Key.Field)].Where(n => n.IsContents == notes.IsContents || isPlain);
            if (!notes.IsWrite && here.Any(n => n.IsWrite || (n.IsContents && !notes.IsContents)))
            {
                // Read to be written, or to use what is in it: one use.
                continue;
            }

            if (Facts.IsForDebugger || IsBeforeRelease(notes))
            {
                // Nobody runs meanwhile; or under a lock of its caller, if the release is right: no evidence for anything.
                continue;
            }

            events.Add(new FieldUsed(location, entry.Key.Field, Facts.Body)
            {
                IsWrite = notes.IsWrite,
                IsContents = notes.IsContents,
                IsUnshared = notes.IsUnshared || (isSetUp && notes.IsOwn) || IsStart(entry.Key.Step, notes),
                IsOwn = notes.IsOwn,
                IsLate = notes.IsLate,
                IsTeardown = Facts.IsTeardown,
                HasKnownCallers = Facts.HasKnownCallers,
                Guards = notes.Guards,
                Tests = here.Any(n => n.IsTest) && !notes.IsUnshared ? TestsOf(entry.Key.Step.Syntax, entry.Key.Field, notes).ToImmutableArray() : ImmutableArray<(LockPath, TestKind)>.Empty,
            });
        }

        AddLateAdditions(events);
        foreach (KeyValuePair<CallStep, Dictionary<LockPath, (LockKind Kind, Mode Mode)>> call in Calls.Where(c => IsOfType(c.Key.Method) || MemberCode.IsHidden(c.Key.Method, inProgram: false) || MemberCode.IsInner(c.Key.Method)))
        {
            events.Add(new CalledWith(call.Key.Syntax.GetLocation(), (call.Key.Method.ReducedFrom ?? call.Key.Method).OriginalDefinition, Facts.Body)
            {
                Held = call.Key.Receiver is Expr.This && _callWays.TryGetValue(call.Key, out HeldByFlags? ways) ? ways.Held(Presumed) : call.Value.Select(h => (h.Key, h.Value.Mode)).ToImmutableArray(),
                HasKnownCallers = Facts.HasKnownCallers,
                IsOnThis = call.Key.Receiver is Expr.This,
                IsTeardown = Facts.IsTeardown,
                IsPerhapsHeld = _callsPerhapsHeld.Contains(call.Key),
                IsLate = !_callsBeforeAwait.Contains(call.Key),
                IsLetGo = Facts.IsConstructor && call.Key.Syntax.Parent is not MemberAccessExpressionSyntax,
                IsUnshared = !CallsOnShared.Contains(call.Key) || (call.Key.Receiver is Expr.This && (Facts.IsConstructor || IsBeforeSubscription(call.Key.Syntax))),
            });
        }
    }

    private bool IsOfType(IMethodSymbol callee) =>
        Facts.Body.ContainingType is { } type && SymbolEqualityComparer.Default.Equals(ProgramModel.Outermost(callee.ContainingType).OriginalDefinition, ProgramModel.Outermost(type).OriginalDefinition);

    /// <summary>Whether something is given up later on behalf of a caller that was neither taken nor given up before.</summary>
    private bool IsBeforeRelease(FieldNotes use) => use is { IsOwn: true, Guards.IsEmpty: true } && _dues.Any(d => !use.Met.Contains(d));

    /// <summary>
    /// Whether a field gets its first value in a body that then starts whatever works with it: subscribes the object, runs a thread of it. Such a
    /// body takes no lock, for there is nobody yet to lock out.
    /// </summary>
    private bool IsStart(Step step, FieldNotes notes) =>
        notes is { IsWrite: false, IsOwn: true } && IsBeforeSubscription(step.Syntax)
        || notes is { IsWrite: true, IsContents: false, IsOwn: true } && _acquires.Count == 0 && FieldUses.Resets(step.Syntax) && step.Syntax.Parent!.Span.End <= _givenAwayAt;

    /// <summary>
    /// Whether a body gives the object what it works with, for the first time or once more: it gives several of its fields other values, some of which
    /// it was passed, and looks at none of them. Whoever calls it has the object to itself.
    /// </summary>
    private bool IsSetUp()
    {
        if (_acquires.Count > 0 || Parameters.IsEmpty)
        {
            return false;
        }

        List<KeyValuePair<(Step Step, ISymbol Field), FieldNotes>> own = _fields.Where(f => f.Value.IsOwn).ToList();
        return own.Select(f => f.Key.Field).Distinct(SymbolEqualityComparer.Default).Count() >= FieldsOfASetUp
            && own.All(f => f.Value is { IsWrite: true, IsContents: false } && FieldUses.Replaces(f.Key.Step.Syntax))
            && own.Any(f => FieldUses.IsGiven(f.Key.Step.Syntax, Parameters));
    }

    private bool IsBeforeSubscription(SyntaxNode use) => _acquires.Count == 0 && use.Span.End <= _subscribedAt;

    /// <summary>
    /// What becomes of a test of a field that is made without a lock: where only one of its outcomes leads to acquiring the lock, whether the
    /// field is looked at again under the lock, and whether something is changed there.
    /// </summary>
    private IEnumerable<(LockPath, TestKind)> TestsOf(SyntaxNode at, ISymbol field, FieldNotes test)
    {
        foreach (KeyValuePair<LockPath, HashSet<Node>> acquired in _acquiredAt.Where(a => !test.Guards.Any(g => g.Path.Equals(a.Key))))
        {
            bool leadsToLock = acquired.Key.Members.Any(m => SymbolEqualityComparer.Default.Equals(m.Symbol, field));
            if (leadsToLock && !test.IsContents)
            {
                // No lock can be held while its own object is looked up.
                continue;
            }

            foreach (Node node in test.Nodes.Where(n => n is { WhenTrue: not null, WhenFalse: not null }))
            {
                HashSet<Node> one = Reachable(node.WhenTrue!, node);
                HashSet<Node> other = Reachable(node.WhenFalse!, node);
                if (one.Overlaps(acquired.Value) != other.Overlaps(acquired.Value))
                {
                    yield return (acquired.Key, KindOf(at, field, test, acquired.Key, one.Overlaps(acquired.Value) ? one : other));
                }
            }
        }
    }

    /// <param name="behind">Where the outcome leads that takes the lock.</param>
    private TestKind KindOf(SyntaxNode at, ISymbol field, FieldNotes test, LockPath @lock, HashSet<Node> behind)
    {
        var inside = _fields.Where(f => f.Value.Guards.Any(g => g.Path.Equals(@lock)) && f.Value.Nodes.Overlaps(behind)).ToList();
        var same = inside.Where(f => SymbolEqualityComparer.Default.Equals(f.Key.Item2, field)).ToList();
        bool publishes = same.Any(f => f.Value is { IsWrite: true, IsContents: false } && FieldUses.Announces(f.Key.Item1.Syntax, field));
        bool isOfContents = test.IsContents && !publishes;
        if (same.Any(f => !f.Value.IsWrite && (f.Value.IsContents || !isOfContents)))
        {
            // A collection that others change cannot be looked into, whatever is done again; how many there are is only a number.
            return publishes ? TestKind.CheckedAgain : isOfContents && !IsCount(at) ? TestKind.None : TestKind.Hint;
        }

        // What is read into a variable may be meant as it was then, unless it decides what the field is set to.
        bool isCopied = !publishes && at.Parent is EqualsValueClauseSyntax or AssignmentExpressionSyntax;
        return !isCopied && inside.Any(f => f.Value.IsWrite) ? TestKind.ThenActed : TestKind.None;
    }

    private static bool IsCount(SyntaxNode use) => use is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Count" or "Length" or "IsEmpty", Parent: not InvocationExpressionSyntax };

    private static HashSet<Node> Reachable(Node from, Node except)
    {
        var seen = new HashSet<Node> { from };
        var open = new Stack<Node>(seen);
        while (open.Count > 0)
        {
            foreach (Node next in open.Pop().Successors)
            {
                if (next != except && seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return seen;
    }

    private sealed class FieldNotes
    {
        public bool IsWrite { get; init; }

        public bool IsContents { get; init; }

        public bool IsUnshared { get; set; }

        public bool IsTest { get; init; }

        public bool IsOwn { get; set; }

        public bool IsLate { get; set; }

        /// <summary>What is held there on every path.</summary>
        public ImmutableArray<(LockPath Path, Mode Mode)> Guards { get; set; }

        public HeldByFlags Ways { get; } = new();

        public HashSet<Node> Nodes { get; } = new();

        /// <summary>What was held or given up there, on some path.</summary>
        public HashSet<LockId> Met { get; } = new();
    }
}

/// <summary>What events about fields need to know of the body that they are in.</summary>
/// <param name="IsTeardown">It runs when no other thread is left, or only shows the object: Dispose, a finaliser, ToString.</param>
/// <param name="HasKnownCallers">It is a helper of its type, called by nobody else.</param>
internal sealed record BodyFacts(ISymbol Body, bool HasKnownCallers, bool IsConstructor, bool IsTeardown)
{
    /// <summary>
    /// It shows the object in a debugger, which has stopped everybody: by the names that the framework gives such members and types, since only the
    /// debugger knows which of them it evaluates.
    /// </summary>
    public bool IsForDebugger { get; } = IsNamedForDebugger(Body);

    private static bool IsNamedForDebugger(ISymbol? symbol)
    {
        for (; symbol is not (null or INamespaceSymbol); symbol = symbol.ContainingSymbol)
        {
            string name = symbol is IMethodSymbol { AssociatedSymbol: { } property } ? property.Name : symbol.Name;
            if (name.Contains("Debugg") || name.EndsWith("DebugView", StringComparison.Ordinal) || name.EndsWith("DebugProxy", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
