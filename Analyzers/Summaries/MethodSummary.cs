// What a body does to its callers, in its own terms: this, parameters, what it returns.
using System;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <summary>A lock that is held more or less often behind a call than before it.</summary>
internal sealed record Effect(LockPath Path, bool IsAcquire, Mode Mode)
{
    /// <summary>Neither acquired nor released: found to be held.</summary>
    public bool IsAssertion { get; init; }

    /// <summary>For a token: the lock with which it is lost.</summary>
    public LockPath? Until { get; init; }

    /// <summary>Released only where a test found it to be held.</summary>
    public bool WasAsked { get; init; }

    public bool IsRelease => !IsAcquire && !IsAssertion;
}

/// <summary>
/// What has to be true of the arguments for something to happen inside a call: <c>Read(bool alreadyLocked)</c> acquires only where it is told that
/// nobody has. Each item must be true.
/// </summary>
internal sealed class Premises : IEquatable<Premises>
{
    public static readonly Premises None = new(ImmutableArray<(LockPath Path, ValueSet Values)>.Empty);

    public Premises(ImmutableArray<(LockPath Path, ValueSet Values)> items) => Items = items;

    public ImmutableArray<(LockPath Path, ValueSet Values)> Items { get; }

    /// <summary>What has to be true for one or the other to happen.</summary>
    public Premises Or(Premises other) =>
        new(Items.SelectMany(i => other.Items.Where(o => o.Path.Equals(i.Path)).Select(o => (i.Path, Values: o.Values.Union(i.Values))))
            .Where(i => !i.Values.IsAll)
            .ToImmutableArray());

    public bool Equals(Premises? other) => other is not null && Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => Equals(obj as Premises);

    public override int GetHashCode() => Items.Length;
}

/// <summary>A lock that is acquired at some time inside a call, and how the call gets there.</summary>
/// <param name="Path">Null where the caller cannot name it; then only its class counts.</param>
/// <param name="Class">What the order of locks compares; null for a lock that no declaration names.</param>
/// <param name="Member">The member whose declaration all instances of the class share; null for a class known only by name.</param>
/// <param name="At">The acquire, or the call that leads to it.</param>
/// <param name="Via">What is called there; null where the lock is acquired there itself.</param>
/// <param name="Next">The same, as the callee sees it.</param>
internal sealed record InnerAcquire(
    LockPath? Path, string? Class, LockMember? Member, LockKind Kind, Mode Mode, SyntaxNode At, ISymbol? Via, InnerAcquire? Next)
{
    /// <summary>How many links the chain has, the acquire included.</summary>
    public int Length { get; } = 1 + (Next?.Length ?? 0);

    public Premises When { get; init; } = Premises.None;

    /// <summary>Some call on the way may run one of several bodies, of which this is one.</summary>
    public bool IsDispatched { get; init; }

    /// <summary>The member that acquires says that it does not block.</summary>
    public bool NeverBlocks { get; init; }

    /// <summary>The modes, one bit for each, in which the body asked before whether the lock is held, and was told no.</summary>
    public int NotHeldAs { get; init; }

    /// <summary>Perhaps after an await: it is then no longer done by the call, but by whoever ends what was awaited.</summary>
    public bool IsLate { get; init; }
}

/// <summary>A lock that work needs, as the body sees it that waits for the work, or returns what stands for it.</summary>
/// <param name="At">Where the work acquires it.</param>
internal sealed record NeededLock(LockPath Path, Mode Mode, Location At)
{
    /// <summary>Waited for once the body has come back to its caller: only who waits for its task waits for that.</summary>
    public bool IsLate { get; init; }
}

/// <summary>A body looks for a key in a collection of its object, or adds it, under a lock that it has given up when it returns.</summary>
/// <param name="Parameter">The one that is the key.</param>
internal sealed record KeyedUse(ISymbol Field, LockPath Lock, int Parameter, bool Adds)
{
    public bool Equals(KeyedUse? other) =>
        other is not null && SymbolEqualityComparer.Default.Equals(Field, other.Field) && Lock.Equals(other.Lock) && Parameter == other.Parameter && Adds == other.Adds;

