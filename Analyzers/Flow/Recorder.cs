// Collects what each operation met on each path during the replay, and makes one event of it.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

/// <summary>One for each replay. A step is met once for each state that reaches each of its copies; what counts is all of them together.</summary>
internal sealed partial class Recorder
{
    private readonly Dictionary<(Step, LockId), AcquireNotes> _acquires = new();
    private readonly Dictionary<(Step, LockId), ReleaseNotes> _releases = new();
    private readonly Dictionary<(Step, object), Accessed> _accesses = new();
    private readonly Dictionary<(Step, LockPath), Required> _requirements = new();
    private readonly Dictionary<(Step, string), Excluded> _exclusions = new();
    private readonly Dictionary<Step, SuspensionNotes> _suspensions = new();
    private readonly Dictionary<(Step, LockId), Waited> _waits = new();
    private readonly Dictionary<Step, LockEvent> _others = new();
    private readonly Dictionary<Value, int> _notHeldAs = new();
    private bool _dependsOnForeign;
    private readonly List<(AcquireSite Site, LockKind Kind, bool ByThrow, Value? KeptIn)> _leaks = new();
    private readonly HashSet<LockId> _handedOver = new();
    private readonly HashSet<LockId> _sentOff = new();
    private readonly Dictionary<(Step Step, string Name), bool> _uses = new();
    private readonly HashSet<(Step, LockId)> _borrowed = new();
    private readonly HashSet<LockId> _owed = new();
    private readonly Dictionary<FunctionBody, PromiseBroken> _promises = new();
    private readonly HashSet<Value> _escaped = new();
    private bool? _returnsNew;
    private readonly HashSet<Value> _mentioned = new();
    private readonly HashSet<(Value Value, INamedTypeSymbol To)> _handedOut = new();

    private readonly Dictionary<IParameterSymbol, (Node Node, CallStep Call)> _invokedAt = new(SymbolEqualityComparer.Default);

    /// <summary>Families of which a lock is released that cannot be told from others; for a variable that is several locks in turn, its kind.</summary>
    private readonly HashSet<object> _looselyReleased = new();

