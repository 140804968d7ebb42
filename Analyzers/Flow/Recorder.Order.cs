// The recorder's part about what happens under locks.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Recorder
{
    private readonly Dictionary<(Step, string, string), AcquiredUnder> _order = new();
    private readonly Dictionary<(Step, string), HashSet<LockId>> _reachedWith = new();
    private readonly Dictionary<(Step, string, string), LockId> _byAnswer = new();
    private readonly Dictionary<Step, BlockNotes> _blocks = new();
    private readonly Dictionary<Step, ForeignCalled> _foreign = new();

    private readonly List<Blocking> _mayBlock = new();

    /// <summary>How the body gets to block, where it does so before it returns: the shortest way, and what has to be true for any.</summary>
    public Blocking? MayBlock => _mayBlock.Count == 0 ? null : _mayBlock.OrderBy(b => b.GivesUp is not null).ThenBy(b => b.Length).First() with
    {
        Task = _mayBlock.Select(b => b.Task).Distinct().Count() == 1 ? _mayBlock[0].Task : null,
        When = _mayBlock.Select(b => b.When).Aggregate((one, other) => one.Or(other)),
        ToldUnder = _mayBlock.Select(b => b.ToldUnder).Aggregate((one, other) => one.Intersect(other)),
    };

    /// <summary>What an async body awaits that may not have completed; null where there is nothing.</summary>
    public Premises? Suspends { get; private set; }

    public void SuspendWhen(Premises when) => Suspends = Suspends is null ? when : Suspends.Or(when);

    /// <summary>A lock of a class is acquired, whatever is held.</summary>
    public void Reach(Step step, string @class, ImmutableArray<Hold> held)
    {
        if (!_reachedWith.TryGetValue((step, @class), out HashSet<LockId>? always))
        {
            _reachedWith[(step, @class)] = new HashSet<LockId>(held.Select(h => h.Lock));
            return;
        }

        always.IntersectWith(held.Select(h => h.Lock));
    }

    public void Order(Step step, Hold outer, AcquiredUnder pair)
    {
        (Step, string, string) key = (step, pair.Outer.Class, pair.Inner.Class);
        if (outer.IsByAnswer && (!_order.ContainsKey(key) || _byAnswer.ContainsKey(key)))
        {
            _byAnswer[key] = outer.Lock;
        }
        else
        {
            _byAnswer.Remove(key);
        }

        if (_order.TryGetValue(key, out AcquiredUnder? known))
        {
            // What excludes others has to be held on every path.
            pair = known with { When = known.When.Or(pair.When), Gates = known.Gates.Intersect(pair.Gates).ToImmutableArray(), IsUnorderedPair = known.IsUnorderedPair || pair.IsUnorderedPair, IsGuess = known.IsGuess && pair.IsGuess };
        }

        _order[key] = pair;
    }

    /// <param name="isOwn">No caller needs to know: it happens later, or once a lock of theirs is given up.</param>
    public void Block(Step step, Blocking blocking, string? forbidden, ImmutableArray<Hold> held, Func<Value, string?> nameOf, bool isOwn, bool isAcquire)
    {
        if (!isOwn)
        {
            _mayBlock.Add(blocking);
        }

        if (!_blocks.TryGetValue(step, out BlockNotes? notes))
        {
            _blocks[step] = notes = new BlockNotes(blocking, isAcquire);
        }

        notes.Forbidden ??= forbidden;
        notes.Reach(held);
        foreach (Hold hold in held)
        {
            notes.Held[hold.Lock] = notes.Held.TryGetValue(hold.Lock, out (Hold Hold, string? Name) known) ? (known.Hold.WithSitesOf(hold), known.Name) : (hold, nameOf(hold.Lock.Value));
        }
    }

    /// <summary>An object is made that gets a lock of somebody else's to lock.</summary>
    public void ShareLock(CallStep creation, string own, string other) => _others[creation] = new LockShared(creation.Syntax.GetLocation(), own, other);

    public void CallForeign(CallStep call, string what, NamedLock held, ImmutableArray<Location> acquires) =>
        _foreign[call] = new ForeignCalled(call.Syntax.GetLocation(), what, held, acquires);

    private void AddOrder(List<LockEvent> events)
    {
        AddWork(events);
        events.AddRange(_order.Where(o => !_byAnswer.TryGetValue(o.Key, out LockId asked) || _reachedWith[(o.Key.Item1, o.Key.Item3)].Contains(asked)).Select(o => o.Value));
        events.AddRange(_foreign.Values);

        // Waiting for work that needs the lock says more than that the wait may take long.
        IEnumerable<Blocked> blocks = _blocks.Where(b => b.Value.Forbidden is not null || !_waitsForWork.ContainsKey(b.Key)).Select(b => b.Value.Event(b.Key) with { IsForForeign = _waitsForForeign.Contains(b.Key) });
        events.AddRange(blocks.OrderBy(b => b.Location.SourceSpan.Start).GroupBy(MistakeOf).Select(b => b.First()));
    }

    /// <summary>A lock under which a body calls ten methods that all block in the end on the same is held too long once.</summary>
    private static (string What, Location Place) MistakeOf(Blocked block) =>
        (block.What, block is { Forbidden: null, Via: not null, Held.IsEmpty: false } && block.Held[0].Acquires.Length > 0 ? block.Held[0].Acquires[0] : block.Location);

    private sealed class BlockNotes(Blocking blocking, bool isAcquire)
    {
        public string? Forbidden { get; set; }

        public Dictionary<LockId, (Hold Hold, string? Name)> Held { get; } = new();

        private HashSet<LockId>? _always;

        public void Reach(ImmutableArray<Hold> held)
        {
            _always ??= new HashSet<LockId>(held.Select(h => h.Lock));
            _always.IntersectWith(held.Select(h => h.Lock));
        }

        public Blocked Event(Step step)
        {
            var calls = ImmutableArray.CreateBuilder<Location>();
            for (Blocking? link = blocking.Next; link is not null; link = link.Next)
            {
                calls.Add(link.At.GetLocation());
            }

            ImmutableArray<(NamedLock, ImmutableArray<Location>)> held = Held.Values
                .Where(h => !h.Hold.IsByAnswer || _always!.Contains(h.Hold.Lock))
                .OrderBy(h => h.Hold.Lock.Value.Id)
                .Select(h => (new NamedLock(h.Name, h.Hold.Kind), Locations(h.Hold.Sites).ToImmutableArray()))
                .ToImmutableArray();
            return new Blocked(step.Syntax.GetLocation(), blocking.What, calls.ToImmutable(), blocking.Via, held, Forbidden, isAcquire);
        }
    }
}
