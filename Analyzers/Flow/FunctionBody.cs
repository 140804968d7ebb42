// A body in lowered form: the member's own, or that of a lambda or local function inside it.
using System.Collections.Generic;
using System.Collections.Immutable;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>
/// The steps of one basic block, the value that its branch tests, and the ways on. Does not refer to the block that it was made from: with the
/// operations there, all that the compiler found out about the file would stay alive.
/// </summary>
internal sealed record LoweredBlock(
    ImmutableArray<Step> Steps, Expr? Condition, BasicBlockKind Kind, ControlFlowConditionKind ConditionKind, ControlFlowRegion Region)
{
    public int Ordinal { get; init; }

    public LoweredBranch? FallThrough { get; init; }

    public LoweredBranch? Conditional { get; init; }

    /// <summary>Nothing stands there in the source.</summary>
    public bool IsEmpty { get; init; }
}

/// <param name="Destination">The ordinal of a block; null where the branch leaves the graph.</param>
internal sealed record LoweredBranch(int? Destination, ControlFlowBranchSemantics Semantics, ImmutableArray<ControlFlowRegion> FinallyRegions)
{
    public static LoweredBranch? Of(ControlFlowBranch? branch) =>
        branch is null ? null : new LoweredBranch(branch.Destination?.Ordinal, branch.Semantics, branch.FinallyRegions);
}

internal sealed class FunctionBody(ISymbol symbol, ControlFlowGraph graph, CodeContract contract)
{
    /// <summary>A method, or the field or property whose initialiser it is.</summary>
    public ISymbol Symbol { get; } = symbol;

    public SyntaxNode Syntax { get; } = graph.OriginalOperation.Syntax;

    public CodeContract Contract { get; } = contract;

    public IMethodSymbol? Method => Symbol as IMethodSymbol;

    /// <summary>By parameter.</summary>
    public ImmutableArray<int> ParameterSlots { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>Nothing of it runs where it is called: only when what it returns is enumerated.</summary>
    public bool IsIterator { get; init; }

    /// <summary>The slot that takes what is returned.</summary>
    public int ReturnSlot { get; init; }

    /// <summary>Some return returns what no variable holds: a member, a constant.</summary>
    public bool ReturnsOther { get; set; }

    /// <summary>By ordinal; lowered when the function is first needed.</summary>
    public ImmutableArray<LoweredBlock> Blocks { get; set; }

    /// <summary>Whether the object itself is used in it, or in what is nested in it. Looked up for lambdas and local functions.</summary>
    public bool UsesThis { get; set; }

    /// <summary>The slots that its steps mention: what it captures, and its own.</summary>
    public HashSet<int> MentionedSlots { get; } = new();

    /// <summary>What the delegate type promises that a lambda is converted to.</summary>
    public CodeContract Invoked { get; set; } = CodeContract.None;

    /// <summary>Whether some step says where it runs; one that no step places is taken to run later.</summary>
    public bool IsPlaced { get; set; }
}

/// <summary>A member's body with all that is nested in it.</summary>
internal sealed class Body(FunctionBody main, Slots slots, ImmutableArray<FunctionBody> functions)
{
    public FunctionBody Main { get; } = main;

    public Slots Slots { get; } = slots;

    /// <summary>Lambdas and local functions, in order of appearance.</summary>
    public ImmutableArray<FunctionBody> Functions { get; } = functions;

    /// <summary>The limit that the analysis met, in words; null where it met none.</summary>
    public string? Limit { get; set; }
}
