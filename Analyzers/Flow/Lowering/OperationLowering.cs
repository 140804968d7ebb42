// From operations to steps: the visitor's driver, and statements.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

/// <summary>
/// Visits the operations of one function in order of evaluation. Visiting emits the steps of an operation and returns what it evaluates to;
/// an operation that means nothing for locks is visited through its children, so that new kinds of operation need no change here.
/// </summary>
internal sealed partial class OperationLowering(BodyLowering body, FunctionBody function, ControlFlowGraph graph) : OperationVisitor<object?, Expr>
{
    /// <summary>Newer compilers' kind of <c>[a, b]</c>, and of what is passed to a parameter collection.</summary>
    private const OperationKind CollectionExpression = (OperationKind)127;

    private const OperationKind Spread = (OperationKind)128;

    private static readonly ImmutableHashSet<ILocalSymbol> s_none = ImmutableHashSet.Create<ILocalSymbol>(SymbolEqualityComparer.Default);

    private readonly List<Step> _steps = new();
    private readonly HashSet<CaptureId> _referenceCaptures = ReferenceCaptures.In(graph);
    private readonly Dictionary<CaptureId, Variable> _capturedVariables = new();

    /// <summary>Captures of what a field refers to, as <c>?.</c> makes them, where uses of that are evidence for what guards it.</summary>
    private readonly HashSet<CaptureId> _capturedContents = new();

    /// <summary>The same slots serve every statement of the function; other functions, which may run in the middle of one, have their own.</summary>
    private readonly List<int> _temporaries = new();
    private int _usedTemporaries;
    private IOperation? _dropped;
    private bool _isTest;

    /// <summary>The locals that the branch at the end of the block looks at: what is read into one of them there is tested.</summary>
    private ImmutableHashSet<ILocalSymbol> _tested = s_none;

    /// <summary>What the parameter that takes the argument promises to hold, and the call that promises it.</summary>
    private ImmutableArray<Clause> _given = ImmutableArray<Clause>.Empty;
    private PendingCall? _taker;

    /// <summary>The argument of a method that is not known to invoke before it returns what it gets there.</summary>
    private IArgumentOperation? _later;

    private ContractReader Reader => body.Reader;

    private Slots Slots => body.Slots;

    public LoweredBlock LowerBlock(BasicBlock block)
    {
        _steps.Clear();
        if (block.Kind == BasicBlockKind.Entry && function.Symbol is IMethodSymbol method && SynchronizedMethods.Include(method, function.Syntax))
        {
            LowerSynchronized(method);
        }

        _tested = block is { ConditionKind: not ControlFlowConditionKind.None, BranchValue: { } test }
            ? s_none.Union(test.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Select(l => l.Local))
            : s_none;
        foreach (IOperation operation in block.Operations)
        {
            _usedTemporaries = 0;
            Consume(Visit(operation), operation.Syntax);
        }

        Expr? condition = null;
        if (block.BranchValue is { } value)
        {
            _usedTemporaries = 0;
            if (block.ConditionKind != ControlFlowConditionKind.None)
            {
                _isTest = true;
                condition = Visit(value);
                _isTest = false;
            }
            else if (block.FallThroughSuccessor?.Semantics == ControlFlowBranchSemantics.Return)
            {
                Return(value);
            }
            else
            {
                Consume(Visit(value), value.Syntax);
                Emit(new ThrowingStep(value.Syntax));
            }
        }

        return new LoweredBlock(_steps.ToImmutableArray(), condition, block.Kind, block.ConditionKind, block.EnclosingRegion)
        {
            Ordinal = block.Ordinal,
            FallThrough = LoweredBranch.Of(block.FallThroughSuccessor),
            Conditional = LoweredBranch.Of(block.ConditionalSuccessor),
            IsEmpty = block.Operations.IsEmpty && block.BranchValue is null,
        };
    }

    private int Temporary()
    {
        if (_usedTemporaries == _temporaries.Count)
        {
            _temporaries.Add(Slots.NewTemporary());
        }

        return _temporaries[_usedTemporaries++];
    }

    public override Expr DefaultVisit(IOperation operation, object? argument)
    {
        if (operation.Kind == CollectionExpression && operation.ChildOperations.Any(c => StandsForWork(c.Type)))
        {
            return Gathered(operation, operation);
        }

        foreach (IOperation child in operation.ChildOperations)
        {
            Expr part = VisitPart(child);
            if (operation.Kind == Spread)
            {
                LookInside(child, part);
            }
        }

        return Constant(operation) ?? Expr.Unknown;
    }

    private Expr VisitPart(IOperation child)
    {
        Expr value = Visit(child);
        if (child.Type is { Name: "Task" or "ValueTask" })
        {
            // In an array or another collection a task is for somebody else to await.
            Escape(value, child.Syntax);
        }
        else
        {
            Consume(value, child.Syntax);
            HandOn(value, child.Syntax);
        }

        return value;
    }

    private void HandOn(Expr value, SyntaxNode syntax)
    {
        if (value is Expr.Slot or Expr.Member or Expr.Operation)
        {
            Emit(new HandOnStep(syntax, value));
        }
    }

    public override Expr VisitExpressionStatement(IExpressionStatementOperation operation, object? argument)
    {
        if (operation.Syntax is LockStatementSyntax statement && operation.Operation.ChildOperations.FirstOrDefault() is { } locked)
        {
            LowerLockStatement(statement, locked);
            return Expr.Unknown;
        }

        _dropped = operation.Operation;
        return Visit(operation.Operation);
    }

