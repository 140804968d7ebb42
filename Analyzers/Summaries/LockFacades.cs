// Types that are locks of their own: what one of their methods acquires, another releases.
using System.Collections.Generic;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Summaries;

/// <summary>
/// Home-made monitors, reader/writer locks and lock files have an <c>Enter</c> and an <c>Exit</c> without saying so in a contract. They are known by
/// what they do not do: no method of theirs acquires the lock and releases it again. Where one does, the lock is the type's own, and a method that
/// leaves it held has forgotten it: unless it does so through helpers that others only begin with, as one operation among transactions.
/// </summary>
internal sealed class LockFacades
{
    private readonly HashSet<(ISymbol Type, object Lock)> _facades = new();

    /// <summary>Locks that some methods only acquire and some only release, whatever others do: one begins what the other ends.</summary>
    private readonly HashSet<(ISymbol Type, object Lock)> _transactions = new();

    /// <summary>Locks that one protected method only acquires and another only releases, and nothing else: other names for it, however often the type takes it without them.</summary>
    private readonly HashSet<(ISymbol Type, object Lock)> _otherNames = new();

    /// <summary>Locks whose acquire a method starts and returns, for whoever awaits it to release through another.</summary>
    private readonly HashSet<(ISymbol Type, object Lock)> _handedOut = new();

    /// <summary>Locks that the <c>Dispose</c> of something releases: of whatever a method returns that leaves the lock held.</summary>
    private readonly HashSet<object> _disposed = new();

    /// <summary>Methods that acquire and release through others, and have to do both right.</summary>
    private readonly HashSet<(MemberCode Member, object Lock)> _users = new();

    /// <summary>Methods that acquire, here or through others.</summary>
    private readonly HashSet<(MemberCode Member, object Lock)> _takers = new();

    public LockFacades(IEnumerable<(MemberCode Member, FlowResult? Result)> results)
    {
        var acquired = new HashSet<(ISymbol, object)>();
        var released = new HashSet<(ISymbol, object)>();
        var kept = new HashSet<(ISymbol, object)>();
        var begun = new HashSet<(ISymbol, object)>();
        var ended = new HashSet<(ISymbol, object)>();
        var onlyBegun = new HashSet<(ISymbol, object)>();
        var onlyEnded = new HashSet<(ISymbol, object)>();
        foreach ((MemberCode member, FlowResult? result) in results)
        {
            if (result is null || TypeOf(member) is not { } type)
            {
                continue;
            }

            HashSet<object> leaked = Keys(result.Events.OfType<Leaked>().Where(l => !l.OnlyByThrow).Select(l => l.Which));
            HashSet<object> owed = Keys(result.Events.OfType<Released>().Where(r => r.Verdict == ReleaseVerdict.NotHeld).Select(r => r.Which));

            // Who acquires and releases through others is their user; the lock itself may give up on one of its own ways, and whoever fails.
            HashSet<object> used = Keys(result.Events.OfType<Acquired>().Where(a => !a.Target.IsHere).Select(a => a.Target.Value));
            used.IntersectWith(Keys(result.Events.OfType<Released>().Where(r => r.Verdict == ReleaseVerdict.Right && !IsInCatch(r.Location)).Select(r => r.Which)));
            _users.UnionWith(used.Select(l => (member, l)));
            begun.UnionWith(leaked.Except(used).Select(l => (type, l)));
            ended.UnionWith(owed.Except(used).Select(l => (type, l)));

            if (IsOtherName(member))
            {
                onlyBegun.UnionWith(leaked.Select(l => (type, l)));
                onlyEnded.UnionWith(owed.Select(l => (type, l)));
            }

            // A method that releases only as a delegate hands it to whoever runs it.
            owed.UnionWith(Keys(result.Events.OfType<MethodConverted>().Where(c => c.Contract.Clauses.Any(IsRelease)).Select(c => c.Which)));

            // Where all callers are in sight, what is left to them is no leak, and what is taken from them no mistake.
            foreach (Effect effect in result.Summary.Exits.SelectMany(e => e.Effects).Where(e => !e.IsAssertion))
            {
                (effect.IsAcquire ? leaked : owed).Add(KeyOf(effect.Path));
            }

            _handedOut.UnionWith(result.Summary.Exits.Where(e => e.Returned is not null).SelectMany(e => e.Returned!.Pending).Select(p => (type, KeyOf(p.Path))));
            if (MemberCode.IsDisposal(member.Method))
            {
                _disposed.UnionWith(owed);
            }

            HashSet<object> taken = Keys(result.Events.OfType<Acquired>().Where(a => a.Target.IsHere).Select(a => a.Target.Value));
            _takers.UnionWith(taken.Concat(used).Select(l => (member, l)));
            acquired.UnionWith(leaked.Select(l => (type, l)));
            released.UnionWith(owed.Select(l => (type, l)));

            // To acquire on one way what is released on another is a mistake, and those who write contracts say what they mean.
            bool isOpen = member.Contract.HasClauses;
            kept.UnionWith(taken.Where(l => isOpen || !leaked.Contains(l) || owed.Contains(l)).Concat(owed.Where(_ => isOpen)).Select(l => (type, l)));
        }

        _transactions.UnionWith(begun.Intersect(ended).Except(kept));
        _otherNames.UnionWith(onlyBegun.Intersect(onlyEnded));
        _facades.UnionWith(acquired.Intersect(released).Except(kept).Except(_users.Select(u => (TypeOf(u.Member)!, u.Lock))));
    }

