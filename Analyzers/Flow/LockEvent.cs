// What a replay tells: each operation once, with what was held before it on all the ways that lead there.
using System.Collections.Generic;
using System.Collections.Immutable;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>The only thing that rules about bodies see.</summary>
internal abstract record LockEvent(Location Location);

/// <summary>A capability by the name that the user gave it.</summary>
/// <param name="Name">Null where it has none; findings that would name it are not made.</param>
internal sealed record NamedLock(string? Name, LockKind Kind);

/// <summary>A capability is acquired.</summary>
/// <param name="Nesting">The worst that it met on some path.</param>
/// <param name="Earlier">Where it was acquired before.</param>
internal sealed record Acquired(Location Location, NamedLock Lock, LockTarget Target, Nesting Nesting, IReadOnlyList<Location> Earlier) : LockEvent(Location)
{
    /// <summary>What was acquired before was so by calls that left it held and returned nothing to release it by.</summary>
    public bool IsBehindCall { get; init; }
}

/// <summary>A capability is released.</summary>
/// <param name="Verdict">What the release met, over all paths.</param>
/// <param name="Acquires">Where it was acquired.</param>
internal sealed record Released(Location Location, NamedLock Lock, ReleaseVerdict Verdict, Mode Mode, Mode HeldMode, IReadOnlyList<Location> Acquires) : LockEvent(Location)
{
    /// <summary>The object.</summary>
    public Value? Which { get; init; }
}

internal enum ReleaseVerdict
{
    Right,
    NotHeld,
    WrongMode,
    ThroughAnother,
}

/// <summary>An acquire whose release is reached on ways that did not acquire.</summary>
internal sealed record AcquiredOnSomePaths(Location Location, NamedLock Lock, bool IsTry, IReadOnlyList<Location> Releases) : LockEvent(Location);

/// <summary>A try-acquire whose result is thrown away.</summary>
internal sealed record TryIgnored(Location Location, NamedLock Lock) : LockEvent(Location);

/// <summary>An acquire that returns a task which nobody awaits.</summary>
internal sealed record NotAwaited(Location Location, NamedLock Lock) : LockEvent(Location);

/// <summary>A capability is still held when the function is left.</summary>
/// <param name="OnlyByThrow">Only where an exception leaves it.</param>
internal sealed record Leaked(Location Location, NamedLock Lock, bool IsTry, bool OnlyByThrow) : LockEvent(Location)
{
    /// <summary>The object.</summary>
    public Value? Which { get; init; }

    /// <summary>The method of this compilation that acquired it, where that was not the function itself.</summary>
    public IMethodSymbol? Callee { get; init; }

    /// <summary>It came with a guard that nobody kept.</summary>
    public bool IsDropped { get; init; }

    /// <summary>Where something that was handed out is given back on other ways.</summary>
    public ImmutableArray<Location> GivenBack { get; init; } = ImmutableArray<Location>.Empty;
}

/// <summary>Something that was handed out is used after it was given back on every way.</summary>
internal sealed record UsedAfterReturn(Location Location, string Name) : LockEvent(Location);

/// <summary>The function is left in another state than its contract promises.</summary>
internal sealed record PromiseBroken(Location Location, string Member, string Text) : LockEvent(Location);

/// <summary>A guarded variable, or what it points to, is used.</summary>
internal sealed record Accessed(Location Location, ISymbol Member, AccessKind Kind, bool IsContents, Missing Missing) : LockEvent(Location)
{
    public FindingData Data => new(Missing.Lock) { Mode = Missing.Asked, Member = Member };
}

/// <summary>Something is called that requires a capability.</summary>
internal sealed record Required(Location Location, ISymbol Member, Requirement Requirement) : LockEvent(Location)
{
    public FindingData Data => new(Requirement.Name) { Mode = Requirement.Mode, Member = Member, Case = Requirement.Lack == Lack.Mode ? "mode" : null };
}

