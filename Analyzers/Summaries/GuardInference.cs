// Which lock guards a field, read off how its type uses it: most places agree, and the others are the findings.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Flow.Lowering;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Summaries;

/// <summary>
/// After Infer's RacerD and Error Prone in spirit: evidence is every use of the field that other threads could meet. A use in a private helper
/// that holds nothing itself counts once for each call of the helper, at the call.
/// </summary>
internal sealed class GuardInference
{
    /// <summary>Calls of helpers by helpers are followed this far.</summary>
    public const int MaxDepth = 4;

    private readonly ILookup<ISymbol, CalledWith> _calls;
    private readonly System.Lazy<ILookup<ISymbol, CalledWith>> _callsIn;
    private readonly System.Lazy<ILookup<ISymbol, FieldUsed>> _writesIn;

    /// <summary>The uses of flags, by the bodies in which they count; only asked for where something is to be told.</summary>
    private readonly System.Lazy<ILookup<ISymbol, FieldUsed>> _flags;

    private GuardInference(IReadOnlyCollection<LockEvent> events)
    {
        _calls = events.OfType<CalledWith>().ToLookup(c => (ISymbol)c.Callee, SymbolEqualityComparer.Default);
        _callsIn = new(() => events.OfType<CalledWith>().ToLookup(c => c.Body, SymbolEqualityComparer.Default));
        _writesIn = new(() => events.OfType<FieldUsed>().Where(u => u.IsWrite).ToLookup(u => u.Body, SymbolEqualityComparer.Default));
        _flags = new(() => events.OfType<FieldUsed>().Where(u => GuardableFields.IsFlag(u.Field) && !u.IsUnshared).SelectMany(u => Expand(u, ImmutableStack<ISymbol>.Empty, 0))
            .ToLookup(u => u.Body, SymbolEqualityComparer.Default));
    }

    /// <summary>The uses that break an inferred guard, in the order of their places.</summary>
    /// <param name="isInSight">Whether every use of a field is among the events.</param>
    public static IEnumerable<GuardBroken> Find(IEnumerable<LockEvent> events, System.Func<ISymbol, bool> isInSight)
    {
        List<LockEvent> all = events.ToList();
        var inference = new GuardInference(all);
        return all.OfType<FieldUsed>()
            .GroupBy(u => u.Field, SymbolEqualityComparer.Default)
            .Where(g => isInSight((ISymbol)g.Key!))
            .SelectMany(g => g.Where(u => !u.IsOfObject || IsChange(u)).GroupBy(u => u.IsOfObject).SelectMany(uses => inference.Find((ISymbol)g.Key!, uses.ToList())))
            .GroupBy(b => b.Location)
            .SelectMany(Merge)
            .OrderBy(b => b.Location.SourceTree?.FilePath, System.StringComparer.Ordinal)
            .ThenBy(b => b.Location.SourceSpan.Start);
    }

    /// <summary>The guards that are clear enough to be written down.</summary>
    /// <param name="isInSight">Whether every use of a field is among the events.</param>
    /// <param name="shareAt">The share of places that has to agree, where a field is used.</param>
    public static IEnumerable<(ISymbol Field, LockPath Guard)> Guards(IEnumerable<LockEvent> events, System.Func<ISymbol, bool> isInSight, System.Func<Location, int> shareAt)
    {
        List<LockEvent> all = events.ToList();
        var inference = new GuardInference(all);
        foreach (IGrouping<ISymbol?, FieldUsed> uses in all.OfType<FieldUsed>().Where(u => !u.IsOfObject).GroupBy(u => u.Field, SymbolEqualityComparer.Default))
        {
            var field = (ISymbol)uses.Key!;
            if (isInSight(field)
                && inference.Best(field, uses.ToList()) is { LockedWrites: > 0 } tally
                && tally.Locked.Count >= tally.MinLocked
                && GuardBroken.IsClear(tally.Locked.Count, tally.Uses.Count(), shareAt(uses.First().Location)))
            {
                yield return (field, tally.Guard);
            }
        }
    }

    private IEnumerable<GuardBroken> Find(ISymbol field, IReadOnlyList<FieldUsed> uses) =>
        Best(field, uses) is { Unlocked.Count: > 0, IsOneOfTwo: false } best && !FieldUses.LocksForItself(field) ? Judge(field, best) : Enumerable.Empty<GuardBroken>();

