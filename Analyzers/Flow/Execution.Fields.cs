// Uses of fields that have no contract: evidence for what guards them.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>Functions that were passed to methods which may run them.</summary>
    private readonly HashSet<FunctionBody> _passedOn = new();

    private void NoteField(Step step, Value? owner, LockMember member, AccessKind kind, bool isContents, bool isTest)
    {
        if (Recorder is null || member.Storage is null || owner is { IsUnknown: true })
        {
            return;
        }

        ISymbol field = member.Symbol!;
        ImmutableArray<(LockPath, Mode)> guards = GuardsOf(owner, _state.Holds);
        if (guards.IsEmpty && IsPerhapsUnderLockOf(member.Container))
        {
            // Perhaps under its lock, perhaps not: no evidence for anything.
            return;
        }

        bool isWrite = kind is AccessKind.Write or AccessKind.PassedForWriting or AccessKind.ReturnedForWriting;
        bool isUnshared = IsFresh(owner) || IsUnderConstruction(owner, member);
        Recorder.UseField(step, _node, field, isWrite, isContents, isUnshared, isTest, owner is null or { Kind: ValueKind.This } && !_state.IsDeferred, guards, _state, Flags());
    }

    /// <summary>What is in a field is looked at when the body has given up the lock that it holds.</summary>
    private void NoteLater(Step step, Value? owner, LockMember member, ImmutableArray<Hold> kept)
    {
        ImmutableArray<(LockPath, Mode)> guards = GuardsOf(owner, kept);
        if (guards.Length < GuardsOf(owner, _state.Holds).Length && owner is not { IsUnknown: true })
        {
            Recorder!.UseField(step, _node, member.Symbol!, isWrite: false, isContents: true, IsFresh(owner) || IsUnderConstruction(owner, member), isTest: false, owner is null or { Kind: ValueKind.This }, guards, _state, Flags());
        }
    }

    private bool IsPerhapsUnderLockOf(INamedTypeSymbol type) => _state.HasUnnamed || HoldsOneOf(type) || IsPerhapsRunAtOnce();

    /// <summary>Whether the code stands in a function that was made under a lock, and passed to a method of which nobody knows when it runs it.</summary>
    private bool IsPerhapsRunAtOnce() => _state.IsDeferred && _passedOn.Contains(_node.Function) && !_state.Outer.IsEmpty;

    /// <summary>Whether a method may run what it is passed before it returns, as far as anybody knows: the framework's are known, and so are those in sight.</summary>
    private bool MayRun(CallSite site, int parameter) =>
        !site.Call.IsCreation
        && !RunsElsewhere(site, parameter)
        && (site.Call.Method.DeclaringSyntaxReferences.IsEmpty ? !IsOfFramework(site.Call.Method) : site.Call.Method is { IsAbstract: true } or { IsVirtual: true } or { IsOverride: true });

    private static bool IsOfFramework(IMethodSymbol method)
    {
        INamespaceSymbol? space = method.ContainingNamespace;
        while (space is { ContainingNamespace: { IsGlobalNamespace: false } outer })
        {
            space = outer;
        }

        return space is null or { Name: "System" or "Microsoft" };
    }

    /// <summary>What is known of the body's flags, where there are any: one of them may say that a lock is held already.</summary>
    private Premises Flags() => Recorder is { HasFlags: true } ? PremisesOf() : Premises.None;

    /// <summary>Whether the lock of one of several objects is held, nobody knows which: the first and the second of two that were put in order.</summary>
    private bool HoldsOneOf(INamedTypeSymbol type) => _state.Holds.Any(h =>
        h.Lock.Value.Root.Kind == ValueKind.Phi && (h.Lock.Member is null || SymbolEqualityComparer.Default.Equals(h.Lock.Member.Container.OriginalDefinition, type.OriginalDefinition)));

    /// <summary>What is held that could guard a member of an object: its own locks, the object itself, and static ones.</summary>
    private ImmutableArray<(LockPath Path, Mode Mode)> GuardsOf(Value? owner, ImmutableArray<Hold> holds)
    {
        var guards = ImmutableArray.CreateBuilder<(LockPath, Mode)>();
        foreach (Hold hold in holds.Where(h => h.Origin != HoldOrigin.Owed && h.Kind.Capability == CapabilityKind.Lock))
        {
            // A constructor makes the lock that its loop or timer takes later.
            if (RelativeTo(owner, KeptIn(hold.Lock.Value) ?? hold.Lock.Value, hold.Lock.IsMonitor ? LockKind.Monitor : hold.Kind) is { } path)
            {
                guards.Add((owner is null ? path : InItsOwnType(path), hold.Mode));
            }
        }

        return guards.ToImmutable();
    }

    /// <summary>A static lock of a generic type, as that type itself speaks of it: to an object of one of its heirs there is but one.</summary>
    private LockPath InItsOwnType(LockPath path) =>
        path.Root == PathRoot.Static && path.Members[0] is { Container: { IsGenericType: true, IsDefinition: false }, Symbol: { } symbol } @static
            ? path with { Members = path.Members.Replace(@static, _reader.Members.Intern(symbol.OriginalDefinition)) }
            : path;

    private LockPath? RelativeTo(Value? owner, Value value, LockKind kind)
    {
        var members = new Stack<LockMember>();
        for (Value? current = value; current is not null; current = current.First)
        {
            if (ReferenceEquals(current, owner))
            {
                return new LockPath(PathRoot.This, 0, members.ToImmutableArray(), kind, TextOf(members));
            }

            if (current.Kind is not (ValueKind.Member or ValueKind.Static))
            {
                return null;
            }

            members.Push((LockMember)current.Data!);
            if (current.Kind == ValueKind.Static)
            {
                return new LockPath(PathRoot.Static, 0, members.ToImmutableArray(), kind, NameOf(value) ?? members.Peek().Name);
            }
        }

        return null;
    }
}