/// <summary>Something is called while a capability is held that it excludes.</summary>
internal sealed record Excluded(Location Location, ISymbol Member, string Lock, IReadOnlyList<Location> Acquires) : LockEvent(Location);

/// <summary>A condition is waited for or signalled.</summary>
internal sealed record Waited(Location Location, string Lock, bool IsPulse, bool IsHeld, bool IsInLoop, bool IsTimed) : LockEvent(Location)
{
    /// <summary>The object.</summary>
    public Value? Which { get; init; }
}

/// <summary>The function is suspended by an await.</summary>
/// <param name="Held">Thread-affine locks that are held on some path, and where they were acquired.</param>
internal sealed record Awaited(Location Location, ImmutableArray<(NamedLock Lock, ImmutableArray<Location> Acquires)> Held) : LockEvent(Location);

/// <summary>An iterator hands out an element.</summary>
internal sealed record Yielded(Location Location, ImmutableArray<(NamedLock Lock, ImmutableArray<Location> Acquires)> Held) : LockEvent(Location);

/// <summary>A method that has a contract is turned into a delegate.</summary>
/// <param name="Contract">What the method asks and promises.</param>
/// <param name="Expected">What those who invoke the delegate know.</param>
internal sealed record MethodConverted(Location Location, ConvertMethodStep Step, CodeContract Contract, CodeContract Expected) : LockEvent(Location)
{
    /// <summary>The object that the delegate keeps.</summary>
    public Value? Which { get; init; }
}

/// <summary>A lock is turned into a plain object.</summary>
internal sealed record Widened(Location Location, ITypeSymbol Type, LockKind Kind) : LockEvent(Location);

/// <summary>A string is locked.</summary>
internal sealed record TextLocked(Location Location) : LockEvent(Location);

/// <summary>A lock that is a value is copied.</summary>
internal sealed record Copied(Location Location, ITypeSymbol Type) : LockEvent(Location);

/// <summary>A member that other assemblies see keeps contracts that it does not have.</summary>
internal sealed record Unwritten(Location Location, IMethodSymbol Member, ImmutableArray<InferredContract> Contracts) : LockEvent(Location);

/// <summary>A grace period is waited for inside a read section of the same domain.</summary>
internal sealed record WaitedInside(Location Location, string Section, IReadOnlyList<Location> Acquires) : LockEvent(Location);

/// <summary>What a protected pointer points to is used where its section is not held.</summary>
internal sealed record UsedOutside(Location Location, string Member, string Section) : LockEvent(Location);

/// <summary>A protected pointer is returned or stored out of its section.</summary>
internal sealed record KeptBeyond(Location Location, string Member, bool IsReturn, string Section) : LockEvent(Location);

/// <summary>A check that failed is made again with what it was made with before.</summary>
internal sealed record CheckedAgain(Location Location, string Token) : LockEvent(Location);

/// <summary>An object that needs a grace period is freed without one.</summary>
/// <param name="AfterUnfencedUnregister">It was unregistered before by something that does not wait.</param>
internal sealed record Freed(Location Location, string Object, string Domain, bool AfterUnfencedUnregister) : LockEvent(Location);

/// <summary>What becomes of a test that is made without the lock.</summary>
internal enum TestKind
{
    None,

    /// <summary>Tested again under the lock, and not changed there: a hint that saves the lock.</summary>
    Hint,

    /// <summary>Tested again under the lock, and changed there: double-checked locking.</summary>
    CheckedAgain,

    /// <summary>Not tested again, and something is changed under the lock because of it.</summary>
    ThenActed,
}

/// <summary>A field without a contract is used.</summary>
/// <param name="Field">The field, or the automatic property that stands for one.</param>
internal sealed record FieldUsed(Location Location, ISymbol Field, ISymbol Body) : LockEvent(Location)
{
    public bool IsWrite { get; init; }

    /// <summary>What the field refers to is used.</summary>
    public bool IsContents { get; init; }

