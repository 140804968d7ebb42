// What is known at one point of one kind of path: what variables hold, what is held, and which conditions were met.
using System;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>A field or property that was given a value in the body.</summary>
internal readonly record struct HeapCell(Value? Owner, LockMember Member, Value Value);

/// <summary>What a field was found to be at a branch.</summary>
internal sealed record Parting(Node Branch, Value Flag, bool Outcome);

/// <summary>A lock that a guard object is bound to.</summary>
internal sealed record BoundLock(LockId Lock, LockKind Kind, Mode Mode, string? Name)
{
    /// <summary>For a token: the lock with which it is lost.</summary>
    public LockId? Until { get; init; }
}

/// <summary>A guard object, the locks it is bound to, and whether it holds them (a reverse guard: whether it has to take them back).</summary>
internal sealed record Binding(Value Guard, ImmutableArray<BoundLock> Locks, bool IsHolding, bool IsReverse);

/// <summary>An acquire that takes effect when a task is awaited.</summary>
internal sealed record PendingAcquire(Value Task, CallStep Call, ImmutableArray<BoundLock> Locks, ValueSet? Result)
{
    /// <summary>A try without a limit of time: it succeeds, and says so.</summary>
    public bool IsCertain { get; init; }

    /// <summary>The timeout that the body was passed, and passes on: a try that failed had a limit.</summary>
    public Value? Timeout { get; init; }

    /// <summary>The guard whose own method acquires: it holds when the task has ended.</summary>
    public Value? Guard { get; init; }

    /// <summary>On one of several ways through an asynchronous helper: what its task yields there.</summary>
    public ValueSet Yields { get; init; } = ValueSet.All;

    /// <summary>On one of several ways through an asynchronous helper, of which some acquire less.</summary>
    public bool MayFail { get; init; }
}

internal sealed record WaitedOn(LockId Lock);

/// <summary>An acquire that was cancelled; no caller held the lock, for he would have waited for himself.</summary>
internal sealed record AcquireFailed(LockId Lock);

/// <summary>A variable that is a new object on every way, or nothing; and one of the objects that it may be. Or a new collection, and an object that is in it.</summary>
internal sealed record NewObject(Value Phi, Value New);

/// <summary>What a variable is where ways meet, and a member whose object it is on one of them.</summary>
internal sealed record Origin(Value Phi, Value Source);

/// <summary>A lock that is held in a piece of syntax, and released where execution leaves it: to other syntax, or to a caller.</summary>
internal sealed record ScopedHold(CallStep Call, BoundLock Lock, int Depth);

/// <summary>
/// Paths that hold the same are one state; paths that hold different things stay apart until they meet again in what they hold (Das, Lerner, Seigle:
/// ESP, PLDI 2002). So a flag that tells whether a lock was taken keeps its meaning, and "held on every path" is "held in every state".
/// Mutable while a node runs; copied where ways part.
/// </summary>
internal sealed partial class State
{
    private State(Value?[] slots) => Slots = slots;

    public State(int slots)
        : this(new Value?[slots])
    {
    }

    /// <summary>Null where a slot was not assigned yet.</summary>
    public Value?[] Slots { get; }

    public ImmutableArray<HeapCell> Heap { get; private set; } = ImmutableArray<HeapCell>.Empty;

    public ImmutableDictionary<Value, ValueSet> Facts { get; private set; } = ImmutableDictionary<Value, ValueSet>.Empty;

    /// <summary>Ordered by the identity of the lock.</summary>
    public ImmutableArray<Hold> Holds { get; private set; } = ImmutableArray<Hold>.Empty;

    public ImmutableArray<Binding> Guards { get; private set; } = ImmutableArray<Binding>.Empty;

    public ImmutableArray<PendingAcquire> Pending { get; private set; } = ImmutableArray<PendingAcquire>.Empty;

    /// <summary>Innermost last.</summary>
    public ImmutableArray<ScopedHold> Scopes { get; set; } = ImmutableArray<ScopedHold>.Empty;

    /// <summary>Objects made in the body that others may see by now.</summary>
    public ImmutableHashSet<Value> Escaped { get; private set; } = ImmutableHashSet<Value>.Empty;

    /// <summary>What variables are where ways met on which each was made something new, or nothing.</summary>
    public ImmutableHashSet<NewObject> Fresh { get; private set; } = ImmutableHashSet<NewObject>.Empty;

    /// <summary>Members that need a lock to be followed, by the variables that lead to what was in one of them.</summary>
    public ImmutableHashSet<Origin> Origins { get; private set; } = ImmutableHashSet<Origin>.Empty;

    private static readonly object s_unnamed = new();
    private static readonly object s_awaitedAll = new();
    private static readonly object s_suspended = new();
    private static readonly object s_thrown = new();
    private static readonly object s_owesFence = new();
    private static readonly object s_owesGrace = new();

    /// <summary>What some path knows that it does not know: families of which some lock is held that can no longer be named, and the like.</summary>
    public ImmutableHashSet<object> Lost { get; private set; } = ImmutableHashSet<object>.Empty;