    public override int GetHashCode() => Lock.GetHashCode() ^ Parameter;
}

/// <summary>That a call may block, and how the call gets there.</summary>
/// <param name="What">What blocks in the end.</param>
/// <param name="At">The blocking call, or the call that leads to it.</param>
/// <param name="Via">What is called there, where that is not what blocks.</param>
/// <param name="Next">The same, as the callee sees it.</param>
internal sealed record Blocking(string What, SyntaxNode At, ISymbol? Via, Blocking? Next)
{
    public int Length { get; } = 1 + (Next?.Length ?? 0);

    public Premises When { get; init; } = Premises.None;

    /// <summary>The task that is waited for, where the caller has passed it; a task that has completed is not waited for.</summary>
    public LockPath? Task { get; init; }

    /// <summary>The lock that is given up meanwhile, where the caller can name it: a wait on its condition.</summary>
    public LockPath? GivesUp { get; init; }

    /// <summary>Lock classes under which somebody down the chain blocks: that is told there, and once is enough.</summary>
    public ImmutableHashSet<string> ToldUnder { get; init; } = ImmutableHashSet<string>.Empty;

    public bool Equals(Blocking? other) =>
        ReferenceEquals(this, other)
        || (other is not null && What == other.What && At == other.At && SymbolEqualityComparer.Default.Equals(Via, other.Via) && Equals(Next, other.Next)
            && When.Equals(other.When) && Equals(Task, other.Task) && Equals(GivesUp, other.GivesUp) && ToldUnder.SetEquals(other.ToldUnder));

    public override int GetHashCode() => At.GetHashCode();
}

/// <summary>A member of an object that has a value known to the caller.</summary>
/// <param name="Path">Null for a constant.</param>
internal sealed record MemberValue(LockMember Member, LockPath? Path, long Constant);

/// <summary>What is returned, where the caller can know it.</summary>
/// <param name="Path">The value itself.</param>
/// <param name="Guards">The locks that a returned guard holds.</param>
/// <param name="Members">What the members of a returned new object are.</param>
internal sealed record ReturnedValue(LockPath? Path, ImmutableArray<Effect> Guards, ImmutableArray<MemberValue> Members)
{
    /// <summary>The locks that are acquired when a returned task completes, and what it then yields.</summary>
    public ImmutableArray<Effect> Pending { get; init; } = ImmutableArray<Effect>.Empty;

    /// <summary>For a try: what the task yields where it succeeded.</summary>
    public ValueSet? Success { get; init; }

    /// <summary>Read under the lock of those who write it: nobody else frees it.</summary>
    public bool IsOwned { get; init; }

    public bool Equals(ReturnedValue? other) =>
        other is not null && Equals(Path, other.Path) && Nullable.Equals(Success, other.Success) && IsOwned == other.IsOwned
        && Guards.SequenceEqual(other.Guards) && Members.SequenceEqual(other.Members) && Pending.SequenceEqual(other.Pending);

    public override int GetHashCode() => Guards.Length + Members.Length + Pending.Length;
}

/// <summary>How far an object is on its way out, behind a call.</summary>
internal sealed record GraceEffect(LockPath Path, Grace Grace);

/// <summary>What a by-reference parameter is afterwards.</summary>
/// <param name="Path">The value itself; null where only <paramref name="Values"/> are known of it.</param>
internal sealed record WrittenValue(int Parameter, LockPath? Path, ValueSet Values)
{
    /// <summary>The locks that it holds, where it is a guard.</summary>
    public ImmutableArray<Effect> Guards { get; init; } = ImmutableArray<Effect>.Empty;

    /// <summary>What the members of a new object are.</summary>
    public ImmutableArray<MemberValue> Members { get; init; } = ImmutableArray<MemberValue>.Empty;