    /// <summary>What is used is an object of some type that nobody knows to need a lock, but for that it is locked itself.</summary>
    public bool IsOfObject => IsContents && !GuardableFields.IsPlainCollection(GuardableFields.TypeOf(Field));

    /// <summary>Through Interlocked or Volatile: the field needs no lock.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Nobody else can have the object yet.</summary>
    public bool IsUnshared { get; init; }

    /// <summary>Behind an await: whoever called the body may have gone on.</summary>
    public bool IsLate { get; init; }

    /// <summary>Of <c>this</c>, or static.</summary>
    public bool IsOwn { get; init; }

    public bool IsTeardown { get; init; }

    /// <summary>The body is a helper whose callers are all in sight.</summary>
    public bool HasKnownCallers { get; init; }

    /// <summary>What is held on every path, in terms of the object that has the field.</summary>
    public ImmutableArray<(LockPath Path, Mode Mode)> Guards { get; init; } = ImmutableArray<(LockPath, Mode)>.Empty;

    /// <summary>Where the use stands that counts at a call of the helper which it is in; null where it is the use itself.</summary>
    public Location? Inside { get; init; }

    /// <summary>It counts at a call, and is under a lock of the helper: another use there than one that the helper leaves to its callers.</summary>
    public bool IsLockedInside { get; init; }

    /// <summary>The body that it is in, wherever it counts.</summary>
    public ISymbol Home { get; init; } = Body;

    /// <summary>The use decides a branch: what follows on it, by lock.</summary>
    public ImmutableArray<(LockPath Guard, TestKind Kind)> Tests { get; init; } = ImmutableArray<(LockPath, TestKind)>.Empty;

    public static FieldUsed Atomic(Location location, ISymbol field, BodyFacts facts) => new(location, field, facts.Body) { IsAtomic = true };

    /// <summary>
    /// One use is one place: of several states and copies only one counts. What a helper does with a field and with what is in it, under a lock and
    /// without one, is not one wherever it is called.
    /// </summary>
    public bool Equals(FieldUsed? other) =>
        other is not null && Location == other.Location && IsWrite == other.IsWrite && IsLockedInside == other.IsLockedInside && SymbolEqualityComparer.Default.Equals(Field, other.Field)
        && (Inside is null) == (other.Inside is null) && (Inside is null || IsContents == other.IsContents);

    public override int GetHashCode() => Location.GetHashCode();
}

/// <summary>A method of the same compilation is called.</summary>
/// <param name="Callee">The definition.</param>
internal sealed record CalledWith(Location Location, IMethodSymbol Callee, ISymbol Body) : LockEvent(Location)
{
    /// <summary>What is held on every path, in terms of the callee.</summary>
    public ImmutableArray<(LockPath Path, Mode Mode)> Held { get; init; } = ImmutableArray<(LockPath, Mode)>.Empty;

    public bool HasKnownCallers { get; init; }

    public bool IsOnThis { get; init; }

    /// <summary>Behind an await.</summary>
    public bool IsLate { get; init; }

    /// <summary>A constructor calls it and goes on while the callee awaits something.</summary>
    public bool IsLetGo { get; init; }

    /// <summary>It is called when no other thread is left.</summary>
    public bool IsTeardown { get; init; }

    /// <summary>Perhaps more is held than is known.</summary>
    public bool IsPerhapsHeld { get; init; }

    /// <summary>A constructor calls it for its own object, a body for one that it has just made, or for its own that it sets up and then subscribes.</summary>
    public bool IsUnshared { get; init; }
}

/// <summary>A key is looked for under a lock, and added under it because it was not there, when the lock has been given up and taken again.</summary>
/// <param name="Addition">Where it is added.</param>
internal sealed record AddedLate(Location Location, ISymbol Field, string Lock, Location Addition) : LockEvent(Location);