    /// <summary>Objects that were unpublished, and how far they are on their way to being free.</summary>
    public ImmutableDictionary<Value, Grace> Graces { get; private set; } = ImmutableDictionary<Value, Grace>.Empty;

    /// <summary>Values that were read under the lock that updates them: whoever holds them need not fear a writer.</summary>
    public ImmutableHashSet<Value> Owned { get; private set; } = ImmutableHashSet<Value>.Empty;

    /// <summary>Checks that failed, and what they were asked with.</summary>
    public ImmutableHashSet<(LockId, Value)> FailedChecks { get; set; } = ImmutableHashSet<(LockId, Value)>.Empty;

    /// <summary>By what stands for it: the function that runs on another thread.</summary>
    public ImmutableDictionary<Value, Value> Works { get; set; } = ImmutableDictionary<Value, Value>.Empty;

    /// <summary>Locks that their holder acquired again and could not have, or released in a mode that nests in theirs: how often they are held is anybody's guess.</summary>
    public ImmutableHashSet<LockId> Doubtful { get; set; } = ImmutableHashSet<LockId>.Empty;

    /// <summary>References and tokens that were held on every path to here, and given up.</summary>
    public ImmutableHashSet<LockId> GivenUp { get; set; } = ImmutableHashSet<LockId>.Empty;

    /// <summary>Tests of fields whose ways have not met again.</summary>
    public ImmutableArray<Parting> Partings { get; private set; } = ImmutableArray<Parting>.Empty;

    /// <summary>In a function that may run later: what was held where it was made.</summary>
    public ImmutableArray<Hold> Outer { get; set; } = ImmutableArray<Hold>.Empty;

    /// <summary>Whether the code may run later than the member that it stands in.</summary>
    public bool IsDeferred { get; set; }

    public State Copy() => CopyWith((Value?[])Slots.Clone(), Facts);

    /// <summary>What still counts of a state in which an exception leaves the function: not its variables. Null where nothing does.</summary>
    public State? Thrown() => Holds.IsEmpty ? null : CopyWith(Array.Empty<Value?>(), ImmutableDictionary<Value, ValueSet>.Empty);

    private State CopyWith(Value?[] slots, ImmutableDictionary<Value, ValueSet> facts) => new(slots)
    {
        Heap = Heap,
        Facts = facts,
        Holds = Holds,
        Guards = Guards,
        Pending = Pending,
        Scopes = Scopes,
        Escaped = Escaped,
        Fresh = Fresh,
        Origins = Origins,
        Lost = Lost,
        GivenUp = GivenUp,
        Doubtful = Doubtful,
        Graces = Graces,
        Works = Works,
        Owned = Owned,
        FailedChecks = FailedChecks,
        Partings = Partings,
        Outer = Outer,
        IsDeferred = IsDeferred,
    };

    public void Part(Node branch, Value flag, bool outcome) =>
        Partings = Partings.RemoveAll(p => p.Branch == branch).Add(new Parting(branch, flag, outcome));

    public void Join(Parting parting) => Partings = Partings.Remove(parting);

    public Hold? Find(LockId @lock)
    {
        foreach (Hold hold in Holds)
        {
            if (hold.Lock == @lock)
            {
                return hold;
            }
        }

        return null;
    }

    public void Set(Hold hold)
    {
        ImmutableArray<Hold> others = Holds.RemoveAll(h => h.Lock == hold.Lock);
        int index = 0;
        while (index < others.Length && Order(others[index].Lock, hold.Lock) < 0)
        {
            index++;
        }

        Holds = others.Insert(index, hold);
    }

    public void Remove(LockId @lock) => Holds = Holds.RemoveAll(h => h.Lock == @lock);

    public Binding? Guard(Value guard) => Guards.FirstOrDefault(g => ReferenceEquals(g.Guard, guard));

    public void Set(Binding binding) => Guards = Guards.RemoveAll(g => ReferenceEquals(g.Guard, binding.Guard)).Add(binding);

    /// <summary>What was known of a task's result, now that it is there.</summary>
    public void Yield(Value task, Value result)
    {
        if (task.IsUnknown)
        {
            return;
        }

        foreach (HeapCell cell in Heap.Where(c => ReferenceEquals(c.Owner, task)))
        {
            Store(result, cell.Member, cell.Value);
        }

        if (Guard(task) is { } guard)
        {
            Set(guard with { Guard = result });
            if (!Pending.Any(p => ReferenceEquals(p.Task, task) && p.Result is not null))
            {
                SetFact(result, ValueSet.NonZero);
            }
        }
    }

    public void Add(PendingAcquire pending) => Pending = Pending.Add(pending);

    public PendingAcquire? TakePending(Value task)
    {
        PendingAcquire? found = Pending.FirstOrDefault(p => ReferenceEquals(p.Task, task));
        if (found is not null)
        {
            Pending = Pending.Remove(found);
        }

        return found;
    }

    public ValueSet? Fact(Value value) => Facts.TryGetValue(value, out ValueSet fact) ? fact : null;