    /// <summary>It is what it was before.</summary>
    public bool IsUntouched => Path is { Root: PathRoot.Parameter, Members.IsEmpty: true } path && path.Ordinal == Parameter;

    public bool Equals(WrittenValue? other) =>
        other is not null && Parameter == other.Parameter && Equals(Path, other.Path) && Values.Equals(other.Values) && Guards.SequenceEqual(other.Guards) && Members.SequenceEqual(other.Members);

    public override int GetHashCode() => Parameter + Guards.Length + Members.Length;
}

/// <summary>One way to leave the body: what it depends on, and what it leaves behind.</summary>
internal sealed record ExitCase(ImmutableArray<(LockPath Path, ValueSet Values)> Conditions, ValueSet Result, ImmutableArray<Effect> Effects)
{
    public ReturnedValue? Returned { get; init; }

    public ImmutableArray<MemberValue> Own { get; init; } = ImmutableArray<MemberValue>.Empty;

    public ImmutableArray<WrittenValue> Written { get; init; } = ImmutableArray<WrittenValue>.Empty;

    public bool IsNeutral => Effects.IsEmpty && Returned is null && Own.IsEmpty && Written.All(w => w.Path is null && w.Members.IsEmpty);

    /// <summary>Whether a caller can tell the two ways apart: by what they depend on, by what they return, or by what they write.</summary>
    public bool CanBeToldFrom(ExitCase other) => DependsOtherwise(other, _ => true) || IsToldByResult(other);

    /// <summary>The same, by what the caller itself passes and gets.</summary>
    public bool CanBeToldOutside(ExitCase other) => DependsOtherwise(other, p => p.Root == PathRoot.Parameter) || IsToldByResult(other);

    private bool DependsOtherwise(ExitCase other, Func<LockPath, bool> isKnown) =>
        Conditions.Any(c => isKnown(c.Path) && other.Conditions.Any(o => o.Path.Equals(c.Path) && o.Values.Intersect(c.Values).IsEmpty));

    private bool IsToldByResult(ExitCase other) => Result.Intersect(other.Result).IsEmpty || IsToldByParameter(other);

    public bool IsToldByParameter(ExitCase other) =>
        Written.Any(w => other.Written.Any(o => o.Parameter == w.Parameter && o.Values.Intersect(w.Values).IsEmpty));

    public bool Equals(ExitCase? other) =>
        other is not null && Result.Equals(other.Result) && Equals(Returned, other.Returned) && Conditions.SequenceEqual(other.Conditions)
        && Effects.SequenceEqual(other.Effects) && Own.SequenceEqual(other.Own) && Written.SequenceEqual(other.Written);

    public override int GetHashCode() => Effects.Length + Conditions.Length;
}

/// <summary>How a delegate parameter is used.</summary>
/// <param name="Held">What the body holds in addition wherever it invokes the delegate.</param>
/// <param name="Arguments">What it passes to it, where that is the same everywhere; else null.</param>
internal sealed record ParameterRun(int Parameter, ImmutableArray<Effect> Held, ImmutableArray<LockPath?> Arguments)
{
    /// <summary>A body that invokes a delegate does that: itself.</summary>
    public static readonly ParameterRun Direct = new(0, ImmutableArray<Effect>.Empty, ImmutableArray<LockPath?>.Empty) { IsOnce = true, IsAlways = true, IsResult = true };

    /// <summary>Invoked at one place, which is in no loop.</summary>
    public bool IsOnce { get; init; }

    /// <summary>Invoked on every way to a return.</summary>
    public bool IsAlways { get; init; }

    /// <summary>Every return returns what the one invocation does.</summary>
    public bool IsResult { get; init; }

    public bool SaysNothing => Held.IsEmpty && Arguments.All(a => a is null);

    public bool Equals(ParameterRun? other) =>
        other is not null && Parameter == other.Parameter && (IsOnce, IsAlways, IsResult) == (other.IsOnce, other.IsAlways, other.IsResult) && Held.SequenceEqual(other.Held) && Arguments.SequenceEqual(other.Arguments);