    /// <summary>By delegate parameter: what the body holds wherever it invokes it.</summary>
    public Dictionary<IParameterSymbol, ParameterRun> Invoked { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>By call: what is held on every path, in terms of the callee.</summary>
    public Dictionary<CallStep, Dictionary<LockPath, (LockKind Kind, Mode Mode)>> Calls { get; } = new();

    /// <summary>The same for methods that are passed on as delegates, by the place where they are.</summary>
    public Dictionary<(IMethodSymbol Method, SyntaxNode At), Dictionary<LockPath, (LockKind Kind, Mode Mode)>> Throughs { get; } = new();

    /// <summary>Whatever the body returned, it had made, and nobody else could have it.</summary>
    public bool ReturnsNew => _returnsNew == true;

    /// <summary>Locks that the body acquires at some time, itself or through callees.</summary>
    public List<InnerAcquire> Inside { get; } = new();

    /// <summary>The body implements a lock: what it acquires and releases inside is its own business.</summary>
    public bool IsTrusted { get; init; }

    public void Acquire(Step step, BoundLock @lock, AcquireSite site, Hold? before, Nesting nesting, State state, LockPath? path = null, string? @class = null, Premises? when = null)
    {
        if (before is null && !site.IsTry && !state.IsDeferred)
        {
            Inside.Add(new InnerAcquire(path, @class, @lock.Lock.Member, @lock.Kind, @lock.Mode, step.Syntax, null, null)
            {
                When = when ?? Premises.None,
                IsLate = state.HasSuspended,
                NeverBlocks = step is CallStep { Contract.MustNotBlock: true },
                NotHeldAs = NotHeldAs(@lock.Lock.Value),
            });
        }

        if (!_acquires.TryGetValue((step, @lock.Lock), out AcquireNotes? notes))
        {
            _acquires[(step, @lock.Lock)] = notes = new AcquireNotes(@lock, site);
        }

        Mention(@lock.Lock.Value);
        notes.IsRepaid |= before is { Origin: HoldOrigin.Owed };
        notes.Nesting = notes.Nesting > nesting ? notes.Nesting : nesting;
        if (before is not null)
        {
            notes.Earlier.UnionWith(before.Sites);
        }
    }

    public void Release(Step step, BoundLock @lock, ReleaseOutcome outcome, Hold? affected, State state)
    {
        if (!_releases.TryGetValue((step, @lock.Lock), out ReleaseNotes? notes))
        {
            _releases[(step, @lock.Lock)] = notes = new ReleaseNotes(@lock);
        }

        Mention(@lock.Lock.Value);
        notes.Outcomes.Add(outcome);
        notes.IsLater |= state.IsDeferred;
        if (affected is not null)
        {
            notes.Sites.UnionWith(affected.Sites);
            notes.HeldMode = outcome == ReleaseOutcome.WrongMode || notes.HeldMode == Mode.Any ? affected.Mode : notes.HeldMode;
        }

        if (outcome is ReleaseOutcome.Unknown or ReleaseOutcome.NotHeld && Execution.IsLoose(@lock.Lock.Value))
        {
            _looselyReleased.Add(@lock.Lock.Value.Kind == ValueKind.Phi ? ValueKind.Phi : @lock.Lock.Family);
        }
    }

    public void Access(Step step, LockMember member, AccessKind kind, Guard guard, Missing missing, bool isContents, State state)
    {
        if (missing.Lack == Lack.None)
        {
            return;
        }

        (Step, object) key = (step, guard);
        bool worse = !_accesses.TryGetValue(key, out Accessed? known)
            || missing.Lack > known.Missing.Lack
            || (missing.Lack == known.Missing.Lack && known.Missing.HeldWhereMade && !missing.HeldWhereMade);
        if (worse)
        {
            _accesses[key] = new Accessed(step.Syntax.GetLocation(), member.Symbol!, kind, isContents, missing);
        }
    }

    public void Require(CallStep call, Requirement requirement)
    {
        if (requirement.Lack == Lack.None)
        {
            return;
        }

        (Step, LockPath) key = (call, requirement.Path);
        bool worse = !_requirements.TryGetValue(key, out Required? known)
            || requirement.Lack > known.Requirement.Lack
            || (known.Requirement.WasHeld && !requirement.WasHeld)
            || (known.Requirement.HeldWhereMade && !requirement.HeldWhereMade);
        if (worse)
        {
            _requirements[key] = new Required(call.Syntax.GetLocation(), call.Method, requirement);
        }
    }

    public void Exclude(CallStep call, string @lock, Hold? held)
    {
        if (held is not null)
        {
            _exclusions[(call, @lock)] = new Excluded(call.Syntax.GetLocation(), call.Method, @lock, Locations(held.Sites));
        }
    }

    public void Wait(CallStep call, string name, bool isPulse, bool isHeld, bool isInLoop, LockId @lock, State state)
    {
        bool wasHeld = !_waits.TryGetValue((call, @lock), out Waited? known) || known.IsHeld;
        bool isTimed = call.Contract.Clauses.Any(c => c.Kind == ClauseKind.Waits) && call.Method.Parameters.Length > 1;
        _waits[(call, @lock)] = new Waited(call.Syntax.GetLocation(), name, isPulse, isHeld && wasHeld, isInLoop || known is { IsInLoop: true }, isTimed) { Which = @lock.Value };
    }

    /// <summary>The function is suspended while it may hold something.</summary>
    public void Suspend(Step step, IEnumerable<Hold> holds, Func<Value, string?> nameOf)
    {
        if (!_suspensions.TryGetValue(step, out SuspensionNotes? notes))
        {
            _suspensions[step] = notes = new SuspensionNotes();
        }

        foreach (Hold hold in holds.Where(h => h.Origin != HoldOrigin.Owed))
        {
            notes.Held[hold.Lock] = notes.Held.TryGetValue(hold.Lock, out (Hold Hold, string? Name) known)
                ? (known.Hold.WithSitesOf(hold), known.Name)
                : (hold, nameOf(hold.Lock.Value));
        }
    }

    public void Return(bool isNew) => _returnsNew = isNew && _returnsNew != false;

    public void IgnoreTry(CallStep call, ImmutableArray<BoundLock> locks)
    {
        foreach (BoundLock @lock in locks)
        {
            _others[call] = new TryIgnored(call.Syntax.GetLocation(), new NamedLock(@lock.Name, @lock.Kind));
        }
    }

    public void LeaveUnawaited(CallStep call, ImmutableArray<BoundLock> locks)
    {
        foreach (BoundLock @lock in locks)
        {
            _others[call] = new NotAwaited(call.Syntax.GetLocation(), new NamedLock(@lock.Name, @lock.Kind));
        }
    }

    public void ConvertMethod(ConvertMethodStep step, Value? receiver, CodeContract contract, CodeContract expected) =>
        _others[step] = new MethodConverted(step.Syntax.GetLocation(), step, contract, expected) { Which = receiver };

    public void Widen(WidenStep step, LockKind kind) => _others[step] = new Widened(step.Syntax.GetLocation(), step.From, kind);

    public void LockText(LockedTextStep step) => _others[step] = new TextLocked(step.Syntax.GetLocation());

    public void Copy(CopyStep step) => _others[step] = new Copied(step.Syntax.GetLocation(), step.Type);

    public void Free(CallStep call, string name, string domain, bool afterUnfenced)
    {
        bool unfenced = afterUnfenced || _others.TryGetValue(call, out LockEvent? known) && known is Freed { AfterUnfencedUnregister: true };
        _others[call] = new Freed(call.Syntax.GetLocation(), name, domain, unfenced);
    }

    public void WaitInside(CallStep call, string section, Hold held) =>
        _others[call] = new WaitedInside(call.Syntax.GetLocation(), section, Locations(held.Sites));

    public void UseOutside(Step step, LockMember member, Missing missing) =>
        _others[step] = new UsedOutside(step.Syntax.GetLocation(), member.Name, missing.Lock);

    /// <summary>Something that was handed out is used.</summary>
    /// <param name="isGone">After it was given back.</param>
    public void UseHandedOut(Step step, string name, bool isGone) =>
        _uses[(step, name)] = isGone && (!_uses.TryGetValue((step, name), out bool wasGone) || wasGone);

    public void KeepBeyond(Step step, LockMember member, bool isReturn, string section) =>
        _others[step] = new KeptBeyond(step.Syntax.GetLocation(), member.Name, isReturn, section);

    public void CheckAgain(CallStep call, string token) => _others[call] = new CheckedAgain(call.Syntax.GetLocation(), token);

    /// <summary>Domains of which the body waits for a grace period, in terms of its callers.</summary>
    public List<LockPath> Graces { get; } = new();

    /// <summary>What the body frees and has not unpublished itself.</summary>
    public List<LockPath> Frees { get; } = new();

    /// <summary>A capability is given up by a function that runs later, on behalf of the body that acquired it.</summary>
    public void HandOver(LockId capability) => _handedOver.Add(capability);

    /// <summary>A lock goes with the function that will give it up: it is not held here any more.</summary>
    public void SendOff(LockId @lock) => _sentOff.Add(@lock);

    /// <summary>What is given up was never held here: if it is right, then a caller holds it.</summary>
    public void Borrow(Step step, LockId @lock) => _borrowed.Add((step, @lock));

    /// <summary>A caller's lock is given up for good.</summary>
    /// <param name="isMain">By the body itself, not by a function in it.</param>
    public void Owe(LockId @lock, bool isMain)
    {
        _owed.Add(@lock);
        if (isMain)
        {
            _dues.Add(@lock);
        }
    }

    /// <param name="keptIn">The field that the lock is in now.</param>
    public void Leak(AcquireSite site, LockKind kind, bool byThrow, Value? keptIn) => _leaks.Add((site, kind, byThrow, keptIn));

    public void Break(FunctionBody function, Location location, string member, string text)
    {
        if (!_promises.ContainsKey(function))
        {
            _promises[function] = new PromiseBroken(location, member, text);
        }
    }

    /// <summary>A delegate parameter is invoked.</summary>
    /// <param name="byCallee">How often the call invokes it, and whether it returns what that returns.</param>
    public void Invoke(IParameterSymbol parameter, IEnumerable<Effect> held, ImmutableArray<LockPath?> arguments, (Node Node, CallStep Call) place, ParameterRun? byCallee)
    {
        var run = new ParameterRun(parameter.Ordinal, held.Where(e => !e.IsRelease).Select(e => e with { IsAcquire = true, IsAssertion = false }).ToImmutableArray(), arguments)
        {
            IsOnce = byCallee is { IsOnce: true } && !place.Node.IsInLoop && (!_invokedAt.TryGetValue(parameter, out (Node, CallStep) before) || before == place),
            IsResult = byCallee is { IsResult: true },
        };
        _invokedAt[parameter] = place;
        Invoked[parameter] = Invoked.TryGetValue(parameter, out ParameterRun? known) ? known.Meet(run) : run;
    }

    /// <summary>Where a delegate parameter was invoked last; for one that is invoked once, where it is invoked.</summary>
    public CallStep InvokedAt(IParameterSymbol parameter) => _invokedAt[parameter].Call;

    /// <summary>What the body promises may be done by a callee that is not analysed together with it.</summary>
    public void DependOnForeign() => _dependsOnForeign = true;

    /// <summary>A callee runs a method of this compilation while something is held.</summary>
    public void CallThrough(IMethodSymbol method, SyntaxNode at, ImmutableArray<(LockPath Path, LockKind Kind, Mode Mode)> held)
    {
        (IMethodSymbol, SyntaxNode) key = (method, at);
        Throughs[key] = Meet(Throughs.TryGetValue(key, out Dictionary<LockPath, (LockKind Kind, Mode Mode)>? known) ? known : null, ByPath(held));
    }

    /// <summary>A method of this compilation is called while something is held.</summary>
    public void Call(CallStep call, ImmutableArray<(LockPath Path, LockKind Kind, Mode Mode)> held, Premises when)
    {
        Dictionary<LockPath, (LockKind Kind, Mode Mode)> byPath = ByPath(held);
        Calls[call] = Meet(Calls.TryGetValue(call, out Dictionary<LockPath, (LockKind Kind, Mode Mode)>? known) ? known : null, byPath);
        if (HasFlags)
        {
            if (!_callWays.TryGetValue(call, out HeldByFlags? ways))
            {
                _callWays[call] = ways = new HeldByFlags();
            }

            ways.Add(FlagsOf(when), byPath.Select(h => (h.Key, h.Value.Mode)).ToImmutableArray());
        }
    }

    private static Dictionary<LockPath, (LockKind Kind, Mode Mode)> ByPath(ImmutableArray<(LockPath Path, LockKind Kind, Mode Mode)> held) =>
        held.GroupBy(h => h.Path).ToDictionary(g => g.Key, g => (g.First().Kind, g.Max(h => h.Mode)));

    /// <summary>What is held at one place and at others before it, each lock in the weaker of its modes.</summary>
    /// <param name="known">Null where the place is the first.</param>
    public static Dictionary<LockPath, (LockKind Kind, Mode Mode)> Meet(
        Dictionary<LockPath, (LockKind Kind, Mode Mode)>? known, Dictionary<LockPath, (LockKind Kind, Mode Mode)> held) => known is null
        ? new(held)
        : known.Where(h => held.ContainsKey(h.Key))
            .ToDictionary(h => h.Key, h => (held[h.Key].Kind, h.Value.Mode < held[h.Key].Mode ? h.Value.Mode : held[h.Key].Mode));

    /// <summary>A lock is acquired inside a call.</summary>
    public void AcquireInside(CallStep call, ISymbol callee, InnerAcquire inner, Value? value, LockPath? path, State state, Premises when)
    {
        if (!state.IsDeferred && (inner.Path is null || path is null || !state.Holds.Any(h => h.Origin == HoldOrigin.Owed)))
        {
            Inside.Add(new InnerAcquire(path, inner.Class, inner.Member, inner.Kind, inner.Mode, call.Syntax, callee, inner)
            {
                When = when,
                IsDispatched = inner.IsDispatched,
                IsLate = inner.IsLate || state.HasSuspended,
                NeverBlocks = inner.NeverBlocks,
                NotHeldAs = inner.NotHeldAs | (value is null ? 0 : NotHeldAs(value)),
            });
        }
    }

    /// <summary>A test said that a lock is not held.</summary>
    public void FindNotHeld(Value @lock, Mode mode) => _notHeldAs[@lock] = NotHeldAs(@lock) | (1 << (int)mode);

    private int NotHeldAs(Value @lock) => _notHeldAs.TryGetValue(@lock, out int modes) ? modes : 0;

    /// <summary>A lock that the body acquires, releases, or asks for.</summary>
    public void Mention(Value @lock) => _mentioned.Add(@lock);

    /// <summary>Code that is not analysed together with the body gets a value.</summary>
    public void HandOut(Value value, IMethodSymbol to)
    {
        if (!value.IsUnknown && value.Kind != ValueKind.Number)
        {
            _handedOut.Add((value, to.ContainingType));
        }
    }

    /// <summary>Whether such code got a lock that matters here, or an object through which it can reach one.</summary>
    public bool DependsOnForeign() => _dependsOnForeign || _handedOut.Any(h => IsLock(h.Value) || _mentioned.Any(l => Reaches(h.Value, l, h.To)));

    private static bool IsLock(Value value) => value.Member is { Kind: { Capability: CapabilityKind.Lock, IsMonitor: false } } or { Type.SpecialType: SpecialType.System_Object };

    private static bool Reaches(Value from, Value @lock, INamedTypeSymbol type)
    {
        if (ReferenceEquals(from, @lock))
        {
            return true;
        }

        for (Value? current = @lock; current?.First is not null; current = current.First)
        {
            if (ReferenceEquals(current.First, from))
            {
                ISymbol? step = current.Member?.Symbol;
                return step is not { DeclaredAccessibility: Accessibility.Private }
                    || SymbolEqualityComparer.Default.Equals(ProgramModel.Outermost(step.ContainingType), ProgramModel.Outermost(type));
            }
        }

        return false;
    }

    /// <summary>Objects that some path hands out: whatever is locked in them is no private matter.</summary>
    public void Escape(IEnumerable<Value> escaped) => _escaped.UnionWith(escaped);

    /// <summary>The events in the order of their places.</summary>
    public ImmutableArray<LockEvent> Events()
    {
        var events = new List<LockEvent>();
        AddReleases(events);
        AddOthers(events);
        AddAcquires(events);
        events.RemoveAll(e => e is AcquiredOnSomePaths some && events.Any(o => o is Acquired { Nesting: Nesting.Deadlock } && o.Location == some.Location));
        AddLeaks(events);
        AddAccesses(events);
        AddOrder(events);
        AddFields(events);
        events.AddRange(_requirements.Values);
        events.AddRange(_exclusions.Values);
        events.AddRange(_uses.Where(u => u.Value).Select(u => new UsedAfterReturn(u.Key.Step.Syntax.GetLocation(), u.Key.Name)));
        events.AddRange(_waits.Select(w => IsRepaid(w.Key.Item2) || IsGivenUpBehind(w.Key.Item1, w.Key.Item2) ? w.Value with { IsHeld = true } : w.Value));
        events.AddRange(_suspensions.Select(s => s.Value.Event(s.Key)));
        events.AddRange(_promises.Values);
        return events.OrderBy(e => e.Location.SourceSpan.Start).ThenBy(e => e.Location.SourceSpan.Length).ToImmutableArray();
    }

    private void AddReleases(List<LockEvent> events)
    {
        var onSomePaths = new Dictionary<AcquireSite, List<Location>>();
        foreach (KeyValuePair<(Step Step, LockId), ReleaseNotes> entry in _releases.OrderBy(r => r.Key.Item1.Syntax.SpanStart))
        {
            ReleaseNotes notes = entry.Value;
            Location location = entry.Key.Step.Syntax.GetLocation();
            ReleaseVerdict verdict = notes.Verdict();
            if (verdict == ReleaseVerdict.NotHeld && IsOfAnother(entry.Key.Step, entry.Key.Item2, notes))
            {
                verdict = ReleaseVerdict.Right;
            }
            else if (verdict == ReleaseVerdict.NotHeld && notes.Outcomes.Contains(ReleaseOutcome.Released))
            {
                verdict = notes.Sites.Count > 0 ? ReleaseVerdict.Right : ReleaseVerdict.NotHeld;
                foreach (AcquireSite site in notes.Sites)
                {
                    site.IsReported = true;
                    if (!onSomePaths.TryGetValue(site, out List<Location>? releases))
                    {
                        onSomePaths[site] = releases = new List<Location>();
                    }

                    releases.Add(location);
                }
            }
            else if (verdict is ReleaseVerdict.WrongMode or ReleaseVerdict.ThroughAnother)
            {
                foreach (AcquireSite site in notes.Sites)
                {
                    site.IsReported = true;
                }
            }

            if (!notes.Lock.Kind.Counting && !IsTrusted)
            {
                events.Add(new Released(location, notes.NamedFor(verdict), verdict, notes.Lock.Mode, notes.HeldMode, Locations(notes.Sites)) { Which = entry.Key.Item2.Value });
            }
        }

        foreach (KeyValuePair<AcquireSite, List<Location>> entry in onSomePaths)
        {
            LockKind kind = KindOf(entry.Key);
            if (!kind.Counting && !IsTrusted)
            {
                events.Add(new AcquiredOnSomePaths(entry.Key.Step.Syntax.GetLocation(), new NamedLock(entry.Key.Name, kind), entry.Key.IsTry, entry.Value));
            }
        }
    }

    /// <summary>
    /// Whether what is given up is what somebody else acquired, and meant to be: the body leaves it held, for a function that runs later; or a caller
    /// holds it, and gets it back before the body returns.
    /// </summary>
    private bool IsOfAnother(Step step, LockId @lock, ReleaseNotes notes)
    {
        if (notes.IsLater && _leaks.Any(l => l.Site.Lock == @lock && IsLeft(l)))
        {
            HandOver(@lock);
            return true;
        }

        return _borrowed.Contains((step, @lock)) && IsRepaid(@lock);
    }

    private bool IsRepaid(LockId @lock) => !_owed.Contains(@lock) && _acquires.Any(a => a.Key.Item2 == @lock && a.Value.IsRepaid);

    /// <summary>Whether the body gives up later what its caller rightly holds, as the Dispose of a releaser does.</summary>
    private bool IsGivenUpBehind(Step step, LockId @lock) =>
        _borrowed.Any(b => b.Item2 == @lock && b.Item1.Syntax.SpanStart > step.Syntax.SpanStart && _releases.TryGetValue(b, out ReleaseNotes? notes) && notes.Outcomes.All(o => o == ReleaseOutcome.Released));

    private LockKind KindOf(AcquireSite site) =>
        _acquires.TryGetValue((site.Step, site.Lock), out AcquireNotes? notes) ? notes.Lock.Kind : LockKind.Monitor;

    private void AddOthers(List<LockEvent> events)
    {
        foreach (KeyValuePair<Step, LockEvent> other in _others)
        {
            if (other.Value is TryIgnored { Lock.Kind.Counting: true } && !_acquires.Any(a => ReferenceEquals(a.Key.Item1, other.Key) && _releases.Keys.Any(r => r.Item2 == a.Key.Item2)))
            {
                // A signal that is waited for, with a limit to the patience: nothing is released that might not have been acquired.
                continue;
            }

            events.Add(other.Value);
            foreach (AcquireNotes notes in _acquires.Where(a => ReferenceEquals(a.Key.Item1, other.Key)).Select(a => a.Value))
            {
                notes.Site.IsReported |= other.Value is TryIgnored or NotAwaited;
            }
        }

        // What a discarded try may have acquired is its own finding, wherever it is released.
        events.RemoveAll(e => e is AcquiredOnSomePaths some && events.Any(o => o is TryIgnored or NotAwaited && o.Location == some.Location));
    }

    /// <summary>What a property or method returns that does nothing but make a new object.</summary>
    private static bool IsMadeEachTime(Value value)
    {
        IMethodSymbol? maker = value switch
        {
            { Member.Symbol: IPropertySymbol property } => property.GetMethod,
            { Kind: ValueKind.Result, Data: CallStep call } => call.Method,
            _ => null,
        };
        return maker is not null && LockCreation.MakesAnother(maker);
    }

    /// <summary>
    /// A plain object in a variable of which each thread has its own. Other types may be registered somewhere where other threads find them, and what
    /// goes along with a flow of control gets to several threads.
    /// </summary>
    private static bool IsOfThread(Value value, Expr? spelling) => (spelling is Expr.Static { Symbol: var spelled } ? spelled : value.Member) switch
    {
        { Symbol: IFieldSymbol { Type.SpecialType: SpecialType.System_Object } field } =>
            field.GetAttributes().Any(a => a.AttributeClass is { Name: "ThreadStaticAttribute", ContainingNamespace.Name: "System" }),
        { Symbol: IPropertySymbol { Name: "Value", ContainingType: { Name: "ThreadLocal", ContainingNamespace.Name: "Threading" } } } =>
            value.First?.Member?.Type is INamedTypeSymbol { TypeArguments: { Length: 1 } kept } && kept[0].SpecialType == SpecialType.System_Object,
        _ => false,
    };

    /// <summary>Whether an asynchronous function acquires what was made outside of it: whoever calls it several times has several of it run at once.</summary>
    private static bool IsUsedBeside(SyntaxNode acquire, Value made) => acquire.Ancestors().Any(f =>
        (f is AnonymousFunctionExpressionSyntax { AsyncKeyword.RawKind: not 0 } || (f is LocalFunctionStatementSyntax local && local.Modifiers.Any(SyntaxKind.AsyncKeyword)))
        && !(made.Data is Step { Syntax: var making } && f.Contains(making)));

    private void AddAcquires(List<LockEvent> events)
    {
        foreach (AcquireNotes notes in _acquires.Values)
        {
            // Acquired once too often: that it is then held once too often is the same mistake.
            notes.Site.IsReported |= notes.Nesting == Nesting.Deadlock;
            Value value = notes.Lock.Lock.Value;
            bool isPrivate = (value.Kind == ValueKind.New || IsMadeEachTime(value)) && !_escaped.Contains(value) && !IsUsedBeside(notes.Site.Step.Syntax, value);
            events.Add(new Acquired(
                notes.Site.Step.Syntax.GetLocation(),
                new NamedLock(notes.Lock.Name, notes.Lock.Kind),
                new LockTarget(value, value.Kind == ValueKind.This ? Facts.Body.ContainingType : TypeOf(value), notes.Lock.Lock.IsMonitor, isPrivate, IsHere(notes.Site.Step), notes.Site.IsOneOfMany)
                {
                    IsPrivateToThread = IsOfThread(value, notes.Site.Spelling),
                },
                notes.Nesting,
                Locations(notes.Earlier))
            {
                IsBehindCall = notes.Earlier.Any(s => !s.IsGuard && !IsHere(s.Step)),
            });
        }
    }

    /// <summary>What goes with a function is not left behind where sending it off fails.</summary>
    private bool IsLeft((AcquireSite Site, LockKind Kind, bool ByThrow, Value? KeptIn) leak) => !_handedOver.Contains(leak.Site.Lock) && !(leak.ByThrow && _sentOff.Contains(leak.Site.Lock));

    private void AddLeaks(List<LockEvent> events)
    {
        foreach (IGrouping<AcquireSite, (AcquireSite Site, LockKind Kind, bool ByThrow, Value? KeptIn)> leak in _leaks.Where(IsLeft).GroupBy(l => l.Site))
        {
            LockKind kind = leak.First().Kind;
            bool isElsewhere = (Execution.IsLoose(leak.Key.Lock.Value) || Execution.IsInArray(leak.Key.Lock.Value)) && IsReleasedLoosely(leak.Key.Lock);
            ImmutableArray<Location> givenBack = kind.Transferable ? ReleasesOf(leak.Key) : ImmutableArray<Location>.Empty;
            bool isDropped = leak.Key.IsGuard && AwaitedCall.WholeOf(leak.Key.Step.Syntax).Parent is ExpressionStatementSyntax;
            bool isOthers = !isDropped && (kind.IsUndeclared ? ReleasesOf(leak.Key).IsEmpty : kind.Transferable && IsOthers(leak.Key.Lock.Value, isGivenBack: !givenBack.IsEmpty, kind.Collected));
            if (!leak.Key.IsReported && !isElsewhere && !isOthers && !kind.Counting && kind.MustBeReleased)
            {
                events.Add(new Leaked(leak.Key.Step.Syntax.GetLocation(), new NamedLock(leak.Key.Name, kind), leak.Key.IsTry, leak.All(l => l.ByThrow))
                {
                    Which = leak.Select(l => l.KeptIn).FirstOrDefault(v => v is not null) ?? leak.Key.Lock.Value,
                    Callee = leak.Key.Step is CallStep { Contract.HasClauses: false, Method: var callee } ? (callee.ReducedFrom ?? callee).OriginalDefinition : null,
                    IsDropped = isDropped,
                    GivenBack = givenBack,
                });
            }
        }
    }

    /// <summary>What came from elsewhere may be given back elsewhere, unless the body itself does so on another way; an object knows who counts on it.</summary>
    private static bool IsOthers(Value owned, bool isGivenBack, bool isCollected) =>
        owned.Kind == ValueKind.This || (!isGivenBack && (isCollected || owned.Kind != ValueKind.Result));

    /// <summary>Where the body gives back on other ways what it took.</summary>
    private ImmutableArray<Location> ReleasesOf(AcquireSite site) =>
        _releases.Where(r => r.Value.Sites.Contains(site)).Select(r => r.Key.Item1.Syntax).Distinct().OrderBy(s => s.SpanStart).Select(s => s.GetLocation()).ToImmutableArray();

    private bool IsReleasedLoosely(LockId @lock) => _looselyReleased.Contains(@lock.Family) || _looselyReleased.Contains(ValueKind.Phi);

    /// <summary>Reading what is then written is one use, the write.</summary>
    private void AddAccesses(List<LockEvent> events)
    {
        var written = new HashSet<Location>(_accesses.Values.Where(a => a.Kind == AccessKind.Write).Select(a => a.Location));
        events.AddRange(_accesses.Values.Where(a => a.Kind != AccessKind.Read || !written.Contains(a.Location)));
    }

    /// <summary>A callee with a contract is a lock's own method; one without is code whose effects were computed.</summary>
    private static bool IsHere(Step step) => step is CallStep { Contract.HasClauses: true };

    public static ITypeSymbol? TypeOf(Value value) => value.Kind switch
    {
        ValueKind.Member or ValueKind.Static => value.Member!.Type,
        ValueKind.Parameter => (value.Data as IParameterSymbol)?.Type,
        ValueKind.Result or ValueKind.New => (value.Data as CallStep)?.ResultType,
        _ => null,
    };

    public static List<Location> Locations(IEnumerable<AcquireSite> sites) =>
        sites.Select(s => s.Step.Syntax.GetLocation()).OrderBy(l => l.SourceSpan.Start).ToList();

    private sealed class AcquireNotes(BoundLock @lock, AcquireSite site)
    {
        public BoundLock Lock { get; } = @lock;

        public AcquireSite Site { get; } = site;

        public Nesting Nesting { get; set; }

        public HashSet<AcquireSite> Earlier { get; } = new();

        /// <summary>Gives a caller back what was given up before.</summary>
        public bool IsRepaid { get; set; }
    }

    private sealed class ReleaseNotes(BoundLock @lock)
    {
        public BoundLock Lock { get; } = @lock;

        /// <summary>What was released; where that was the wrong object, what should have been.</summary>
        public NamedLock NamedFor(ReleaseVerdict verdict) =>
            new(verdict == ReleaseVerdict.ThroughAnother ? Sites.FirstOrDefault()?.Name ?? Lock.Name : Lock.Name, Lock.Kind);

        public HashSet<ReleaseOutcome> Outcomes { get; } = new();

        /// <summary>In a function that may run later than the body.</summary>
        public bool IsLater { get; set; }

        public HashSet<AcquireSite> Sites { get; } = new();

        public Mode HeldMode { get; set; }

        public ReleaseVerdict Verdict() =>
            Outcomes.Contains(ReleaseOutcome.WrongMode) ? ReleaseVerdict.WrongMode
            : Outcomes.Contains(ReleaseOutcome.ThroughAnother) ? ReleaseVerdict.ThroughAnother
            : Lock.Kind.Transferable && Outcomes.Count > 1 ? ReleaseVerdict.Right
            : Outcomes.Contains(ReleaseOutcome.NotHeld) && !Outcomes.Contains(ReleaseOutcome.Unknown) ? ReleaseVerdict.NotHeld
            : ReleaseVerdict.Right;
    }

    private sealed class SuspensionNotes
    {
        public Dictionary<LockId, (Hold Hold, string? Name)> Held { get; } = new();

        public LockEvent Event(Step step)
        {
            ImmutableArray<(NamedLock, ImmutableArray<Location>)> held = Held.Values
                .OrderBy(h => h.Hold.Lock.Value.Id)
                .Select(h => (new NamedLock(h.Name, h.Hold.Kind), Locations(h.Hold.Sites).ToImmutableArray()))
                .ToImmutableArray();
            return step is YieldStep ? new Yielded(step.Syntax.GetLocation(), held) : new Awaited(step.Syntax.GetLocation(), held);
        }
    }
}