/// <summary>A field is used without the lock that guards it everywhere else.</summary>
/// <param name="Locked">In how many places it is used under the lock.</param>
/// <param name="Places">In how many it is used at all.</param>
internal sealed record GuardBroken(Location Location, ISymbol Field, bool IsWrite, string Lock, int Locked, int Places, TestKind Test) : LockEvent(Location)
{
    /// <summary>Where the use stands, if that is in a helper and counts where the helper is called.</summary>
    public Location? Inside { get; init; }

    /// <summary>How many exceptions may be a slip rather than a habit.</summary>
    public const int FewExceptions = 2;

    /// <summary>How many may be where a collection is concerned: a type that does without in more places does not mean to be used by several threads.</summary>
    public const int SomeExceptions = 6;

    /// <summary>The use is of what a collection holds, which breaks when it is changed meanwhile, whatever the use; an array does not.</summary>
    public bool IsContents { get; init; }

    /// <summary>Every write is under the lock, and there are several.</summary>
    public bool IsWrittenUnderLock { get; init; }

    /// <summary>What is locked is the collection itself.</summary>
    public bool IsOwnLock { get; init; }

    /// <summary>
    /// Whether so many places agree that the others are mistakes. Half of them will do for a collection, and for a field where all writers agree and few
    /// readers do not; a collection that is changed under its lock only cannot be read without, however often that is done.
    /// </summary>
    public bool IsClear(int share) => IsClear(Locked, Places, share)
        || (IsContents && IsWrittenUnderLock)
        || (IsContents && IsOwnLock && Places - Locked <= SomeExceptions)
        || (2 * Locked >= Places && ((IsContents && Places - Locked <= SomeExceptions) || (IsWrittenUnderLock && Places - Locked <= FewExceptions)));

    public static bool IsClear(int locked, int places, int share) => 100 * locked >= share * places || (places - locked <= FewExceptions && 3 * locked >= 2 * places);

    public string FieldName => SpokenName.Of(Field);

    /// <summary>The lock in words; a collection is often its own.</summary>
    public string LockText => Lock == FieldName ? "its own lock" : $"'{Lock}'";

    public FindingData Data => new(Lock) { Mode = IsWrite ? Mode.Exclusive : Mode.Shared, Member = Field };
}

/// <summary>A lock as the order of locks sees it.</summary>
/// <param name="Class">All instances of one declaration.</param>
/// <param name="Acquires">Where it was acquired.</param>
internal sealed record OrderedLock(string Class, LockMember? Member, string Name, Mode Mode, ImmutableArray<Location> Acquires)
{
    /// <summary>What code that has no member for it calls its class, such as that of the object itself; null where every lock of its kind has a member.</summary>
    public string? ObjectClass { get; init; }

    /// <summary>The type of the object that has it, as far as the code says that; null for one that nobody knows.</summary>
    public ITypeSymbol? Owner { get; init; }

    /// <summary>Whether two locks of one class can be one: heirs of a class that has a lock have one each, and no object is of two of them.</summary>
    public bool CanBe(OrderedLock other) =>
        Owner is not { TypeKind: TypeKind.Class } own || other.Owner is not { TypeKind: TypeKind.Class } theirs || IsOf(own, theirs) || IsOf(theirs, own);

    private static bool IsOf(ITypeSymbol type, ITypeSymbol ancestor)
    {
        ITypeSymbol? current = type;
        while (current is not null && !SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, ancestor.OriginalDefinition))
        {
            current = current.BaseType;
        }

        return current is not null;
    }
}

