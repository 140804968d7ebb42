// Lifetime: objects that are freed after a grace period, what is read in a section and kept, checks that go stale.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

/// <summary>How far an object is on its way from being visible to being free. In a join the one that is less far counts.</summary>
internal enum Grace
{
    /// <summary>Readers that began before may still use it.</summary>
    Unpublished,

    /// <summary>Unregistered by something that does not wait for callbacks.</summary>
    Unlinked,

    /// <summary>Nobody uses it any more.</summary>
    Passed,
}

internal sealed partial class Execution
{
    /// <summary>What collections call the methods that put something in.</summary>
    private static readonly ImmutableHashSet<string> s_putters = ImmutableHashSet.Create(
        "Add", "AddFirst", "AddLast", "AddOrUpdate", "Enqueue", "GetOrAdd", "Insert", "Push", "TryAdd", "set_Item");

    /// <summary>By object that a member kept until it got another one: the member.</summary>
    private readonly Dictionary<Value, Value> _publishedAs = new();

    /// <summary>What a call does to objects that are on their way out.</summary>
    private void PassGrace(CallSite site, MethodSummary? summary)
    {
        CodeContract contract = site.Call.Contract;
        if (contract.AwaitsGracePeriod is { } path)
        {
            // A task ends after the grace period; what comes before its await comes before that.
            if (site.Call.IsAwaitedAtOnce || !IsAwaitable(site.Call.ResultType))
            {
                AwaitGrace(site, path);
            }
        }
        else if (summary is not null)
        {
            foreach (LockPath inner in summary.Graces)
            {
                AwaitGrace(site, inner);
            }

            foreach (GraceEffect effect in summary.Leaves)
            {
                if (Find(effect.Path, site) is { } left)
                {
                    _state.SetGrace(left, effect.Grace);
                }
            }

            foreach (LockPath freed in summary.Frees)
            {
                if (Find(freed, site) is { } value)
                {
                    Free(site, value);
                }
            }
        }

        if (contract.Fence is { } fence)
        {
            foreach (Value argument in site.Arguments.Where(a => DomainOf(a) is not null))
            {
                _state.SetGrace(argument, fence.Waits ? Grace.Passed : Grace.Unlinked);
            }
        }

        if (contract.Frees is >= 0 and var argued && argued < site.Arguments.Length)
        {
            Free(site, site.Arguments[argued]);
        }
    }

    /// <summary>A handler leaves an event, which may be running it at the moment.</summary>
    private void Unlink(Value handler)
    {
        if (handler is { Kind: ValueKind.MethodGroup, First: { } target } && DomainOf(target) is not null)
        {
            _state.SetGrace(target, Grace.Unlinked);
        }
    }

    /// <summary>What a function gives up which runs later: who made it acquired that, and hands it over.</summary>
    private ImmutableArray<Hold> TakenOver(FunctionBody function)
    {
        List<Hold> own = _state.Holds.Where(h => h.Origin == HoldOrigin.Acquired && (h.Kind.Capability == CapabilityKind.Reference || h.CanTravel)).ToList();
        if (own.Count == 0)
        {
            return ImmutableArray<Hold>.Empty;
        }

        var released = new HashSet<LockId>(ReleasedBy(Steps.Of(function)).Select(l => l.Lock));
        return own.Where(h => released.Contains(h.Lock) && (h.Kind.Capability == CapabilityKind.Reference || IsMeantFor(function, h.Lock))).ToImmutableArray();
    }

    /// <summary>A lock that the function does not acquire for itself, and that who made it does not release whatever happens.</summary>
    private bool IsMeantFor(FunctionBody function, LockId @lock) =>
        !Steps.Of(function).OfType<CallStep>().Any(c => c.Receiver is not null && c.Contract.Clauses.Any(a => a.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires) && ReferenceEquals(Evaluate(c.Receiver), @lock.Value))
        && !IsReleasedHere(@lock);

    /// <summary>What is released in a handler or under a condition is so where nothing was sent off: the paths tell.</summary>
    private bool IsReleasedHere(LockId @lock) => ReleasedBy(Steps.Of(_node.Function).Where(s => !IsConditional(s.Syntax))).Any(l => l.Lock == @lock);

    private bool IsConditional(SyntaxNode step) => step.Ancestors()
        .TakeWhile(a => a != _node.Function.Syntax)
        .Any(a => a is CatchClauseSyntax or IfStatementSyntax or SwitchSectionSyntax or SwitchExpressionArmSyntax or ConditionalExpressionSyntax or ConditionalAccessExpressionSyntax);