    public override int GetHashCode() => Parameter;

    /// <summary>What both say: two places where the same delegate is invoked.</summary>
    public ParameterRun Meet(ParameterRun other) => this with
    {
        IsOnce = IsOnce && other.IsOnce,
        IsResult = IsOnce && other.IsOnce && IsResult && other.IsResult,
        Held = Held.Where(other.Held.Contains).ToImmutableArray(),
        Arguments = Arguments.Zip(other.Arguments, (one, two) => Equals(one, two) ? one : null).ToImmutableArray(),
    };
}

internal sealed record MethodSummary
{
    /// <summary>More ways out than this are not told apart: the body then counts as leaving everything as it is.</summary>
    public const int MaxExits = 8;

    /// <summary>More locks than this are not passed on to callers.</summary>
    public const int MaxInside = 48;

    /// <summary>What happens more calls deep than this is not passed on: nobody could follow it, and every step is less certain than the last.</summary>
    public const int MaxChain = 5;

    public static readonly MethodSummary Neutral = new();

    /// <summary>Empty where every way out leaves everything as it is.</summary>
    public ImmutableArray<ExitCase> Exits { get; init; } = ImmutableArray<ExitCase>.Empty;

    /// <summary>No way out but by exceptions.</summary>
    public bool NeverReturns { get; init; }

    /// <summary>Every way out returns an object that was made there and that nobody else can have; of an asynchronous body, its task yields one.</summary>
    public bool ReturnsNew { get; init; }

    /// <summary>By bit: parameters that others may have once the body has run; a body that nobody has looked at may do that with all of them.</summary>
    public int GivesAway { get; init; } = ~0;

    public ImmutableArray<InnerAcquire> Inside { get; init; } = ImmutableArray<InnerAcquire>.Empty;

    /// <summary>Null where nothing in the body is known to block.</summary>
    public Blocking? MayBlock { get; init; }

    /// <summary>What an async body awaits that may not have completed yet; null where there is no such thing, so that its task is complete when it comes back.</summary>
    public Premises? Suspends { get; init; } = Premises.None;

    /// <summary>Delegate parameters that are invoked before the body returns, and not otherwise used.</summary>
    public ImmutableArray<ParameterRun> Runs { get; init; } = ImmutableArray<ParameterRun>.Empty;

    /// <summary>Domains of which a grace period is waited for.</summary>
    public ImmutableArray<LockPath> Graces { get; init; } = ImmutableArray<LockPath>.Empty;

    /// <summary>Objects that are freed and not unpublished inside.</summary>
    public ImmutableArray<LockPath> Frees { get; init; } = ImmutableArray<LockPath>.Empty;

    /// <summary>Objects that are unpublished or unregistered inside.</summary>
    public ImmutableArray<GraceEffect> Leaves { get; init; } = ImmutableArray<GraceEffect>.Empty;

    /// <summary>Tasks, threads and the like that the body waits for and got from elsewhere: its parameters, and members.</summary>
    public ImmutableArray<LockPath> WaitsFor { get; init; } = ImmutableArray<LockPath>.Empty;

    /// <summary>Locks that work needs which the body waits for.</summary>
    public ImmutableArray<NeededLock> Awaits { get; init; } = ImmutableArray<NeededLock>.Empty;

    /// <summary>Locks that work needs which the body has started, and for which what it returns stands.</summary>
    public ImmutableArray<NeededLock> Starts { get; init; } = ImmutableArray<NeededLock>.Empty;

    /// <summary>By bit: parameters that are work, or stand for it, which the body has started and for which what it returns stands.</summary>
    public int StartsArguments { get; init; }

    /// <summary>Conditions that are waited for in no loop, under a lock of the caller: he has to have one.</summary>
    public ImmutableArray<LockPath> WaitsOnce { get; init; } = ImmutableArray<LockPath>.Empty;