/// <summary>A lock is acquired while another is held: here, or in a call that is made here.</summary>
/// <param name="Calls">The calls that lead to the acquire, outermost first, the acquire last.</param>
/// <param name="Gates">Classes of other locks that are held meanwhile.</param>
internal sealed record AcquiredUnder(
    Location Location, ISymbol Body, OrderedLock Outer, OrderedLock Inner, ImmutableArray<Location> Calls, ISymbol? Via, ImmutableArray<string> Gates) : LockEvent(Location)
{
    /// <summary>What has to be true of the body's arguments.</summary>
    public Premises When { get; init; } = Premises.None;

    /// <summary>The declared order has the inner one first.</summary>
    public bool IsAgainstDeclaration { get; init; }

    /// <summary>Two objects of one class, with nothing that orders them.</summary>
    public bool IsUnorderedPair { get; init; }

    /// <summary>Only if the call runs one of several bodies that it may run.</summary>
    public bool IsGuess { get; init; }

    /// <summary>It is not the thread itself that acquires it, but work that it waits for.</summary>
    public bool IsByWork { get; init; }

    /// <summary>How the inner one comes to be acquired, as messages say it: nothing where it is acquired on the spot.</summary>
    public string How => IsByWork ? " by work that is waited for" : Via is null ? "" : $" in '{Via.Name}'";
}

/// <summary>An object is made whose lock is another's: what one class names may be what the other does.</summary>
internal sealed record LockShared(Location Location, string Own, string Other) : LockEvent(Location);

/// <summary>Something is called that may block.</summary>
/// <param name="What">What blocks in the end.</param>
/// <param name="Held">Locks that are held on some path.</param>
/// <param name="Forbidden">Why it must not block here: a spin lock that is held, or a contract; null where it may.</param>
/// <param name="IsAcquire">What blocks is the acquire of a lock: no blocking call unless blocking is forbidden.</param>
internal sealed record Blocked(
    Location Location, string What, ImmutableArray<Location> Calls, ISymbol? Via, ImmutableArray<(NamedLock Lock, ImmutableArray<Location> Acquires)> Held, string? Forbidden, bool IsAcquire)
    : LockEvent(Location)
{
    /// <summary>A wait for what a callee has started that is not analysed together with the body: it may be worse than that it blocks.</summary>
    public bool IsForForeign { get; init; }
}

/// <summary>Work is waited for that acquires a lock which is held.</summary>
internal sealed record WaitedForWork(Location Location, string Lock, ImmutableArray<Location> Acquires, Location Needs) : LockEvent(Location);

/// <summary>A handle of work is stored in a member: what waits for it waits for the work.</summary>
/// <param name="Needs">A lock that the work acquires, in terms of the object that has the member.</param>
internal sealed record WorkKept(Location Location, LockMember Handle, LockPath Needs, Location At) : LockEvent(Location);

/// <summary>A handle that is kept in a member is waited for while a lock is held.</summary>
/// <param name="Lock">In terms of the object that has the member.</param>
internal sealed record WaitedForKept(Location Location, LockMember Handle, LockPath Lock, string Name, ImmutableArray<Location> Acquires) : LockEvent(Location);

/// <summary>Code that is not in sight is called while a lock is held.</summary>
internal sealed record ForeignCalled(Location Location, string What, NamedLock Lock, ImmutableArray<Location> Acquires) : LockEvent(Location);

/// <summary>What a lock statement or acquire is applied to, as far as the choice of the object matters.</summary>
/// <param name="Value">The object.</param>
/// <param name="Type">Its static type, where that is known.</param>
/// <param name="IsPrivateToCall">It was made in this call and nobody else ever gets it.</param>
/// <param name="IsHere">The acquire is written here, not in a callee.</param>
/// <param name="IsOneOfMany">A loop goes from one object to the next, and locks each.</param>
internal sealed record LockTarget(Value Value, ITypeSymbol? Type, bool IsMonitor, bool IsPrivateToCall, bool IsHere, bool IsOneOfMany)
{
    /// <summary>It is in a variable of which each thread has its own.</summary>
    public bool IsPrivateToThread { get; init; }
}

/// <summary>What a callee asks for, and what is lacking.</summary>
/// <param name="WasHeld">On every path to here it was held before, and given up.</param>
/// <param name="Weaker">Another reference to the same object that is held instead.</param>
/// <param name="IsCheck">It is the lock that a check for a token must be made under.</param>
internal sealed record Requirement(LockPath Path, string Name, Mode Mode, Lack Lack, bool WasHeld, bool HeldWhereMade, string? Weaker, bool IsCheck);