    /// <summary>A method that gives up what is held goes the way of a lambda that does so.</summary>
    private void SendOffWithMethods(CallSite site)
    {
        for (int i = 0; i < site.Arguments.Length && _state.Holds.Any(h => h.CanTravel); i++)
        {
            bool isSent = site.Arguments[i].Kind == ValueKind.MethodGroup && RunsElsewhere(site, i);
            foreach (BoundLock released in isSent ? ReleasedBy(site.Arguments[i], site) : [])
            {
                if (_state.Find(released.Lock) is { Origin: HoldOrigin.Acquired, CanTravel: true } && !IsReleasedHere(released.Lock))
                {
                    SendOff(released.Lock);
                }
            }
        }
    }

    private static bool RunsElsewhere(CallSite site, int parameter) =>
        site.Call.Contract.RunElsewhere.Contains(parameter) || site.Call.Contract.AfterCompletion.Contains(parameter);

    private void SendOff(LockId @lock)
    {
        Recorder?.SendOff(@lock);
        _state.Remove(@lock);
    }

    private void AwaitGrace(CallSite site, LockPath path)
    {
        if (Find(path, site) is not { } domain)
        {
            return;
        }

        LockId section = Identify(path, domain);
        if (_state.Find(section) is { Origin: not (HoldOrigin.Owed or HoldOrigin.Inherited) } held)
        {
            Recorder?.WaitInside(site.Call, NameOf(domain) ?? path.Text, held);
        }

        if (Recorder is not null && !_state.IsDeferred && TryPath(domain, path.Kind) is { } own)
        {
            Recorder.Graces.Add(own);
        }

        PassGrace(_state, section);
    }

    private void PassGrace(State state, LockId section)
    {
        foreach (Value value in state.Graces.Keys.ToList())
        {
            if (DomainOf(value) is not { } domain || domain.Section is null || domain.Section == section)
            {
                state.SetGrace(value, Grace.Passed);
            }
        }

        // What was unpublished before the body began has waited, too.
        state.SetGrace(section.Value, Grace.Passed);
    }

    /// <summary>How far the body leaves objects that its callers know, on whichever way out they are less far.</summary>
    public ImmutableArray<GraceEffect> Leaves(IReadOnlyList<State> exits)
    {
        var effects = ImmutableArray.CreateBuilder<GraceEffect>();
        foreach (Value value in exits.SelectMany(e => e.Graces.Keys).Distinct())
        {
            List<Grace> graces = exits.Where(e => e.Graces.ContainsKey(value)).Select(e => e.Graces[value]).ToList();
            Grace worst = graces.Min();
            if ((worst != Grace.Passed || graces.Count == exits.Count) && TryPath(value, LockKind.Monitor) is { } path)
            {
                effects.Add(new GraceEffect(path, worst));
            }
        }

        return effects.ToImmutable();
    }

    private void Free(CallSite site, Value value)
    {
        value = Original(value);
        if (Recorder is null || IsFresh(value))
        {
            return;
        }

        (LockId? Section, string Text)? domain = DomainOf(value);
        Grace? grace = _state.Graces.TryGetValue(value, out Grace known) ? known
            : domain?.Section is { } section && _state.Graces.TryGetValue(section.Value, out Grace passed) && passed == Grace.Passed ? passed
            : null;
        LockPath? own = grace is null && !_state.IsDeferred ? TryPath(value, LockKind.Monitor) : null;
        if (own is not null)
        {
            // Whoever calls this body has unpublished it, and waited, or has not.
            Recorder.Frees.Add(own);
        }

        if (domain is { } asked && grace != Grace.Passed && !(own is not null && _callers.AreKnown))
        {
            Recorder.Free(site.Call, NameOf(value) ?? "the object", asked.Text, grace == Grace.Unlinked);
        }
    }

    /// <summary>The domain whose grace period an object needs, by the member that it was read from or by its type; null where it needs none.</summary>
    private (LockId? Section, string Text)? DomainOf(Value value)
    {
        value = Original(value);
        if (_publishedAs.TryGetValue(value, out Value? published) && _state.Graces.ContainsKey(value))
        {
            value = published;
        }

        if (value.Member is { Symbol: { } symbol } && _reader.Data(symbol).GracePeriod is { } path)
        {
            Value? section = Resolve(path, value.Kind == ValueKind.Static ? null : value.First, ImmutableArray<Value>.Empty, null, null);
            return (section is null ? null : Identify(path, section), section is null ? path.Text : NameOf(section) ?? path.Text);
        }

        ITypeSymbol? type = Recorder.TypeOf(value);
        if (type is not null && _reader.GracePeriod(type).Path is { } byType)
        {
            Value? section = Resolve(byType, value, ImmutableArray<Value>.Empty, null, null);
            return (section is null ? null : Identify(byType, section), byType.Text);
        }

        return null;
    }

