// What happens under a lock: other locks, blocking, code that is not in sight.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>
    /// Tells that a lock is acquired under each of those that are held. What every caller holds is theirs to tell, at their calls; objects that
    /// nobody else can have cannot wait for each other.
    /// </summary>
    private void NoteOrder(Step step, Value? value, LockKind kind, Mode mode, string? name, InnerAcquire? inner)
    {
        string? @class = inner?.Class ?? (value is null ? null : ClassOf(value));
        if (Recorder is null || @class is null || kind.Capability != CapabilityKind.Lock || kind.Counting || (value is not null && IsUnshared(value)))
        {
            return;
        }

        Recorder.Reach(step, @class, HeldHere());
        foreach (Hold outer in _state.Holds.Where(IsOrdered))
        {
            if (ClassOf(outer.Lock.Value) is not { } outerClass || IsUnshared(outer.Lock.Value) || (value is null && outerClass == @class) || IsPerhapsHeld(@class, outerClass, value, inner))
            {
                continue;
            }

            LockMember? member = value?.Member ?? inner?.Member;
            var innerLock = new OrderedLock(@class, member, name ?? Short(@class), mode, ImmutableArray<Location>.Empty) { ObjectClass = ObjectClass(value), Owner = OwnerOf(value) };
            Recorder.Order(step, outer, new AcquiredUnder(step.Syntax.GetLocation(), _body.Main.Symbol, Ordered(outer, outerClass), innerLock, ChainOf(inner), inner?.Via ?? (inner is null ? null : (step as CallStep)?.Method), GatesOf(outer).RemoveAll(c => c == @class || c == outerClass))
            {
                When = PremisesOf(),
                IsGuess = inner is { IsDispatched: true },
                IsAgainstDeclaration = outerClass != @class && _reader.Order.IsBefore(@class, outerClass, member, outer.Lock.Member),
                IsUnorderedPair = outerClass == @class && !MayNest(outer.Lock) && ArePeers(outer.Lock.Value, value!, inner) && !IsWalk(outer, value!, step) && !IsDescent(step, value!) && !PairIsOrdered(step) && !AcquiresNested(step, inner),
            });
        }
    }

    /// <summary>
    /// What waiting for work under a lock tells of its order, by the lock that the work needs: the thread stands still until the work has it. Null where
    /// the order of the lock does not matter.
    /// </summary>
    private Func<NeededNotes, AcquiredUnder?>? UnderOf(Step step, Hold outer)
    {
        if (!IsOrdered(outer) || outer.IsByAnswer || ClassOf(outer.Lock.Value) is not { } outerClass || IsUnshared(outer.Lock.Value))
        {
            return null;
        }

        OrderedLock outerLock = Ordered(outer, outerClass);
        ImmutableArray<string> gates = GatesOf(outer).Remove(outerClass);
        Premises when = PremisesOf();
        return needed =>
        {
            if (ClassOf(needed.Value) is not { } @class || @class == outerClass || gates.Contains(@class) || needed.Kind.Capability != CapabilityKind.Lock || needed.Kind.Counting || IsFresh(needed.Value))
            {
                return null;
            }

            LockMember? member = needed.Value.Member;
            var innerLock = new OrderedLock(@class, member, NameOf(needed.Value) ?? Short(@class), needed.Mode, ImmutableArray<Location>.Empty) { ObjectClass = ObjectClass(needed.Value), Owner = OwnerOf(needed.Value) };
            return new AcquiredUnder(step.Syntax.GetLocation(), _body.Main.Symbol, outerLock, innerLock, ImmutableArray.Create(needed.At), null, gates)
            {
                When = when,
                IsByWork = true,
                IsAgainstDeclaration = _reader.Order.IsBefore(@class, outerClass, member, outerLock.Member),
            };
        };
    }

    private OrderedLock Ordered(Hold outer, string @class) =>
        new(@class, outer.Lock.Member, NameOf(outer.Lock.Value) ?? Short(@class), outer.Mode, Recorder.Locations(outer.Sites).ToImmutableArray()) { ObjectClass = ObjectClass(outer.Lock.Value), Owner = OwnerOf(outer.Lock.Value) };

    /// <summary>The other locks that are held and keep others out meanwhile.</summary>
    private ImmutableArray<string> GatesOf(Hold outer) => _state.Holds
        .Where(h => h != outer && KeepsOthersOut(h))
        .Select(h => ClassOf(h.Lock.Value))
        .OfType<string>()
        .ToImmutableArray();

    /// <summary>
    /// Whether a lock of the class is held that may be the very one, so that acquiring it again waits for nobody: in what order the two classes
    /// come was settled when it was acquired first. Two objects that are known to stand on one level are not one.
    /// </summary>
    private bool IsPerhapsHeld(string @class, string outerClass, Value? value, InnerAcquire? by) =>
        @class != outerClass && _state.Holds.Any(h => KeepsOthersOut(h) && ClassOf(h.Lock.Value) == @class && (value is null || h.Lock.Value.Kind == ValueKind.Text || !ArePeers(h.Lock.Value, value, by)));

    private static bool IsOrdered(Hold hold) =>
        hold.Origin is not (HoldOrigin.Owed or HoldOrigin.Inherited) && !hold.IsHearsay && hold.Kind.Capability == CapabilityKind.Lock && !hold.Kind.Counting;

    /// <summary>
    /// Whether two who hold it cannot meet: a lock that is held alone, or a role, which is that of one thread. References, sections and the
    /// knowledge that a task has completed keep nobody out.
    /// </summary>
    private static bool KeepsOthersOut(Hold hold) => hold.Origin != HoldOrigin.Owed && hold.Kind.Capability switch
    {
        CapabilityKind.Lock => hold.Mode == Mode.Exclusive && !hold.Kind.Counting,
        CapabilityKind.Role => !hold.IsCompletion,
        _ => false,
    };

    private bool IsUnshared(Value value) =>
        IsFresh(value) || (value.Root.Kind == ValueKind.This && !_state.IsDeferred && _body.Main.Method is { MethodKind: MethodKind.Constructor });

    /// <summary>
    /// Whether two objects stand on one level, so that another thread may come with them the other way round. An object that is reached from the
    /// other is its part, or its owner: parents come before children, but neighbours in a list come as the list goes. What a callee reaches through
    /// the parts of what it was given may be the very same object, unless it is a neighbour that locks itself; and which of several implementations a
    /// call runs is not known.
    /// </summary>
    private bool ArePeers(Value outer, Value inner, InnerAcquire? by)
    {
        Value? one = outer.First;
        Value? other = inner.First;
        if (outer.Kind is ValueKind.Result or ValueKind.Phi || inner.Kind is ValueKind.Result or ValueKind.Phi)
        {
            // What a call returned, or one of several ways brought, may be new, from a pool, or a part of the other; what two returned that got the same is perhaps one.
            return outer.Data is CallStep first && inner.Data is CallStep second && !first.Arguments.SequenceEqual(second.Arguments);
        }

        if (AreOfElements(outer, inner))
        {
            // Indexes that were put in order before are one; of locks that are elements themselves, so are indexes that rise.
            return !Comparisons.OfIndexesIn(_body) && !(outer.Kind == ValueKind.Element && Rises(outer.Second!, inner.Second!));
        }

        if (by is not null && (by.IsDispatched || (other is { Kind: ValueKind.Member } && !LocksNeighbour(one, other, by))))
        {
            return false;
        }

        bool isPart = one is not null && other is not null && (one.Mentions(other) || other.Mentions(one));
        return !isPart || IsNeighbour(one!, other!) || IsNeighbour(other!, one!);
    }

    /// <summary>Whether two values are two elements of one array, or the same part of them.</summary>
    private static bool AreOfElements(Value outer, Value inner)
    {
        while (outer is { Kind: ValueKind.Member, First: { } one } && inner is { Kind: ValueKind.Member, First: { } other } && ReferenceEquals(outer.Member, inner.Member))
        {
            (outer, inner) = (one, other);
        }

        return outer.Kind == ValueKind.Element && inner.Kind == ValueKind.Element && ReferenceEquals(outer.First, inner.First);
    }

    /// <summary>Whether an index is known to be no less than another: both are numbers, or a number is added to the other one.</summary>
    private static bool Rises(Value low, Value high) => high.Kind == ValueKind.Number
        ? low.Kind == ValueKind.Number && low.Number <= high.Number
        : high is { Kind: ValueKind.Operation, Data: OperationDetail { Detail: nameof(BinaryOperatorKind.Add) }, Second: { Kind: ValueKind.Number, Number: >= 0 } } && ReferenceEquals(high.First, low);

    /// <summary>
    /// A neighbour that locks itself. What an object got when it was made, and keeps, was there before it: a wrapper comes before what it wraps, and
    /// no two of them can come the other way round.
    /// </summary>
    private static bool LocksNeighbour(Value? one, Value other, InnerAcquire by) =>
        by.Path is { Members.Length: 1 } && one is not null && !other.Member!.IsSetOnce && IsNeighbour(one, other);

    /// <summary>One acquire in a loop that takes the elements of an array: they come in the order of their indexes.</summary>
    private static bool IsWalk(Hold outer, Value inner, Step step) =>
        outer.Sites.All(s => ReferenceEquals(s.Step, step)) && ElementOf(inner) is { } element && ReferenceEquals(ElementOf(outer.Lock.Value)?.First, element.First);

    /// <summary>
    /// Whether a body calls itself for an object that it was not passed, but has found: it goes through a tree, and everybody does from the root to the leaves.
    /// </summary>
    private bool IsDescent(Step step, Value inner) =>
        step is CallStep { Method: { IsStatic: false } callee } && SymbolEqualityComparer.Default.Equals(callee.OriginalDefinition, _body.Main.Symbol) && inner.Root.Kind is not (ValueKind.Parameter or ValueKind.This);

    private static bool IsNeighbour(Value one, Value other) =>
        ReferenceEquals(other.First, one) && other.Member is { } link && SymbolEqualityComparer.Default.Equals(link.Type, link.Container);

    /// <summary>Whether the declaration of a lock says that several of its class may nest; nothing is known of what no declaration stands for.</summary>
    private bool MayNest(LockId @lock) => (@lock.Member ?? @lock.Value.First?.Member) is { } member
        ? member.Nests
        : ObjectType(@lock.Value) is not { } type || _reader.Type(type).Nests;

    /// <summary>The type of an object that is locked as it is.</summary>
    private INamedTypeSymbol? ObjectType(Value value) => value.Kind switch
    {
        ValueKind.This => _body.Main.Symbol.ContainingType,
        ValueKind.Parameter when value.Data is IParameterSymbol { Type: INamedTypeSymbol type } && IsLockedItself(type) => type,
        ValueKind.Result when value.Data is CallStep { ResultType: INamedTypeSymbol type } && IsLockedItself(type) => type,
        _ => null,
    };

    /// <summary>Whether the body compares what it nests, or says that it may nest.</summary>
    private bool PairIsOrdered() => _pairsAreOrdered ??= Comparisons.In(_body) || _reader.NestsLocks(_body.Main.Symbol);

    /// <summary>Whether it does so before a step that locks the second one.</summary>
    private bool PairIsOrdered(Step second) => PairIsOrdered() && (Comparisons.In(_body, second) || _reader.NestsLocks(_body.Main.Symbol));

    /// <summary>Whether the member that acquires is one for pairs: an argument of it says what orders them.</summary>
    private bool AcquiresNested(Step step, InnerAcquire? inner) => inner is null && step is CallStep call && _reader.NestsLocks(call.Method);

    /// <summary>
    /// The declaration that all instances of a lock share. Of a type that is a lock of its own, that is the field that has it: two locks of one such
    /// type have no more in common than two monitors.
    /// </summary>
    private string? ClassOf(Value value) => value.Kind switch
    {
        _ when _lent.TryGetValue(value, out string? known) => known,
        ValueKind.Member when value.Member!.IsHandedOut => ClassOf(value.First!) is { } owner ? owner + "." + value.Member.Name : null,
        ValueKind.Member or ValueKind.Static => value.Member!.ClassName,
        ValueKind.Element => ClassOf(value.First!),
        ValueKind.TypeOf => $"typeof({value.Data})",
        ValueKind.Text when value.Data is string text && text.StartsWith("class:", System.StringComparison.Ordinal) => text.Substring(6).Trim(),
        _ => NameOf(ObjectType(value)),
    };

    /// <summary>What the object that a member leads to is called where it locks itself.</summary>
    private string? ObjectClass(Value? value) =>
        value?.Member is { DeclaredClass: null, Type: INamedTypeSymbol type } && IsLockedItself(type) ? NameOf(type) : null;

    /// <summary>The type of the object that has a lock, where all instances of the member are one class and none is declared.</summary>
    private ITypeSymbol? OwnerOf(Value? value) => value switch
    {
        { Member.DeclaredClass: not null } => null,
        { Kind: ValueKind.Member, First: { Kind: ValueKind.This } } => _body.Main.Symbol.ContainingType,
        { Kind: ValueKind.Member, First: { Kind: ValueKind.Element, First: { } all } } => Recorder.TypeOf(all) switch
        {
            IArrayTypeSymbol array => array.ElementType,
            INamedTypeSymbol { TypeArguments: { IsEmpty: false } elements } => elements[elements.Length - 1],
            _ => null,
        },
        { Kind: ValueKind.Member, First: { } owner } => Recorder.TypeOf(owner),
        _ => null,
    };

    private static string? NameOf(INamedTypeSymbol? type) => type?.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);

    /// <summary>An object of a class of this program that is locked as it is, and no field says what for: its kind is what it is.</summary>
    private bool IsLockedItself(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } && _reader.KindOf(type) is null or { IsMonitor: true }
        && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _body.Main.Symbol.ContainingAssembly);

    /// <summary>A method leaves a lock of its object held: callers know the lock by the object.</summary>
    private void Lend(CallSite site, MethodSummary? summary)
    {
        foreach (Effect effect in summary?.Exits.SelectMany(e => e.Effects.Concat(e.Returned?.Guards ?? ImmutableArray<Effect>.Empty)).Where(IsLent) ?? Enumerable.Empty<Effect>())
        {
            if (Find(effect.Path, site) is { Member: { DeclaredClass: null } member, First: { Kind: ValueKind.Member or ValueKind.Static } owner } @lock && ClassOf(owner) is { } @class)
            {
                _lent[@lock] = @class + "." + member.Name;
            }
        }
    }

    private static bool IsLent(Effect effect) => effect is { IsAcquire: true, Path: { Root: PathRoot.This, Members.Length: 1 } };

    /// <summary>What the callee calls the class; where it has no name for it, or is the lock itself, what its caller does.</summary>
    private string? ClassInside(InnerAcquire inner, Value? value) =>
        value is not null && (inner.Class is null || IsOfCaller(inner) || _lent.ContainsKey(value)) ? ClassOf(value) ?? inner.Class : inner.Class;

    private static bool IsOfCaller(InnerAcquire inner) => inner.Path is { Root: PathRoot.Parameter, Members.IsEmpty: true };

    private static string Short(string @class) => @class.Substring(@class.LastIndexOf('.') + 1);

    private static ImmutableArray<Location> ChainOf(InnerAcquire? inner)
    {
        var chain = ImmutableArray.CreateBuilder<Location>();
        for (InnerAcquire? link = inner; link is not null; link = link.Next)
        {
            chain.Add(link.At.GetLocation());
        }

        return chain.ToImmutable();
    }

    /// <summary>What a contract says about locks that are acquired and released inside.</summary>
    private void NoteContractInside(CallSite site)
    {
        foreach (Clause clause in site.Call.Contract.Clauses.Where(c => c.Kind == ClauseKind.AcquiresInside))
        {
            foreach (LockPath path in clause.Paths)
            {
                string? @class = path.Class ?? (path.Members.IsEmpty ? null : path.Members.Last().ClassName);
                AcquireInside(site, new InnerAcquire(path.Class is null ? path : null, @class, path.Members.LastOrDefault(), path.Kind, Mode.Exclusive, site.Call.Syntax, null, null), isContract: true);
            }
        }
    }

    /// <summary>A call that may block, by contract or by what its body does.</summary>
    private void NoteBlocking(CallSite site, MethodSummary? summary)
    {
        CodeContract contract = site.Call.Contract;
        if (Recorder is null || contract.MustNotBlock)
        {
            // A body that must not block is told where it does.
            return;
        }

        if ((contract.MayBlock || WaitsForSignal(site)) && !NeverWaits(site))
        {
            Block(site, new Blocking(Display(site.Call.Method), site.Call.Syntax, null, null) { When = PremisesOf(), Task = contract.Awaits ? PassedTask(site.Receiver) : null });
        }
        else if (summary?.MayBlock is { } inner && !contract.IsTakenAtItsWord && !IsAwaitable(site.Call.ResultType) && CanBe(inner.When, site))
        {
            Value? task = inner.Task is null ? null : Find(inner.Task, site);
            Value? givenUp = inner.GivesUp is null ? null : Find(inner.GivesUp, site);
            if (task is null || !IsComplete(task))
            {
                var blocking = new Blocking(inner.What, site.Call.Syntax, CalleeOf(site), inner)
                {
                    When = PremisesOf(site, inner.When), Task = PassedTask(task), GivesUp = givenUp is null ? null : TryPath(givenUp, LockKind.Monitor), ToldUnder = inner.ToldUnder,
                };
                Block(site, blocking, givenUp, isHereOnly: inner.GivesUp is not null && blocking.GivesUp is null);
            }
        }
    }

    private LockPath? PassedTask(Value? task) => task is { Kind: ValueKind.Parameter } ? TryPath(task, LockKind.Monitor) : null;

    /// <summary>A semaphore that starts empty keeps nobody out: whoever takes from it waits until somebody else has put something in.</summary>
    private bool WaitsForSignal(CallSite site) => !IsAwaitable(site.Call.ResultType) && site.Call.Contract.Clauses.Any(c =>
        c.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires && c.Paths.Any(p => Locked(p, site, c.Mode) is { Kind.IsSignal: true }));

    /// <summary>
    /// A lock under which a callee is known to block is left out: that is told there. Who waits on a condition gives its lock up, and is to be woken by
    /// somebody who takes the other locks of the same type as well; those of other types may be meant to be kept.
    /// </summary>
    /// <param name="isHereOnly">Callers could not tell whether it is a lock of theirs that is given up.</param>
    private void Block(CallSite site, Blocking blocking, Value? givenUp = null, bool isHereOnly = false)
    {
        ImmutableArray<Hold> held = HeldHere().Where(h => (givenUp is null || IsNextTo(h.Lock.Value, givenUp)) && !IsAskedFor(h, site) && !IsExcluded(h, site) && !IsMeantToBlockUnder(h) && (ClassOf(h.Lock.Value) is not { } @class || !blocking.ToldUnder.Contains(@class))).ToImmutableArray();
        Blocking told = blocking with { ToldUnder = blocking.ToldUnder.Union(held.Select(h => ClassOf(h.Lock.Value)).OfType<string>()) };
        Recorder!.Block(site.Call, told, Forbidden(), held, NameOf, isOwn: isHereOnly || _state.IsDeferred || _state.Holds.Any(h => h.Origin == HoldOrigin.Owed), isAcquire: false);
    }

    private static bool IsNextTo(Value held, Value givenUp) =>
        !ReferenceEquals(held, givenUp) && held.Member is { } one && givenUp.Member is { } other && SymbolEqualityComparer.Default.Equals(one.Container, other.Container);

    /// <summary>A callee that must not be called under a lock at all is told as that.</summary>
    private bool IsExcluded(Hold held, CallSite site) => site.Call.Contract.Clauses.Any(c => c is { Kind: ClauseKind.Excludes, Parameter: < 0 } && c.Paths.Any(p =>
        p.Root == PathRoot.AnyOfClass ? IsOfClass(held, p) : Find(p, site) is { } excluded && Identify(p, excluded) == held.Lock));

    /// <summary>A callee that asks for a lock and blocks is meant to block under it.</summary>
    private bool IsAskedFor(Hold held, CallSite site) =>
        site.Call.Contract.Clauses.Any(c => c.Kind == ClauseKind.Requires && c.Parameter < 0 && c.Paths.Any(p => Find(p, site) is { } value && Identify(p, value) == held.Lock));

    /// <summary>The same seen from inside: a body that says that it blocks, and asks for a lock or asserts that it has it.</summary>
    private bool IsMeantToBlockUnder(Hold held) => held.Origin is HoldOrigin.Required or HoldOrigin.Assumed && _body.Main.Contract.MayBlock;

    /// <summary>Acquiring a lock that others hold blocks: it must not be done where nothing may.</summary>
    private void NoteBlockingAcquire(Step step, LockKind kind, string? name)
    {
        bool neverBlocks = kind.Spins || step is CallStep { Contract.MustNotBlock: true };
        if (Recorder is not null && !neverBlocks && kind.Capability == CapabilityKind.Lock && Forbidden() is { } forbidden)
        {
            Recorder.Block(step, new Blocking($"acquiring '{name ?? "a lock"}'", step.Syntax, null, null), forbidden, HeldHere(), NameOf, isOwn: true, isAcquire: true);
        }
    }

    /// <summary>A try that waits for a while.</summary>
    private static bool HasTimeout(IMethodSymbol method) =>
        method.Parameters.Any(p => p.Type.Name == nameof(System.TimeSpan) || p.Name.IndexOf("timeout", System.StringComparison.OrdinalIgnoreCase) >= 0);

    private bool NeverWaits(CallSite site)
    {
        CodeContract contract = site.Call.Contract;
        if ((contract.BlocksUnless is { } path && Find(path, site) is { } done && _state.Find(Identify(path, done)) is { Origin: not HoldOrigin.Owed })
            || ((contract.Awaits || contract.BlocksUnless is not null) && (_state.HasAwaitedAll || (site.Receiver is { } task && IsComplete(task)))))
        {
            return true;
        }

        for (int i = 0; i < site.Call.Method.Parameters.Length && i < site.Arguments.Length; i++)
        {
            Value argument = site.Arguments[i];
            bool isZero = argument is { Kind: ValueKind.Number, Number: 0 } && site.Call.Method.Parameters[i].Type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64;
            if (isZero || argument is { Kind: ValueKind.Static, Member: { Name: "Zero", Container.Name: "TimeSpan" } })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why nothing may block here; null where it may.</summary>
    private string? Forbidden()
    {
        Hold? spin = _state.Holds.FirstOrDefault(h => h.Kind.Spins && h.Origin is not (HoldOrigin.Owed or HoldOrigin.Inherited));
        if (spin is not null)
        {
            return $"the {spin.Kind.Word} '{NameOf(spin.Lock.Value)}' is held";
        }

        bool isForbidden = _node.Function.Contract.MustNotBlock || _node.Function.Invoked.MustNotBlock || (_body.Main.Contract.MustNotBlock && !_state.IsDeferred);
        return isForbidden ? $"'{_body.Main.Symbol.Name}' must not block" : null;
    }

    private ImmutableArray<Hold> HeldHere() => _state.Holds.Where(IsOrdered).ToImmutableArray();

    /// <summary>Delegates, events, and members that other assemblies override: nobody here knows what they lock.</summary>
    private void NoteForeign(CallSite site)
    {
        if (Recorder is null || HeldHere().FirstOrDefault() is not { } held)
        {
            return;
        }

        IMethodSymbol method = site.Call.Method;
        bool isDelegate = method.MethodKind == MethodKind.DelegateInvoke && site.Receiver is not { Kind: ValueKind.Function };
        bool isForeign = (method.IsVirtual || method.IsAbstract || method.IsOverride)
            && !SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _reader.Compilation.Assembly)
            && !IsFramework(method.ContainingAssembly);
        if (isDelegate || isForeign || RunsCallbacks(site))
        {
            string what = isDelegate ? "a delegate" : $"'{Display(method)}'";
            Recorder.CallForeign(site.Call, what, new NamedLock(NameOf(held.Lock.Value), held.Kind), Recorder.Locations(held.Sites).ToImmutableArray());
        }
    }

    /// <summary>Whether code of others runs inside a call. Of a receiver that was made out of sight it is not known, and not told.</summary>
    private static bool RunsCallbacks(CallSite site) => site.Call.Contract.RunsCallbacks || (site.Call.Contract.RunsContinuations && site.Receiver switch
    {
        { Kind: ValueKind.New, Data: CallStep { Arguments.IsEmpty: true } } => true,
        { Member.Symbol: IFieldSymbol { IsReadOnly: true, DeclaringSyntaxReferences: { Length: 1 } references } } =>
            references[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 } } },
        _ => false,
    });

    private static bool IsFramework(IAssemblySymbol assembly) =>
        assembly.Name is "mscorlib" or "netstandard" || assembly.Name.StartsWith("System", System.StringComparison.Ordinal) || assembly.Name.StartsWith("Microsoft", System.StringComparison.Ordinal);

    private static string Display(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.PropertyGet or MethodKind.PropertySet => method.ContainingType.Name + "." + method.AssociatedSymbol?.Name,
        _ => method.ContainingType?.Name + "." + method.Name,
    };
}