    public void SetFact(Value value, ValueSet fact) => Facts = fact.IsAll ? Facts.Remove(value) : Facts.SetItem(value, fact);

    public Value? Stored(Value? owner, LockMember member)
    {
        foreach (HeapCell cell in Heap)
        {
            if (ReferenceEquals(cell.Owner, owner) && ReferenceEquals(cell.Member, member))
            {
                return cell.Value;
            }
        }

        return null;
    }

    public void Store(Value? owner, LockMember member, Value value) =>
        Heap = Heap.RemoveAll(c => ReferenceEquals(c.Owner, owner) && ReferenceEquals(c.Member, member)).Add(new HeapCell(owner, member, value));

    /// <summary>An object made here becomes visible to others, and with it every object that was put into it.</summary>
    public void Escape(Value value)
    {
        EscapeFresh(value);
        if (value.Kind is not (ValueKind.New or ValueKind.Result) || Escaped.Contains(value))
        {
            return;
        }

        Escaped = Escaped.Add(value);
        foreach (HeapCell cell in Heap)
        {
            if (ReferenceEquals(cell.Owner, value))
            {
                Escape(cell.Value);
            }
        }
    }

    public void SetGrace(Value value, Grace? grace) => Graces = grace is { } state ? Graces.SetItem(value, state) : Graces.Remove(value);

    public Value? Work(Value handle) => Works.TryGetValue(handle, out Value? work) ? work : null;

    public void SetWork(Value handle, Value work) => Works = Works.SetItem(handle, work);

    /// <summary>A lock is acquired that has no name: from here on it may be any.</summary>
    public void AcquireUnnamed() => Lost = Lost.Add(s_unnamed);

    /// <summary>Several tasks have been waited for; which they were is not known.</summary>
    public void AwaitAll() => Lost = Lost.Add(s_awaitedAll);

    public bool HasAwaitedAll => Lost.Contains(s_awaitedAll);

    /// <summary>The body may have come back to its caller: what it does from here on is done by somebody else.</summary>
    public void Suspend() => Lost = Lost.Add(s_suspended);

    public bool HasSuspended => Lost.Contains(s_suspended);

    /// <summary>An exception was thrown: how far the code got that it came from is anybody's guess.</summary>
    public void Throw() => Lost = Lost.Add(s_thrown);

    public bool HasThrown => Lost.Contains(s_thrown);

    /// <summary>The body has promised to wait, and has not yet.</summary>
    public void Owe(bool fence, bool grace)
    {
        Lost = fence ? Lost.Add(s_owesFence) : Lost;
        Lost = grace ? Lost.Add(s_owesGrace) : Lost;
    }

    public void Pay(bool fence, bool grace)
    {
        Lost = fence ? Lost.Remove(s_owesFence) : Lost;
        Lost = grace ? Lost.Remove(s_owesGrace) : Lost;
    }

    /// <summary>A delegate has not been invoked yet.</summary>
    public void Owe(IParameterSymbol run) => Lost = Lost.Add(run);

    public void Pay(IParameterSymbol run) => Lost = Lost.Remove(run);

    public bool Owes(IParameterSymbol run) => Lost.Contains(run);

    public bool OwesFence => Lost.Contains(s_owesFence);

    public bool OwesGrace => Lost.Contains(s_owesGrace);

    /// <summary>A condition was waited for, and the lock given up meanwhile: whoever needed it may have had it.</summary>
    public void WaitOn(LockId @lock) => Lost = Lost.Add(new WaitedOn(@lock));

    public bool HasWaitedOn(LockId @lock) => !Lost.IsEmpty && Lost.Contains(new WaitedOn(@lock));

    /// <summary>An acquire has thrown, and acquired nothing.</summary>
    public void Fail(LockId @lock) => Lost = Lost.Add(new AcquireFailed(@lock));

    public bool HasFailed(LockId @lock) => !Lost.IsEmpty && Lost.Contains(new AcquireFailed(@lock));

    public bool HasUnnamed => Lost.Contains(s_unnamed);

    /// <summary>A lock that is held more often than is counted.</summary>
    public void Lose(LockId @lock) => Lost = Lost.Add(@lock);

    public void Own(Value value) => Owned = Owned.Add(value);

    public void Detach()
    {
        Outer = Outer.AddRange(Holds.Where(h => h.Origin != HoldOrigin.Owed));
        Holds = ImmutableArray<Hold>.Empty;
        Guards = ImmutableArray<Binding>.Empty;
        Pending = ImmutableArray<PendingAcquire>.Empty;
        Scopes = ImmutableArray<ScopedHold>.Empty;
        Lost = ImmutableHashSet<object>.Empty;
        GivenUp = ImmutableHashSet<LockId>.Empty;
        IsDeferred = true;
    }

    private static int Order(LockId one, LockId other)
    {
        int byValue = one.Value.Id.CompareTo(other.Value.Id);
        return byValue != 0 ? byValue : one.IsMonitor.CompareTo(other.IsMonitor);
    }
}