    public override Expr VisitReturn(IReturnOperation operation, object? argument)
    {
        if (operation.ReturnedValue is { } value)
        {
            Escape(Visit(value), value.Syntax);
        }

        if (operation.Kind == OperationKind.YieldReturn)
        {
            Emit(new YieldStep(operation.Syntax));
        }

        return Expr.Unknown;
    }

    public override Expr VisitNameOf(INameOfOperation operation, object? argument) => Expr.Unknown;

    public override Expr VisitAwait(IAwaitOperation operation, object? argument)
    {
        bool dropped = TakeDropped(operation);
        Expr awaited = Visit(operation.Operation);
        int result = Temporary();
        Emit(new AwaitStep(operation.Syntax, awaited, result) { ResultIsDropped = dropped, AwaitedType = UnboundCalls.TypeOf(operation.Operation, body.Type) });
        return new Expr.Slot(result);
    }

    /// <summary>An expression that is nested too deeply for the stack throws; the body is then not analysed.</summary>
    private Expr Visit(IOperation operation)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        // What has no kind, as what a pointer points to, is not dispatched.
        return operation.Kind == OperationKind.None ? DefaultVisit(operation, null) : Visit(operation, null)!;
    }

    private void Emit(Step step) => _steps.Add(step);

    /// <summary>Notes that a statement throws the value of an operation away; asked once, by that operation.</summary>
    private bool TakeDropped(IOperation operation)
    {
        bool dropped = ReferenceEquals(_dropped, operation);
        _dropped = null;
        return dropped;
    }

    private void Return(IOperation value)
    {
        if (function.Method is { } method && (method.ReturnsByRef || method.ReturnsByRefReadonly))
        {
            Variable returned = Locate(value);
            Touch(returned, method.ReturnsByRef ? AccessKind.ReturnedForWriting : AccessKind.ReturnedForReading);
            return;
        }

        Expr result = WithoutConversion(value) is ITupleOperation tuple ? Tuple(tuple, isReturn: true) : Visit(value);
        NoteCopy(value);
        if (function.Method is { DeclaredAccessibility: not Accessibility.Private } && WithoutConversion(value) is IFieldReferenceOperation { Field: { IsReadOnly: true } kept } && GuardableFields.IsCollection(kept) && body.InfersContents(kept))
        {
            // Whoever gets the collection goes through it.
            Emit(new UseStep(value.Syntax, result, AccessKind.Read));
        }

        Escape(result, value.Syntax, isReturn: true);
        Assign(function.ReturnSlot, result, value.Syntax);
    }

    private void Assign(int slot, Expr value, SyntaxNode syntax)
    {
        function.MentionedSlots.Add(slot);
        Slots.NoteAssignment(slot, function);
        Emit(new AssignStep(syntax, slot, value));
    }

    private Expr Read(int slot)
    {
        function.MentionedSlots.Add(slot);
        return new Expr.Slot(slot);
    }

    /// <summary>A lambda that is not passed to a call or kept in a variable that is only invoked runs later.</summary>
    private void Consume(Expr value, SyntaxNode syntax)
    {
        if (value is Expr.Function { Body.IsPlaced: false } lambda)
        {
            lambda.Body.IsPlaced = true;
            Emit(new DeferStep(syntax, lambda.Body));
        }
    }

    private void Escape(Expr value, SyntaxNode syntax, bool isReturn = false)
    {
        Consume(value, syntax);
        if (value is Expr.Slot || (isReturn && body.TracksContents))
        {
            Emit(new EscapeStep(syntax, value, isReturn));
        }
        else
        {
            function.ReturnsOther |= isReturn;
            HandOn(value, syntax);
        }
    }

    private static Expr? Constant(IOperation operation)
    {
        if (!operation.ConstantValue.HasValue)
        {
            return null;
        }

        return operation.ConstantValue.Value switch
        {
            null => Expr.Null,
            bool flag => new Expr.Constant(flag ? 1 : 0),
            string text => new Expr.Text(text),
            char or sbyte or byte or short or ushort or int or uint or long =>
                new Expr.Constant(System.Convert.ToInt64(operation.ConstantValue.Value, System.Globalization.CultureInfo.InvariantCulture)),
            ulong big => new Expr.Constant(unchecked((long)big)),
            _ => Expr.Unknown,
        };
    }
}

/// <summary>Finds the captures that stand for a variable, not for its value: those that are assigned through, or that a reference is taken of.</summary>
internal static class ReferenceCaptures
{
    public static HashSet<CaptureId> In(ControlFlowGraph graph)
    {
        var found = new HashSet<CaptureId>();
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                Collect(operation, found);
            }

            if (block.BranchValue is { } value)
            {
                Collect(value, found);
            }
        }

        return found;
    }

    private static void Collect(IOperation operation, HashSet<CaptureId> found)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        IOperation? target = operation switch
        {
            IAssignmentOperation assignment => assignment.Target,
            IIncrementOrDecrementOperation increment => increment.Target,
            IArgumentOperation { Parameter.RefKind: not RefKind.None } argument => argument.Value,
            _ => null,
        };
        Note(target, found);
        Note(operation is ISimpleAssignmentOperation { IsRef: true } bound ? bound.Value : null, found);
        foreach (IOperation child in operation.ChildOperations)
        {
            Collect(child, found);
        }
    }

    private static void Note(IOperation? target, HashSet<CaptureId> found)
    {
        if (target is IFlowCaptureReferenceOperation reference)
        {
            found.Add(reference.Id);
        }
        else if (target is ITupleOperation tuple)
        {
            foreach (IOperation element in tuple.Elements)
            {
                Note(element, found);
            }
        }
    }
}