    /// <summary>
    /// A local gets what a member keeps whose objects are freed after a grace period. Where it is another object at each turn of a loop, or one that
    /// is not known, it is given a name, so that it can be told from the next.
    /// </summary>
    private Value? Take(AssignStep step)
    {
        (LockMember? member, Value? owner) = step.Value switch
        {
            Expr.Member read => (read.Symbol, Evaluate(read.Target)),
            Expr.Static read => (read.Symbol, null),
            _ => (null, null),
        };
        if (member?.Type is not { IsReferenceType: true } || owner is { IsUnknown: true } || DomainOf(Kept(owner, member)) is null)
        {
            return null;
        }

        Value now = ReadMember(owner, member);
        bool isWriters = SectionGuard(now) is null || _state.Owned.Contains(now);
        if (!now.IsUnknown && !(_node.IsInLoop && isWriters))
        {
            return null;
        }

        Value taken = Define(ValueKind.Result, step);
        _state.Store(owner, member, taken);
        return taken;
    }

    private Value Kept(Value? owner, LockMember member) => owner is null ? _values.Static(member) : _values.Member(owner, member);

    /// <summary>A member gets another value: the object that was there is visible to nobody who comes from now on.</summary>
    private void Unpublish(Value? owner, LockMember member, Value next)
    {
        Value before = ReadMember(owner, member);
        Value published = Kept(owner, member);
        if (before.Kind is not (ValueKind.Unknown or ValueKind.Number) && !ReferenceEquals(before, next) && DomainOf(published) is not null)
        {
            _publishedAs[before] = published;
            _state.SetGrace(before, Grace.Unpublished);
        }

        if (_state.Graces.ContainsKey(next))
        {
            _state.SetGrace(next, null);
        }
    }

    /// <summary>The guard of a member that readers use inside a section; null where there is none.</summary>
    private Guard? SectionGuard(Value value)
    {
        if (value.Member is not { Symbol: { } symbol, Type.IsReferenceType: true })
        {
            return null;
        }

        foreach (Guard guard in _reader.Data(symbol).Guards)
        {
            if (HasSection(guard))
            {
                return guard;
            }
        }

        return null;
    }

    /// <summary>Whoever took a reference in the section keeps the object without it.</summary>
    private bool IsReferenced(Value value) =>
        _state.Holds.Any(h => h is { Kind.Capability: CapabilityKind.Reference, Origin: not HoldOrigin.Owed } && ReferenceEquals(h.Lock.Value.First, value));

    private static string SectionOf(Guard guard) => guard.AnyOf.First(p => p.Kind.Capability == CapabilityKind.ReadSection).Text;

    private static bool HasSection(Guard guard) => guard.AnyOf.Any(p => p.Kind.Capability == CapabilityKind.ReadSection);

    /// <summary>What is read under the update lock is the writer's own: nobody else frees it.</summary>
    private void NoteOwnRead(Guard guard, Value? owner, LockMember member)
    {
        foreach (LockPath path in guard.AnyOf.Where(p => p.Kind.HasExclusiveMode))
        {
            if (Check(path, owner, member, Mode.Exclusive, _state.Holds).Lack == Lack.None)
            {
                _state.Own(ReadMember(owner, member));
            }
        }
    }

    /// <summary>What is read in a section is used.</summary>
    /// <param name="isEarlier">It was read before the section that is held, or in none.</param>
    private void UseProtected(Step step, Value value, Value? owner, LockMember member, bool isEarlier)
    {
        if (SectionGuard(value) is { } guard && !_state.Owned.Contains(value) && !IsReferenced(value) && !IsUnderConstruction(owner, member) && !IsFresh(owner))
        {
            bool isCovered = isEarlier
                ? guard.AnyOf.Any(p => p.Kind.HasExclusiveMode && Check(p, owner, member, Mode.Exclusive, _state.Holds).Lack == Lack.None)
                : Check(guard, owner, member, AccessKind.Read).Lack == Lack.None;
            if (!isCovered)
            {
                LockPath section = guard.AnyOf.First(p => p.Kind.Capability == CapabilityKind.ReadSection);
                Recorder?.UseOutside(step, member, Check(section, owner, member, Mode.Shared, ImmutableArray<Hold>.Empty));
            }
        }
    }

    /// <summary>What a local keeps from here on is what was there: another section does not protect it.</summary>
    private Value Earlier(Value value) => _values.Earlier(value);