    /// <summary>Keys that the body is passed and looks for, or adds, under locks that it takes for that.</summary>
    public ImmutableArray<KeyedUse> Keyed { get; init; } = ImmutableArray<KeyedUse>.Empty;

    /// <summary>Members of <c>this</c>, and static ones, that are given another value.</summary>
    public ImmutableHashSet<LockMember> Writes { get; init; } = ImmutableHashSet<LockMember>.Empty;

    public ParameterRun? RunOf(int parameter)
    {
        foreach (ParameterRun run in Runs)
        {
            if (run.Parameter == parameter)
            {
                return run;
            }
        }

        return null;
    }

    /// <summary>Whether callers hold something else behind it, or while it runs a delegate of theirs; or have objects that are on their way out.</summary>
    public bool Locks => !Leaves.IsEmpty || !Frees.IsEmpty || Exits.Any(e => !e.Effects.IsEmpty || e.Returned is { Guards.IsEmpty: false } or { Pending.IsEmpty: false }) || Runs.Any(r => !r.Held.IsEmpty);

    /// <summary>Whether callers know from what they passed, or from what came back, what is held then. What a guard or a task carries goes with it.</summary>
    public bool CanBeTold => Exits.Any(e => e.Returned is { Guards.IsEmpty: false } or { Pending.IsEmpty: false }) || Exits.All(one => Exits.All(other => one.Effects.SequenceEqual(other.Effects) || one.CanBeToldOutside(other)));

    /// <summary>Whether an assertion holds on every way out.</summary>
    public bool Asserts(Effect assertion) => Exits.All(e => e.Effects.Contains(assertion));

    /// <summary>Whether two answers about a callee say the same; no answer says nothing.</summary>
    public static bool AreSame(MethodSummary? one, MethodSummary? other)
    {
        one ??= Neutral;
        other ??= Neutral;
        return ReferenceEquals(one, other)
            || (one.NeverReturns == other.NeverReturns && one.ReturnsNew == other.ReturnsNew && one.GivesAway == other.GivesAway && Equals(one.Suspends, other.Suspends) && Equals(one.MayBlock, other.MayBlock)
                && one.Exits.SequenceEqual(other.Exits) && one.Runs.SequenceEqual(other.Runs) && one.Inside.SequenceEqual(other.Inside)
                && one.Graces.SequenceEqual(other.Graces) && one.Frees.SequenceEqual(other.Frees) && one.Leaves.SequenceEqual(other.Leaves) && one.WaitsFor.SequenceEqual(other.WaitsFor) && one.Awaits.SequenceEqual(other.Awaits) && one.Starts.SequenceEqual(other.Starts) && one.StartsArguments == other.StartsArguments && one.WaitsOnce.SequenceEqual(other.WaitsOnce) && one.Keyed.SequenceEqual(other.Keyed)
                && one.Writes.SetEquals(other.Writes));
    }

    public bool IsNeutral => Exits.IsEmpty && Graces.IsEmpty && Frees.IsEmpty && Leaves.IsEmpty && !NeverReturns && Inside.IsEmpty && MayBlock is null && Runs.IsEmpty && Writes.IsEmpty && WaitsFor.IsEmpty && WaitsOnce.IsEmpty;
}

/// <summary>What is known of callees.</summary>
internal interface ISummarySource
{
    /// <summary>What a call does; null where nothing is known. Where the callee has a contract, that says what is held afterwards.</summary>
    MethodSummary? Find(CallStep call);

    /// <summary>What the functions do of which the set knows that a delegate runs them which an object keeps, in an event or another member.</summary>
    MethodSummary? OfHandlers(ISymbol kept);

    /// <summary>What an iterator does while somebody goes through what it returns; null for any other method.</summary>
    MethodSummary? OfIterator(IMethodSymbol method);

    /// <summary>Whether a method lies outside of what is analysed together, so that what it does is not known yet.</summary>
    bool IsForeign(IMethodSymbol method);

    /// <summary>What a method does that is turned into a delegate.</summary>
    MethodSummary? Find(IMethodSymbol method);
}
