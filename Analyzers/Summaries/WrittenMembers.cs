// Facts about a body that need no flow: which members it assigns, which parameters it does more with than invoke.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

internal static class WrittenMembers
{
    /// <summary>Members of <c>this</c> and static ones that lead to other objects and are assigned. A constructor's own do not count: nobody had them.</summary>
    public static ImmutableHashSet<LockMember> Of(Body body)
    {
        ImmutableHashSet<LockMember>.Builder? written = null;
        bool constructs = body.Main.Method is null or { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor };
        foreach (Step step in Steps.Of(body.Main))
        {
            if (!constructs
                && step is StoreStep { Place: Place.Member { Target: null or Expr.This, Symbol: { IsReadOnly: false, Type.IsReferenceType: true } member } })
            {
                (written ??= ImmutableHashSet.CreateBuilder<LockMember>()).Add(member);
            }
        }

        return written?.ToImmutable() ?? ImmutableHashSet<LockMember>.Empty;
    }
}

internal static class OtherUses
{
    /// <summary>How many locals a parameter may be copied to, one from the other, and still be known.</summary>
    private const int MaxAliases = 3;

    /// <summary>Whether a delegate parameter is used in any other way than being invoked, by the body itself or by a callee.</summary>
    /// <param name="runs">Whether a callee invokes a parameter before it returns.</param>
    public static bool Of(IParameterSymbol parameter, Body body, System.Func<CallStep, int, bool> runs) =>
        Of(body.Slots.Of(parameter), body, InPlace(body, runs), runs, MaxAliases);

    private static bool Of(int slot, Body body, ImmutableHashSet<FunctionBody> inPlace, System.Func<CallStep, int, bool> runs, int aliases) =>
        aliases == 0
        || body.Functions.Any(f => f.MentionedSlots.Contains(slot) && (!inPlace.Contains(f) || IsUsed(slot, f, body, inPlace, runs, aliases)))
        || IsUsed(slot, body.Main, body, inPlace, runs, aliases);

    /// <summary>Functions that run where they stand: passed to a callee that runs them before it returns, or called and nothing else.</summary>
    private static ImmutableHashSet<FunctionBody> InPlace(Body body, System.Func<CallStep, int, bool> runs)
    {
        ImmutableHashSet<FunctionBody> passed = Steps.Of(body.Main).OfType<CallStep>()
            .SelectMany(c => c.Functions.Where(f => runs(c, f.Parameter)).Select(f => f.Function))
            .ToImmutableHashSet();
        return passed.Union(Steps.Of(body.Main).OfType<RunStep>().Select(r => r.Function).Where(f => !IsKept(f, body)));
    }

    /// <summary>A lambda that is called by name is never anything else; a local function may be.</summary>
    private static bool IsKept(FunctionBody function, Body body) => body.Functions.Insert(0, body.Main).SelectMany(Steps.Of).Any(step => step switch
    {
        DeferStep defer => defer.Function == function,
        CallStep call => call.Functions.Any(f => f.Function == function),
        AssignStep { Value: Expr.Function value } => value.Body == function && function.Method is { MethodKind: MethodKind.LocalFunction },
        StoreStep { Value: Expr.Function value } => value.Body == function,
        _ => false,
    });

    private static bool IsUsed(int slot, FunctionBody function, Body body, ImmutableHashSet<FunctionBody> inPlace, System.Func<CallStep, int, bool> runs, int aliases)
    {
        var parameter = new Expr.Slot(slot);
        return Steps.Of(function).Any(step => step switch
        {
            CallStep call => IsPassedOn(call, parameter, runs) || (call.Receiver == parameter && call.Method.MethodKind != MethodKind.DelegateInvoke),
            AssignStep assign => assign.Value == parameter && body.Slots.SymbolOf(assign.Slot) is not null && Of(assign.Slot, body, inPlace, runs, aliases - 1),
            StoreStep store => store.Value == parameter,
            EscapeStep escape => escape.Value == parameter,
            _ => false,
        });
    }

    private static bool IsPassedOn(CallStep call, Expr argument, System.Func<CallStep, int, bool> runs)
    {
        for (int i = 0; i < call.Arguments.Length; i++)
        {
            if (call.Arguments[i] == argument && call.Method.Name != "ThrowIfNull" && !runs(call, i))
            {
                return true;
            }
        }

        return false;
    }
}

internal static class Steps
{
    public static IEnumerable<Step> Of(FunctionBody function)
    {
        foreach (LoweredBlock block in function.Blocks.IsDefault ? ImmutableArray<LoweredBlock>.Empty : function.Blocks)
        {
            foreach (Step step in block.Steps)
            {
                yield return step;
            }
        }
    }
}