    /// <summary>Whether a member does only one thing, for derived types or for its assembly: whoever writes contracts says so there.</summary>
    private static bool IsOtherName(MemberCode member) =>
        MemberCode.IsInner(member.Symbol)
        && !member.Contract.HasClauses
        && member.Method?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is BaseMethodDeclarationSyntax { Body.Statements.Count: 1 } or BaseMethodDeclarationSyntax { ExpressionBody: not null };

    private static bool IsRelease(Clause clause) => clause.Kind == ClauseKind.Releases && clause.Paths.Any(p => p is { Root: PathRoot.This, Members.IsEmpty: true });

    private static bool IsInCatch(Location location) =>
        location.SourceTree?.GetRoot().FindNode(location.SourceSpan).FirstAncestorOrSelf<CatchClauseSyntax>() is not null;

    /// <summary>Whether an event only says that the members of a lock work for each other.</summary>
    public bool Explain(MemberCode member, LockEvent e)
    {
        Value? @lock = e switch
        {
            Leaked leaked => leaked.Which,
            Released { Verdict: ReleaseVerdict.NotHeld } released => released.Which,
            Waited waited => waited.Which,
            _ => null,
        };
        if (e is Leaked && KeyOf(@lock) is LockMember kept && _disposed.Contains(kept) && ReturnsDisposable(member))
        {
            return true;
        }

        if (e is Released && KeyOf(@lock) is { } given && TypeOf(member) is { } owner && _handedOut.Contains((owner, given)) && !_takers.Contains((member, given)))
        {
            return true;
        }

        return _facades.Count + _transactions.Count + _otherNames.Count > 0
            && KeyOf(@lock) is { } key
            && TypeOf(member) is { } type
            && (_facades.Contains((type, key)) || (_otherNames.Contains((type, key)) && IsOtherName(member)) || (_transactions.Contains((type, key)) && !_users.Contains((member, key))));
    }

    /// <summary>Whether somebody gets something to dispose, at once or in a task.</summary>
    private static bool ReturnsDisposable(MemberCode member)
    {
        ITypeSymbol? type = member.Method?.ReturnType;
        type = type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments: { Length: 1 } yielded } ? yielded[0] : type;
        return type is not null && type.AllInterfaces.Append(type).Any(i => i is { Name: "IDisposable" or "IAsyncDisposable", ContainingNamespace.Name: "System" });
    }

    private static HashSet<object> Keys(IEnumerable<Value?> locks) => new(locks.Select(KeyOf).OfType<object>());

    private static ISymbol? TypeOf(MemberCode member) => member.Symbol.ContainingType?.OriginalDefinition;

    private static object KeyOf(LockPath path) => path.Members.LastOrDefault() ?? (object)ValueKind.Parameter;

    /// <summary>What two methods of a type have in common that speak of one lock: the member that keeps it, or that it is passed to them or looked up.</summary>
    public static object? KeyOf(Value? @lock) => @lock switch
    {
        { Member: { } member } => member,
        { Kind: ValueKind.Parameter } => ValueKind.Parameter,

        // A lock for each name: both look it up.
        { Kind: ValueKind.Result or ValueKind.Operation } => ValueKind.Result,
        _ => null,
    };
}
