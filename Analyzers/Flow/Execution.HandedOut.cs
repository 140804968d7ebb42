// What a call hands out and wants back, whatever type it has: rented arrays, pinned and native handles, references that are counted by hand.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>What the body gives back somewhere.</summary>
    private readonly HashSet<LockId> _givenBack = new();

    /// <summary>
    /// Stored, returned, captured, or passed to code that may keep it: from here on it is not the body's to give back. One that can no longer be told
    /// from others counts as handed on, too.
    /// </summary>
    /// <param name="value">Null for one that has no name: it may be any.</param>
    private void HandOn(Value? value)
    {
        Value? handed = value is { Kind: ValueKind.Ref } ? Dereference(value) : value;
        foreach (Hold hold in _state.Holds)
        {
            if (hold is { Kind.Transferable: true, Origin: HoldOrigin.Acquired } && handed?.Mentions(hold.Lock.Value) != false)
            {
                _state.Remove(hold.Lock);
            }
        }
    }

    private void HandOnArguments(CallSite site)
    {
        bool borrows = false;
        foreach (Value argument in _state.Holds.Any(h => h.Kind.Transferable) ? site.Arguments : ImmutableArray<Value>.Empty)
        {
            borrows = borrows || Borrows(site.Call.Method);
            if (!borrows || argument.Kind == ValueKind.Ref)
            {
                HandOn(argument);
            }
        }
    }

    /// <summary>Whether a callee keeps nothing of what it gets: native code, or a type that says so, unless it returns something to keep it in.</summary>
    private bool Borrows(IMethodSymbol method)
    {
        if (method.IsExtern && method.GetDllImportData() is not null)
        {
            return true;
        }

        ITypeSymbol? type = method.ContainingType;
        while (type is not null && !_reader.Type(type).Borrows)
        {
            type = type.BaseType;
        }

        ITypeSymbol made = method.MethodKind == MethodKind.Constructor ? method.ContainingType : method.ReturnType;
        return type is not null && (made.IsRefLikeType || IsPlain(made) || (IsAwaitable(made) && ((INamedTypeSymbol)made).TypeArguments.All(IsPlain)));
    }

    private static bool IsPlain(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Void or SpecialType.System_String or (>= SpecialType.System_Boolean and <= SpecialType.System_Double);

    /// <summary>Whoever has it may give it back, once: what was not taken here came from somebody else.</summary>
    private ReleaseOutcome GiveBack(Step step, BoundLock given)
    {
        Hold? hold = _state.Find(given.Lock) is { Origin: not HoldOrigin.Owed } held ? held : null;
        bool isTwice = hold is null && IsGone(given.Lock);
        if (hold is not null)
        {
            Reduce(hold, Strongest(hold), step);
        }
        else if (!isTwice)
        {
            GiveBackOthers(given);
        }

        _givenBack.Add(given.Lock);
        _state.GivenUp = _state.GivenUp.Add(given.Lock);
        bool isHarmless = step is CallStep call && MemberCode.IsDisposal(call.Method);
        ReleaseOutcome outcome = hold is not null ? ReleaseOutcome.Released : isTwice && !isHarmless ? ReleaseOutcome.NotHeld : ReleaseOutcome.Unknown;
        Recorder?.Release(step, given, outcome, hold, _state);
        return outcome;
    }

    /// <summary>What a caller has, or what is held under another name.</summary>
    private void GiveBackOthers(BoundLock given)
    {
        HandOn(given.Lock.Value);
        if (PerhapsSame(given.Lock) is { Kind.Transferable: true } same)
        {
            _state.Remove(same.Lock);
        }

        // Who returns the array in a field is nobody's business but the field's.
        bool isOwners = given.Kind.Collected && given.Lock.Value.Kind is ValueKind.Member or ValueKind.Static;
        if (!isOwners && TryPath(given.Lock.Value, given.Kind) is not null && _state.Find(given.Lock) is null)
        {
            Owe(given, null);
        }
    }

    /// <summary>
    /// Whether an object was given back on every path to here. What a member leads to may be another object by now; and behind an exception nobody
    /// knows how far the body got.
    /// </summary>
    private bool IsGone(LockId @lock) =>
        _givenBack.Contains(@lock) && _state.GivenUp.Contains(@lock) && !_state.HasThrown && @lock.Value.Kind is ValueKind.Result or ValueKind.Parameter;

    private void UseHandedOut(Step step, Value? value)
    {
        if (Recorder is not null && value is not null && _givenBack.Contains(new LockId(value, IsMonitor: false)) && NameOf(value) is { } name)
        {
            Recorder.UseHandedOut(step, name, IsGone(new LockId(value, IsMonitor: false)));
        }
    }

    /// <summary>The framework's own methods work with what they get.</summary>
    private void UseArguments(CallSite site)
    {
        if (Recorder is not null && _givenBack.Count > 0 && Borrows(site.Call.Method))
        {
            foreach (Value argument in site.Arguments)
            {
                UseHandedOut(site.Call, argument);
            }
        }
    }

    /// <summary>The variable that takes what a call returns; null where there is none.</summary>
    private static string? NameOfTarget(SyntaxNode call)
    {
        for (SyntaxNode? node = call.Parent; node is ExpressionSyntax or EqualsValueClauseSyntax or VariableDeclaratorSyntax; node = node.Parent)
        {
            switch (node)
            {
                case VariableDeclaratorSyntax variable:
                    return variable.Identifier.ValueText;
                case AssignmentExpressionSyntax assignment:
                    return assignment.Left.ToString();
            }
        }

        return null;
    }
}