    /// <summary>The lock that most uses of a field are under; null where there is none, or none is needed.</summary>
    private Tally? Best(ISymbol field, IReadOnlyList<FieldUsed> uses)
    {
        if (uses.Any(u => u.IsAtomic))
        {
            return null;
        }

        List<FieldUsed> evidence = uses.Where(u => !u.IsUnshared).SelectMany(u => Expand(u, ImmutableStack<ISymbol>.Empty, 0)).Distinct().ToList();
        if (!evidence.Any(u => u.IsWrite))
        {
            // Nobody changes it: nobody needs a lock.
            return null;
        }

        bool isOfObject = uses[0].IsOfObject;
        IEnumerable<LockPath> candidates = evidence.SelectMany(u => u.Guards.Select(g => g.Path)).Where(p => isOfObject ? IsOf(p, field) : CanGuard(p, field)).Distinct();
        bool isReplaced = (uses.Any(u => u.IsContents) || GuardableFields.IsCollection(field)) && !uses.Any(u => u.IsContents && u.IsWrite);
        bool isReadFreely = isReplaced || GuardableFields.TypeOf(field) is { Name: "Hashtable", ContainingNamespace: { Name: "Collections", ContainingNamespace.Name: "System" } };
        List<Tally> tallies = candidates.Select(path => new Tally(path, GuardedBy(path, field, evidence)) { IsReadFreely = isReadFreely }).ToList();
        int most = tallies.Select(t => t.Locked.Count).DefaultIfEmpty().Max();

        // Of locks that are held about as often, and in half of the places, it is the one that every writer holds.
        return tallies.OrderByDescending(t => t.CoversWriters && 2 * t.Locked.Count >= System.Math.Max(most, t.Uses.Count())).ThenByDescending(t => t.Locked.Count).ThenBy(t => t.Guard.Text, System.StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>No lock is held while its own object is looked up: one that guards what is in it does not guard the field that leads to it.</summary>
    private static IReadOnlyList<FieldUsed> GuardedBy(LockPath path, ISymbol field, List<FieldUsed> evidence) =>
        IsOf(path, field) ? evidence.Where(u => u.IsContents).ToList() : evidence;

    private static bool IsOf(LockPath path, ISymbol field) => path.Members.Any(m => SymbolEqualityComparer.Default.Equals(m.Symbol, field));

    /// <summary>An object is guarded by a lock of its own, or by a static one of its type; that some other type's lock is held is chance.</summary>
    private static bool CanGuard(LockPath path, ISymbol field)
    {
        if (path.Root == PathRoot.This)
        {
            return true;
        }

        for (INamedTypeSymbol? type = field.ContainingType; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(ProgramModel.Outermost(type).OriginalDefinition, ProgramModel.Outermost(path.Members[0].Container).OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is wrong at one place is told once for each field; where something is written, reading it is no news.</summary>
    private static IEnumerable<GuardBroken> Merge(IEnumerable<GuardBroken> atOnePlace) => atOnePlace
        .GroupBy(b => b.IsWrite)
        .OrderByDescending(g => g.Key)
        .First()
        .GroupBy(b => b.Field, SymbolEqualityComparer.Default)
        .Select(g => g.First());

    private IEnumerable<GuardBroken> Judge(ISymbol field, Tally tally)
    {
        string guard = tally.Guard.Text.Length > 0 ? tally.Guard.Text : InferredContract.TextOf(tally.Guard, null);
        foreach (FieldUsed use in tally.Unlocked)
        {
            TestKind test = use.Tests.FirstOrDefault(t => t.Guard.Equals(tally.Guard)).Kind;
            if (test == TestKind.ThenActed && tally.Unlocked.Any(u => u.IsWrite))
            {
                // Those who act under the lock are not alone in changing it: what is wrong is the read as such.
                test = TestKind.None;
            }
            else if (test == TestKind.None && !use.IsWrite)
            {
                test = KindByHelper(use, tally);
            }

            bool isTold = test switch
            {
                TestKind.None when !use.IsWrite && tally.IsReadFreely => false,
                TestKind.CheckedAgain or TestKind.ThenActed => tally.LockedWrites > 0,
                _ => (tally.IsOwnLock(field) || (tally.Locked.Count >= tally.MinLocked && tally.LockedWrites > 0)) && !IsTeardown(field, use) && !IsMeant(use) && !IsPublished(field, use) && !IsPrepared(use, tally),
            };

            // A test and what hangs on it stand together in the helper, and are one mistake; so is a use that no caller holds the lock for.
            Location at = use.Inside is { } inside && (test is TestKind.CheckedAgain or TestKind.ThenActed || !tally.Locked.Any(u => u.Inside == inside)) ? inside : use.Location;
            if (isTold && !IsClaimed(use, tally) && !IsOwnFlag(use, tally) && !IsPerhapsOwners(use, tally) && !IsHandedOutWithItsLock(use, tally))
            {
                yield return new GuardBroken(at, field, use.IsWrite, guard, tally.Locked.Count, tally.IsOwnLock(field) ? tally.Total : tally.Uses.Count(), test)
                {
                    Inside = use.Inside,
                    IsContents = use.IsContents && GuardableFields.IsCollection(field),
                    IsWrittenUnderLock = tally.CoversWriters,
                    IsOwnLock = tally.IsOwnLock(field),
                };
            }
        }
    }

    /// <summary>Whether a collection is handed out to those who can lock what it is guarded by: itself, the object that has it, a lock that is not private.</summary>
    private static bool IsHandedOutWithItsLock(FieldUsed use, Tally tally) =>
        use is { IsContents: true, Field: IFieldSymbol { IsReadOnly: true } }
        && FieldUses.IsReturned(SyntaxOf(Place(use)))
        && (tally.Guard.Members.IsEmpty || tally.Guard.Members.Any(m => m.Symbol is null or { DeclaredAccessibility: not Accessibility.Private } || SymbolEqualityComparer.Default.Equals(m.Symbol, use.Field)));

    /// <summary>
    /// Whether the body has called, before it reads, whatever gives the field its value, or has done so itself, and that the first time only: the reader
    /// has been through the lock since, and nobody writes again.
    /// </summary>
    private bool IsPrepared(FieldUsed use, Tally tally)
    {
        List<FieldUsed> writes = tally.Locked.Where(u => u.IsWrite).ToList();
        return !use.IsWrite
            && !tally.Unlocked.Any(u => u.IsWrite)
            && writes.All(w => FieldUses.IsFirstTimeOnly(Place(w)))
            && ((writes.Any(w => SymbolEqualityComparer.Default.Equals(w.Home, use.Home) && FieldUses.IsLockedBefore(Place(w), Place(use))) && writes.All(w => FieldUses.ConstantAt(Place(w)) is not ("null" or "default")))
                || (use.Inside is null && writes.Count > 0 && writes.GroupBy(Place).All(place => place.Any(w => IsCalledBefore(w, use)))));
    }

    /// <summary>Whether a body has called what makes a use before it comes to another one.</summary>
    private bool IsCalledBefore(FieldUsed earlier, FieldUsed use) => earlier.Inside is not null
        ? SymbolEqualityComparer.Default.Equals(earlier.Body, use.Body) && FieldUses.IsBefore(earlier.Location, use.Location)
        : _calls[earlier.Body].Any(c => SymbolEqualityComparer.Default.Equals(c.Body, use.Body) && FieldUses.IsBefore(c.Location, use.Location));

    /// <summary>
    /// What becomes of a test that decides whether a helper is called. One that tests again under the lock is double-checked locking in two bodies, or a
    /// hint; one that does not acts on what was tested without the lock.
    /// </summary>
    private TestKind KindByHelper(FieldUsed use, Tally tally)
    {
        if (use is { IsContents: true } or { Inside: not null })
        {
            return TestKind.None;
        }

        List<FieldUsed> behind = tally.Locked.Where(u => !u.IsContents && CallsOf(u, use.Body).Any(call => FieldUses.Decides(use.Location, call))).ToList();
        List<SyntaxNode> writes = behind.Where(u => u.IsWrite).Select(u => SyntaxOf(Place(u))).ToList();
        bool acts = ActsBehind(use, behind, tally);
        bool isTestedHere = tally.Locked.Any(u => u is { IsWrite: false, Inside: null } && SymbolEqualityComparer.Default.Equals(u.Body, use.Body) && FieldUses.ComesBefore(use.Location, u.Location));
        bool isTestedAgain = (acts && isTestedHere) || behind.Any(u => !u.IsWrite) || writes.Any(w => w.Parent.IsKind(SyntaxKind.CoalesceAssignmentExpression));
        return !isTestedAgain ? (acts ? TestKind.ThenActed : TestKind.None) : writes.Exists(w => FieldUses.Announces(w, use.Field)) ? TestKind.CheckedAgain : TestKind.Hint;
    }

    /// <summary>Whether a helper that a test decides to call changes something under the lock. What others may call without the test does not hang on it.</summary>
    private bool ActsBehind(FieldUsed use, IEnumerable<FieldUsed> behind, Tally tally) =>
        behind.Any(u => u is { IsWrite: true, Inside: not null })
        || _callsIn.Value[use.Body].Any(c => MemberCode.IsHidden(c.Callee, inProgram: false) && FieldUses.Decides(use.Location, c.Location) && _writesIn.Value[c.Callee].Any(tally.IsUnder));

    /// <summary>Of an object that is no collection of the framework's calls count that do not only ask, by the names that collections have for that.</summary>
    private static bool IsChange(FieldUsed use) => use.IsWrite && !(SyntaxOf(Place(use)) is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } && ReadingMembers.Names.Contains(name));

    private static SyntaxNode SyntaxOf(Location location) => location.SourceTree!.GetRoot().FindNode(location.SourceSpan);

    /// <summary>Where a body calls the one that a use is in.</summary>
    private IEnumerable<Location> CallsOf(FieldUsed use, ISymbol body) =>
        use.Inside is null
            ? _calls[use.Body].Where(c => SymbolEqualityComparer.Default.Equals(c.Body, body)).Select(c => c.Location)
            : SymbolEqualityComparer.Default.Equals(use.Body, body) ? [use.Location] : [];

    /// <summary>
    /// Whether the body has set a flag under the lock before, and not back, at which everybody else looks under the lock who might meet the use: closed,
    /// busy, taken. What the flag stands for is the body's own meanwhile.
    /// </summary>
    private bool IsClaimed(FieldUsed use, Tally tally)
    {
        IEnumerable<FieldUsed> before = _flags.Value[use.Body].Where(f => f.IsWrite && tally.IsUnder(f) && FieldUses.ComesBefore(f.Location, use.Location));
        return before.GroupBy(f => f.Field, SymbolEqualityComparer.Default).Any(flag =>
            FieldUses.ConstantAt(Place(flag.First())) is { } claimed
            && flag.All(f => FieldUses.ConstantAt(Place(f)) == claimed)
            && tally.Locked.Where(u => use.IsWrite || u.IsWrite).All(u =>
                SymbolEqualityComparer.Default.Equals(u.Body, use.Body)
                || _flags.Value[u.Body].Any(f => !f.IsWrite && tally.IsUnder(f) && SymbolEqualityComparer.Default.Equals(f.Field, flag.Key))));
    }

    /// <summary>Whether a flag is read by the body that takes it back, under the lock, and nobody else does: whoever set it waits for that.</summary>
    private static bool IsOwnFlag(FieldUsed use, Tally tally)
    {
        if (use.IsWrite || !GuardableFields.IsFlag(use.Field))
        {
            return false;
        }

        List<FieldUsed> own = tally.Locked.Where(u => u.IsWrite && SymbolEqualityComparer.Default.Equals(u.Home, use.Home) && FieldUses.ComesBefore(Place(u), Place(use))).ToList();
        return own.Count > 0
            && FieldUses.ConstantAt(Place(own[0])) is { } taken
            && tally.Uses.Where(u => u.IsWrite && !SymbolEqualityComparer.Default.Equals(u.Home, use.Home)).All(u => FieldUses.ConstantAt(Place(u)) is { } other && other != taken);
    }

    /// <summary>
    /// Whether the lock is that of an owner of the object, and the use in a body that is called with such a lock: that the two owners are one and the same
    /// is not written anywhere.
    /// </summary>
    private bool IsPerhapsOwners(FieldUsed use, Tally tally) =>
        !use.IsOwn
        && tally.Guard.Members.Length > 1
        && _calls[use.Body].Any(c => c.Held.Any(h => !h.Path.Members.IsEmpty && h.Path.Members.Last() == tally.Guard.Members.Last()));

    /// <summary>Where a use stands, wherever it counts.</summary>
    private static Location Place(FieldUsed use) => use.Inside ?? use.Location;

    /// <summary>Whether nobody else is left when a use comes. That an object of a nested type is disposed ends its owner's life no more than any call of it does.</summary>
    private static bool IsTeardown(ISymbol field, FieldUsed use)
    {
        INamedTypeSymbol? outer = use.Body.ContainingType?.ContainingType;
        while (outer is not null && !SymbolEqualityComparer.Default.Equals(outer.OriginalDefinition, field.ContainingType.OriginalDefinition))
        {
            outer = outer.ContainingType;
        }

        return use.IsTeardown && outer is null;
    }

    private static bool IsMeant(FieldUsed use) => FieldUses.IsMeantWithoutLock(SyntaxOf(use.Location));

    private static bool IsPublished(ISymbol field, FieldUsed use) =>
        !use.IsWrite && use.Inside is null && FieldUses.IsPublishedByFlag(field, SyntaxOf(use.Location));

    /// <summary>
    /// A member that is not for everybody, and that everybody in sight enters with a lock, is meant to be entered with it; derived classes are told
    /// by its name and its comment. An override is entered where the member is called that it overrides, and passes on what it was entered with to the
    /// one it overrides.
    /// </summary>
    private FieldUsed Enter(FieldUsed use)
    {
        if (use.HasKnownCallers || !use.IsOwn || use.Body is not IMethodSymbol method || !MemberCode.IsInner(method))
        {
            return use;
        }

        var same = new HashSet<ISymbol>(Overridden(method), SymbolEqualityComparer.Default);
        List<CalledWith> calls = same.SelectMany(m => _calls[m]).Where(c => !(c.IsOnThis && c.Body is IMethodSymbol { IsOverride: true } by && Overridden(by).Any(same.Contains))).ToList();
        IEnumerable<(LockPath Path, Mode Mode)> entered = calls.Where(c => !c.IsUnshared).Select(c => c.Held.Where(h => h.Path.Root is PathRoot.This or PathRoot.Static))
            .DefaultIfEmpty(Enumerable.Empty<(LockPath Path, Mode Mode)>())
            .Aggregate((one, other) => one.Where(h => other.Any(o => o.Path.Equals(h.Path))));
        return use with { Guards = use.Guards.AddRange(entered), IsUnshared = use.IsUnshared || (calls.Count > 0 && calls.All(c => c.IsUnshared)), IsTeardown = use.IsTeardown || (calls.Count > 0 && calls.All(c => c.IsTeardown)) };
    }

    private static IEnumerable<IMethodSymbol> Overridden(IMethodSymbol method)
    {
        for (IMethodSymbol? current = method; current is not null; current = current.OverriddenMethod)
        {
            yield return current.OriginalDefinition;
        }
    }

    /// <summary>
    /// A use in a helper that does not lock is a use wherever the helper is called. A helper that calls itself, or is called by one of those that it
    /// calls, was entered from elsewhere; what the bound cuts off says nothing.
    /// </summary>
    private IEnumerable<FieldUsed> Expand(FieldUsed use, ImmutableStack<ISymbol> through, int depth)
    {
        List<CalledWith> calls = use.HasKnownCallers && use.IsOwn ? _calls[use.Body].ToList() : new();
        if (calls.Count == 0)
        {
            // A helper that is mentioned, and called nowhere as far as the compiler understands: what its callers hold nobody knows.
            bool isCalledUnseen = use is { HasKnownCallers: true, IsOwn: true, Guards.IsEmpty: true, Body: IMethodSymbol method } && FieldUses.IsCalledByName(method);
            return isCalledUnseen ? Enumerable.Empty<FieldUsed>() : new[] { Enter(use) }.Where(u => !u.IsUnshared);
        }

        through = through.Push(use.Body);
        return calls.Where(c => depth < MaxDepth && !through.Contains(c.Body, SymbolEqualityComparer.Default)).SelectMany(call =>
        {
            if (use.IsLate && call.IsLetGo)
            {
                // A loop that a constructor sets going runs on beside everybody else.
                return new[] { use };
            }

            ImmutableArray<(LockPath, Mode)> guards = use.Guards.AddRange(call.Held.Where(h => h.Path.Root is PathRoot.This or PathRoot.Static));
            if (call.IsPerhapsHeld && guards.IsEmpty)
            {
                return Enumerable.Empty<FieldUsed>();
            }

            return Expand(use with { Location = call.Location, Inside = use.Inside ?? use.Location, IsLockedInside = use.IsLockedInside || !use.Guards.IsEmpty, Body = call.Body, Guards = guards, HasKnownCallers = call.HasKnownCallers, IsOwn = call.IsOnThis, IsLate = use.IsLate || call.IsLate, IsTeardown = use.IsTeardown || call.IsTeardown, IsUnshared = call.IsUnshared }, through, depth + 1);
        }).Where(u => !u.IsUnshared);
    }

    /// <summary>The uses of a field seen with one lock in mind.</summary>
    private sealed class Tally
    {
        public Tally(LockPath guard, IReadOnlyList<FieldUsed> uses)
        {
            Guard = guard;

            // No lock can be held while its own object is looked up.
            uses = uses.Where(u => u.IsWrite || u.IsContents || !guard.Members.Any(m => SymbolEqualityComparer.Default.Equals(m.Symbol, u.Field))).ToList();
            Locked = uses.Where(IsUnder).ToList();
            Unlocked = uses.Except(Locked).ToList();
        }

        public LockPath Guard { get; }

        public IEnumerable<FieldUsed> Uses => Locked.Concat(Unlocked);

        public IReadOnlyList<FieldUsed> Locked { get; }

        public IReadOnlyList<FieldUsed> Unlocked { get; }

        /// <summary>The places that say whether a collection is its own lock: one where nobody else is left says nothing by doing without.</summary>
        public int Total => Locked.Count + Unlocked.Count(u => !u.IsTeardown);

        /// <summary>
        /// Only writers need the lock: a collection that is never changed, but replaced as a whole, so that whoever reads the field has one that stays as
        /// it is; or a Hashtable, which promises any number of readers beside one writer.
        /// </summary>
        public bool IsReadFreely { get; init; }

        /// <summary>As many bodies have one and the same other lock: each has one of two, and which of them is right nobody can tell.</summary>
        public bool IsOneOfTwo => Unlocked.Count > 0
            && Unlocked[0].Guards.Any(g => Unlocked.All(u => u.Guards.Any(o => o.Path.Equals(g.Path))))
            && (AreAsMany(u => u.Body) || AreAsMany(u => u.Home));

        /// <summary>Every write is under the lock, in several places: of two locks it is the one that is meant.</summary>
        public bool CoversWriters => LockedWrites > 1 && !Unlocked.Any(u => u.IsWrite);

        public int LockedWrites => Locked.Count(u => u.IsWrite);

        public bool IsUnder(FieldUsed use) => use.Guards.Any(g => g.Path.Equals(Guard) && (!use.IsWrite || g.Mode == Mode.Exclusive));

        private bool AreAsMany(System.Func<FieldUsed, ISymbol> body) => Bodies(Unlocked, body) >= System.Math.Max(2, Bodies(Locked, body));

        private static int Bodies(IEnumerable<FieldUsed> uses, System.Func<FieldUsed, ISymbol> body) => uses.Select(body).Distinct(SymbolEqualityComparer.Default).Count();

        /// <summary>
        /// A collection that is locked itself where it is used: whoever writes that needs no other evidence for what guards it, unless three of four
        /// places do without, and some of them change it.
        /// </summary>
        public bool IsOwnLock(ISymbol field) =>
            Locked.Count > 0 && GuardableFields.IsCollection(field) && IsOf(Guard, field) && (4 * Locked.Count > Total || !Unlocked.Any(u => u.IsWrite));

        /// <summary>One locked use proves nothing.</summary>
        public int MinLocked => 2;
    }
}