    /// <summary>A pointer is read where nothing protects it.</summary>
    private bool IsReadEarly(AssignStep step, Value value)
    {
        if (step.Value is not (Expr.Member or Expr.Static) || SectionGuard(value) is not { } guard || _state.Owned.Contains(value) || IsReferenced(value))
        {
            return false;
        }

        Value? owner = value.Kind == ValueKind.Static ? null : value.First;
        return !IsFresh(owner) && !IsUnderConstruction(owner, value.Member!) && Check(guard, owner, value.Member!, AccessKind.Read).Lack != Lack.None;
    }

    /// <summary>A section ends: what was read in it is protected no more, whatever section follows.</summary>
    private void LeaveSection(LockId section)
    {
        for (int slot = 0; slot < _state.Slots.Length; slot++)
        {
            if (_state.Slots[slot] is { } value && !IsReferenced(value) && (IsProtectedBy(section, value) || _state.SourcesOf(value).Any(s => IsProtectedBy(section, s))))
            {
                _state.Slots[slot] = Earlier(value);
            }
        }
    }

    private bool IsProtectedBy(LockId section, Value value) => SectionGuard(value) is { } guard && !_state.Owned.Contains(value)
        && guard.AnyOf.Any(p => p.Kind.Capability == CapabilityKind.ReadSection && Resolve(p, value.Kind == ValueKind.Static ? null : value.First, ImmutableArray<Value>.Empty, null, value.Member!.Symbol?.ContainingType) is { } held && Identify(p, held) == section);

    /// <summary>What is read in a section leaves it: by return, or into a member that no section protects.</summary>
    private void KeepProtected(Step step, Value value, bool isReturn)
    {
        value = Original(value);
        foreach (Value source in Recorder is null || IsReferenced(value) ? Enumerable.Empty<Value>() : _state.SourcesOf(value).Select(s => s.IsEarlier ? s.First! : s).Where(s => CanName(s, SectionGuard(s))))
        {
            KeepProtected(step, source, isReturn);
        }

        if (Recorder is null || SectionGuard(value) is not { } guard || _state.Owned.Contains(value) || IsReferenced(value))
        {
            return;
        }

        Value? owner = value.Kind == ValueKind.Static ? null : value.First;
        ImmutableArray<Hold> kept = isReturn ? HeldAtExit() : ImmutableArray<Hold>.Empty;
        bool isCovered = guard.AnyOf.Any(p => Check(p, owner, value.Member!, Mode.Shared, kept).Lack == Lack.None);
        if (!isCovered && !IsFresh(owner) && !IsUnderConstruction(owner, value.Member!))
        {
            Recorder.KeepBeyond(step, value.Member!, isReturn, SectionOf(guard));
        }
    }

    /// <summary>A collection that the section does not protect takes what is put into it along.</summary>
    private void KeepProtected(CallSite site)
    {
        const string collections = "System.Collections";
        IMethodSymbol method = site.Call.Method;
        if (Recorder is not null && site.Receiver is { } receiver && s_putters.Contains(method.Name)
            && method.ContainingNamespace.ToDisplayString().StartsWith(collections, System.StringComparison.Ordinal))
        {
            foreach (Value argument in site.Arguments)
            {
                KeepInside(site.Call, receiver, argument);
            }
        }
    }

    private void KeepInside(Step step, Value collection, Value value)
    {
        if (!collection.IsUnknown && !IsFresh(collection))
        {
            KeepProtected(step, value, isReturn: false);
        }
    }

    /// <summary>A check that failed before and is made again with the same answer in hand fails again, or succeeds for no reason.</summary>
    private void NoteCheck(CallSite site, LockId token)
    {
        (LockId, Value)? key = KeyOf(site, token);
        if (key is not null && _state.FailedChecks.Contains(key.Value))
        {
            Recorder?.CheckAgain(site.Call, NameOf(token.Value) ?? "the token");
        }
    }

    private void NoteFailedCheck(CallSite site, LockId token)
    {
        if (KeyOf(site, token) is { } key)
        {
            _state.FailedChecks = _state.FailedChecks.Add(key);
        }
    }

    private static (LockId, Value)? KeyOf(CallSite site, LockId token)
    {
        Value? argument = site.Arguments.FirstOrDefault(a => a.Kind is not (ValueKind.Unknown or ValueKind.Number));
        return argument is null ? null : (token, argument);
    }

    /// <summary>Tokens hang on a lock: what was checked under it is true only as long as it is held.</summary>
    private void LoseTokens(LockId released)
    {
        foreach (Hold token in _state.Holds.Where(h => h.Until == released).ToList())
        {
            _state.Remove(token.Lock);
            _state.GivenUp = token.Kind.Capability == CapabilityKind.Token ? _state.GivenUp.Add(token.Lock) : _state.GivenUp;
        }
    }
}
