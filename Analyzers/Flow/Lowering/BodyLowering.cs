// From operations to steps: a member's control flow graph, and the graphs nested in it, block by block.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

/// <summary>Lowers one member; made anew for each.</summary>
internal sealed class BodyLowering(INamedTypeSymbol type, ContractReader reader, bool tracksContents, bool infersGuards)
{
    private readonly Dictionary<IMethodSymbol, FunctionBody> _localFunctions = new(SymbolEqualityComparer.Default);
    private readonly List<FunctionBody> _functions = new();

    public ContractReader Reader { get; } = reader;

    /// <summary>The type that has the member.</summary>
    public INamedTypeSymbol Type { get; } = type;

    /// <summary>Whether some member in reach guards what a reference points to, so that uses of references matter.</summary>
    public bool TracksContents { get; } = tracksContents;

    public Slots Slots { get; } = new();

    /// <summary>Captures that hold a lock which an older compiler turned into an object to lock it.</summary>
    public Dictionary<int, LockKind> LockedValues { get; } = new();

    /// <summary>Lambdas by the local that holds them and is only ever invoked.</summary>
    public Dictionary<ILocalSymbol, FunctionBody> OnlyInvoked { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Locals that are given what a field refers to, where uses of that are evidence for what guards it.</summary>
    public HashSet<ILocalSymbol> Copies { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Methods by the local that stands for them.</summary>
    public Dictionary<ILocalSymbol, Expr.MethodGroup> KeptMethods { get; } = new(SymbolEqualityComparer.Default);

    public static Body Lower(ISymbol symbol, ControlFlowGraph graph, ContractReader reader, bool tracksContents, bool infersGuards)
    {
        var lowering = new BodyLowering(symbol.ContainingType, reader, tracksContents, infersGuards);
        FunctionBody main = lowering.NewFunction(symbol, graph);
        lowering.LowerBlocks(main, graph);
        lowering._functions.Remove(main);
        foreach (FunctionBody function in lowering._functions)
        {
            if (function.Contract.HasClauses)
            {
                function.IsPlaced = true;
            }
        }

        return new Body(main, lowering.Slots, lowering._functions.ToImmutableArray());
    }

    /// <summary>Whether uses of a field are evidence for what guards it.</summary>
    public bool Infers(ISymbol symbol) => infersGuards && symbol is IFieldSymbol or IPropertySymbol && GuardableFields.Includes(Reader.Members.Intern(symbol), Reader);

    /// <summary>Whether uses of what a field refers to are evidence, too.</summary>
    public bool InfersContents(ISymbol symbol) => infersGuards && GuardableFields.IncludesContents(Reader.Members.Intern(symbol), Reader);

    public FunctionBody? LocalFunction(IMethodSymbol symbol) =>
        _localFunctions.TryGetValue(symbol.OriginalDefinition, out FunctionBody? function) ? function : null;

    public FunctionBody Lambda(IFlowAnonymousFunctionOperation operation, ControlFlowGraph graph)
    {
        ControlFlowGraph own = graph.GetAnonymousFunctionControlFlowGraph(operation);
        FunctionBody function = NewFunction(operation.Symbol, own);
        LowerNested(function, own);
        return function;
    }

    private FunctionBody NewFunction(ISymbol symbol, ControlFlowGraph graph)
    {
        var method = symbol as IMethodSymbol;
        var function = new FunctionBody(symbol, graph, method is null ? CodeContract.None : Reader.Code(method))
        {
            ParameterSlots = method?.Parameters.Select(p => Slots.Of(p)).ToImmutableArray() ?? ImmutableArray<int>.Empty,
            IsIterator = method is not null && IsIterator(method),
            ReturnSlot = Slots.New(),
        };
        _functions.Add(function);
        return function;
    }

    /// <summary>Only the syntax tells: the graph of an iterator that yields nothing looks like any other.</summary>
    public static bool IsIterator(IMethodSymbol method) =>
        method.ReturnType.Name is "IEnumerable" or "IEnumerator" or "IAsyncEnumerable" or "IAsyncEnumerator"
        && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } declaration
        && declaration.DescendantNodes(n => n == declaration || n is not (LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax)).Any(n => n is YieldStatementSyntax);

    private void LowerNested(FunctionBody function, ControlFlowGraph graph)
    {
        function.UsesThis = graph.OriginalOperation.Descendants().Any(o => o is IInstanceReferenceOperation);
        LowerBlocks(function, graph);
    }

    private void LowerBlocks(FunctionBody function, ControlFlowGraph graph)
    {
        foreach (IMethodSymbol local in graph.LocalFunctions)
        {
            _localFunctions[local.OriginalDefinition] = NewFunction(local, graph.GetLocalFunctionControlFlowGraph(local));
        }

        var operations = new OperationLowering(this, function, graph);
        function.Blocks = graph.Blocks.Select(operations.LowerBlock).ToImmutableArray();
        OpenHandlers(function, graph.Root);
        foreach (IMethodSymbol local in graph.LocalFunctions)
        {
            LowerNested(_localFunctions[local.OriginalDefinition], graph.GetLocalFunctionControlFlowGraph(local));
        }
    }

    private static bool IsRelease(Step step) => IsOperation(step, ClauseKind.Releases);

    private static bool IsAcquire(Step step) => IsOperation(step, ClauseKind.Acquires);

    private static bool IsOperation(Step step, ClauseKind kind) => step is CallStep { IsLockOperation: true } call && call.Contract.Clauses.Any(c => c.Kind == kind);

    /// <summary>
    /// A handler stands there for a reason: where nothing in its try block is seen to throw, something at its start may. A release that fails, though,
    /// leaves nothing to release, and an acquire is no reason where more stands behind it.
    /// </summary>
    private static void OpenHandlers(FunctionBody function, ControlFlowRegion region)
    {
        foreach (ControlFlowRegion nested in region.NestedRegions)
        {
            OpenHandlers(function, nested);
        }

        // A mutex that was abandoned has been acquired nevertheless: its handler is where the way goes on that did not throw.
        if (region.Kind != ControlFlowRegionKind.TryAndCatch || region.NestedRegions.Skip(1).All(h => h.ExceptionType?.Name == nameof(System.Threading.AbandonedMutexException)))
        {
            return;
        }

        ControlFlowRegion tried = region.NestedRegions[0];
        List<int> blocks = Enumerable.Range(tried.FirstBlockOrdinal, tried.LastBlockOrdinal - tried.FirstBlockOrdinal + 1).Where(i => !function.Blocks[i].Steps.IsEmpty).ToList();
        if (blocks.Count > 0 && !blocks.Any(i => function.Blocks[i].Steps.Any(s => s.MayThrow)))
        {
            // Releases stand behind tests of their own: lock?.Release().
            bool acquires = blocks.Any(i => function.Blocks[i].Steps.Any(IsAcquire));
            int at = acquires ? blocks[0] : blocks.Where(i => function.Blocks[i].Steps.Any(IsRelease)).Append(blocks[0]).First();
            LoweredBlock opened = function.Blocks[at];
            function.Blocks = function.Blocks.SetItem(at, opened with { Steps = Opened(opened.Steps) });
        }
    }

    /// <summary>What may throw stands where the step behind it does, so that a lock statement that was entered is not left.</summary>
    private static ImmutableArray<Step> Opened(ImmutableArray<Step> steps)
    {
        Step? acquire = steps.Any(IsRelease) ? null : steps.FirstOrDefault(IsAcquire);
        Step? behind = acquire is null ? null : steps.Skip(steps.IndexOf(acquire) + 1).FirstOrDefault(s => !s.Syntax.Span.OverlapsWith(acquire.Syntax.Span));
        int at = behind is null ? steps.LastIndexOf(steps.LastOrDefault(IsRelease)!) + 1 : steps.IndexOf(behind);
        return steps.Insert(at, new ThrowingStep((behind ?? steps[0]).Syntax));
    }
}
