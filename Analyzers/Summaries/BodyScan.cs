// A look at a body before anything is built for it: does it do anything that matters for locks?
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow.Lowering;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Summaries;

/// <summary>
/// Walks operations; for a body that neither locks nor calls anything of the compilation it allocates nothing. Reused by one thread at a time.
/// </summary>
internal sealed class BodyScan : OperationWalker
{
    [ThreadStatic]
    private static BodyScan? s_instance;

    private readonly List<IMethodSymbol> _callees = new();
    private readonly List<IMethodSymbol> _converted = new();
    private readonly List<ISymbol> _used = new();
    private readonly List<IFieldSymbol> _written = new();
    private readonly List<KeptDelegate> _kept = new();
    private readonly List<ISymbol> _invoked = new();
    private Func<ISymbol, bool> _guardable = null!;
    private ContractReader _reader = null!;
    private IAssemblySymbol _assembly = null!;
    private INamedTypeSymbol? _type;
    private bool _infersGuards;
    private bool _constructs;
    private BodyTraits _traits;
    private int _returns;
    private IMethodSymbol? _endsIn;

    private BodyScan()
    {
    }

    /// <summary>What matters in a body; null where nothing does.</summary>
    /// <param name="infersGuards">Whether the type locks, so that its fields may be guarded.</param>
    /// <param name="guardable">Whether a field is one that may be.</param>
    public static BodyOutline? Of(ISymbol symbol, IOperation root, ContractReader reader, bool infersGuards, Func<ISymbol, bool> guardable)
    {
        BodyScan scan = s_instance ??= new BodyScan();
        scan._callees.Clear();
        scan._converted.Clear();
        scan._used.Clear();
        scan._written.Clear();
        scan._kept.Clear();
        scan._invoked.Clear();
        scan._reader = reader;
        scan._returns = 0;
        scan._assembly = reader.Compilation.Assembly;
        scan._type = symbol.ContainingType;
        scan._infersGuards = infersGuards;
        scan._guardable = guardable;
        scan._constructs = symbol is not IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor) };
        scan._traits = symbol is IMethodSymbol method ? TraitsOf(reader.Code(method)) : BodyTraits.None;
        if (SynchronizedMethods.Include(symbol, root.Syntax))
        {
            scan._traits |= BodyTraits.Contracts;
        }

        scan.Visit(root);
        scan.NoteEnd(root);
        return scan._traits == BodyTraits.None && scan._callees.Count == 0 && scan._written.Count == 0 && scan._kept.Count == 0 ? null : scan.Outline();
    }

    public override void VisitLock(ILockOperation operation)
    {
        _traits |= BodyTraits.Contracts;
        base.VisitLock(operation);
    }

    public override void VisitReturn(IReturnOperation operation)
    {
        _returns += operation.IsImplicit ? 0 : 1;
        base.VisitReturn(operation);
    }

    public override void VisitInvocation(IInvocationOperation operation)
    {
        Note(operation.TargetMethod, operation.Instance?.Type);
        if (operation.TargetMethod.MethodKind == MethodKind.DelegateInvoke)
        {
            _traits |= BodyTraits.Invokes;
        }

        if (operation is { Instance: IMemberReferenceOperation { Type: var collection }, Arguments.Length: > 0 } && !IsOurs(operation.TargetMethod) && StandsForWork(collection) && operation.Arguments.Any(a => StandsForWork(a.Value.Type)))
        {
            _traits |= BodyTraits.KeepsWork;
        }

        base.VisitInvocation(operation);
    }

    public override void VisitInvalid(IInvalidOperation operation)
    {
        if (UnboundCalls.Find(operation, _type) is { } method)
        {
            Note(method, UnboundCalls.Receiver(operation)?.Type);
        }

        base.VisitInvalid(operation);
    }

    public override void VisitObjectCreation(IObjectCreationOperation operation)
    {
        Note(operation.Constructor);
        if (operation.Arguments.Length > 0 && operation.Constructor is { } constructor && IsOurs(constructor))
        {
            NoteGuardOf(operation.Type);
        }

        base.VisitObjectCreation(operation);
    }

    public override void VisitArgument(IArgumentOperation operation)
    {
        if (operation is { Parameter.ContainingSymbol: IMethodSymbol callee, Value: var value } && IsOurs(callee)
            && (value is IConversionOperation { Operand: var given } ? given : value) is IFieldReferenceOperation { Field: var field } && LockUsers.IsLock(field, _reader))
        {
            // Whoever is passed a lock may acquire it for its caller.
            _traits |= BodyTraits.Contracts;
        }

        base.VisitArgument(operation);
    }

    public override void VisitUsing(IUsingOperation operation)
    {
        NoteDisposal(operation.Resources is IVariableDeclarationGroupOperation group ? group.Declarations[0].Declarators[0].Symbol.Type : operation.Resources.Type);
        base.VisitUsing(operation);
    }

    public override void VisitUsingDeclaration(IUsingDeclarationOperation operation)
    {
        foreach (IVariableDeclarationOperation declaration in operation.DeclarationGroup.Declarations)
        {
            NoteDisposal(declaration.Declarators[0].Symbol.Type);
        }

        base.VisitUsingDeclaration(operation);
    }

    public override void VisitLocalFunction(ILocalFunctionOperation operation)
    {
        NoteFunction(operation.Symbol);
        base.VisitLocalFunction(operation);
    }

    public override void VisitAnonymousFunction(IAnonymousFunctionOperation operation)
    {
        NoteFunction(operation.Symbol);
        base.VisitAnonymousFunction(operation);
    }

    public override void VisitForEachLoop(IForEachLoopOperation operation)
    {
        ITypeSymbol? collection = (operation.Collection is IConversionOperation { IsImplicit: true } conversion ? conversion.Operand : operation.Collection).Type;
        NoteEnumeration(collection);
        if (Deconstructions.PartsOf(operation.LoopControlVariable) is > 0 and var parts)
        {
            Note(Deconstructions.Of(Deconstructions.ElementOf(collection), parts));
        }

        base.VisitForEachLoop(operation);
    }

    public override void VisitMethodReference(IMethodReferenceOperation operation)
    {
        Note(operation.Method, operation.Instance?.Type);
        bool isOnlyInvoked = operation.Parent is IDelegateCreationOperation { Parent: IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } } && OperationLowering.OnlyInvokes(operation, local);
        if (IsOurs(operation.Method) && !isOnlyInvoked)
        {
            _converted.Add(Definition(operation.Method));
        }

        base.VisitMethodReference(operation);
    }

    public override void VisitDelegateCreation(IDelegateCreationOperation operation)
    {
        foreach (IMethodSymbol function in FunctionsOf(operation.Target))
        {
            NoteDelegate(operation, function);
        }

        base.VisitDelegateCreation(operation);
    }

    public override void VisitParameterReference(IParameterReferenceOperation operation)
    {
        if (operation.Type is { TypeKind: TypeKind.Delegate })
        {
            NoteDelegate(operation, operation.Parameter);
            if (operation.Parent is IArgumentOperation { Parameter: { Ordinal: var at, ContainingSymbol: IMethodSymbol callee } } && _reader.Code(callee).RunElsewhere.Contains(at))
            {
                _traits |= BodyTraits.Invokes;
            }
        }

        base.VisitParameterReference(operation);
    }

    /// <summary>What a delegate runs for sure: the method that it is made of, or what a lambda calls by statements of its own.</summary>
    private static IEnumerable<IMethodSymbol> FunctionsOf(IOperation target) => target switch
    {
        IMethodReferenceOperation { Method: var method } => [method],
        IAnonymousFunctionOperation { Body.Operations: var body } => body
            .Select(o => o is IExpressionStatementOperation statement ? statement.Operation : (o as IReturnOperation)?.ReturnedValue)
            .OfType<IInvocationOperation>()
            .Select(c => c.TargetMethod),
        _ => [],
    };

    /// <summary>Notes where a function is kept, if it is.</summary>
    private void NoteDelegate(IOperation value, ISymbol function)
    {
        if (function is IMethodSymbol method && (!IsOurs(method) || method.MethodKind == MethodKind.LocalFunction))
        {
            return;
        }

        IOperation? user = value.Parent;
        while (user is IConversionOperation or ICoalesceOperation)
        {
            user = user.Parent;
        }

        ISymbol? keeper = user switch
        {
            IEventAssignmentOperation { Adds: true, EventReference: IEventReferenceOperation { Event: var raised } } => raised,
            IAssignmentOperation { Target: IPropertyReferenceOperation { Arguments.IsEmpty: false, Instance: IMemberReferenceOperation { Member: var collection } } } => collection,
            IAssignmentOperation { Target: IMemberReferenceOperation { Member: var member } } assignment when assignment.Target != value => member,
            IArgumentOperation { Parameter: { } parameter } when IsOurs(parameter) => parameter,
            IArgumentOperation { Parent: IInvocationOperation { Instance: IMemberReferenceOperation { Member: var collection } } } => collection,
            _ => null,
        };
        if (keeper is not null && IsOurs(keeper))
        {
            _kept.Add(new KeptDelegate(keeper.OriginalDefinition, function is IMethodSymbol kept ? Definition(kept) : function.OriginalDefinition));
        }
    }

    /// <summary>Whether what is of a type is a delegate, or has some in it.</summary>
    private static bool MayKeepDelegates(ITypeSymbol? type) => type is { TypeKind: TypeKind.Delegate } || (type is INamedTypeSymbol { IsGenericType: true, TypeArguments: var arguments } && arguments.Any(a => a.TypeKind == TypeKind.Delegate));

    private void NoteInvoked(IOperation use, ISymbol member, ITypeSymbol? type)
    {
        if (MayKeepDelegates(type) && IsOurs(member) && !(use.Parent is IEventAssignmentOperation || (use.Parent is IAssignmentOperation assignment && assignment.Target == use)))
        {
            _invoked.Add(member.OriginalDefinition);
        }
    }

    public override void VisitFieldReference(IFieldReferenceOperation operation)
    {
        IFieldSymbol field = operation.Field;
        Note(field);
        NoteKept(field, field.Type);
        NoteInvoked(operation, field, field.Type);
        if (_infersGuards && !field.IsConst && SymbolEqualityComparer.Default.Equals(field.ContainingAssembly, _assembly))
        {
            _traits |= BodyTraits.Fields;
            NoteUse(field.OriginalDefinition);
        }

        base.VisitFieldReference(operation);
    }

    public override void VisitSimpleAssignment(ISimpleAssignmentOperation operation)
    {
        if (!_constructs
            && operation.Target is IFieldReferenceOperation
            {
                Instance: null or IInstanceReferenceOperation, Field: { IsReadOnly: false, Type: { TypeKind: TypeKind.Class or TypeKind.Interface, SpecialType: SpecialType.None } } field
            })
        {
            _written.Add(field.OriginalDefinition);
        }

        if (operation is { Target: IMemberReferenceOperation or IArrayElementReferenceOperation, Value: IInvocationOperation or IObjectCreationOperation or ILocalReferenceOperation or IArrayCreationOperation } && StandsForWork(operation.Target.Type))
        {
            _traits |= BodyTraits.KeepsWork;
        }

        base.VisitSimpleAssignment(operation);
    }

    public override void VisitAwait(IAwaitOperation operation)
    {
        IOperation awaited = operation.Operation is IInvocationOperation { Instance: { } configured } ? configured : operation.Operation;
        _traits |= awaited is IFieldReferenceOperation or IParameterReferenceOperation ? BodyTraits.Blocks : BodyTraits.None;
        base.VisitAwait(operation);
    }

    public override void VisitEventReference(IEventReferenceOperation operation)
    {
        Note(operation.Event);
        NoteInvoked(operation, operation.Event, operation.Event.Type);
        base.VisitEventReference(operation);
    }

    public override void VisitEventAssignment(IEventAssignmentOperation operation)
    {
        if (operation.EventReference is IEventReferenceOperation { Event: var @event })
        {
            Note(operation.Adds ? @event.AddMethod : @event.RemoveMethod);
        }

        base.VisitEventAssignment(operation);
    }

    public override void VisitPropertyReference(IPropertyReferenceOperation operation)
    {
        Note(operation.Property);
        NoteKept(operation.Property, operation.Property.Type);
        NoteInvoked(operation, operation.Property, operation.Property.Type);
        if (_infersGuards && SymbolEqualityComparer.Default.Equals(operation.Property.ContainingAssembly, _assembly) && NoteUse(operation.Property.OriginalDefinition))
        {
            _traits |= BodyTraits.Fields;
        }

        // What is only read is not set: where a setter reads what it has set, nothing goes in a circle.
        bool isTarget = operation.Parent is IAssignmentOperation assignment && assignment.Target == operation;
        if (operation.Property.GetMethod is { } getter && !(isTarget && operation.Parent is ISimpleAssignmentOperation))
        {
            Note(getter, operation.Instance?.Type);
        }

        if (operation.Property.SetMethod is { } setter && (isTarget || operation.Parent is IIncrementOrDecrementOperation or ITupleOperation))
        {
            Note(setter, operation.Instance?.Type);
        }

        base.VisitPropertyReference(operation);
    }

    public override void VisitBinaryOperator(IBinaryOperation operation)
    {
        Note(operation.OperatorMethod);
        foreach (IOperation shown in Texts.In(operation))
        {
            Note(Texts.Of(shown.Type));
        }

        base.VisitBinaryOperator(operation);
    }

    public override void VisitInterpolation(IInterpolationOperation operation)
    {
        Note(Texts.Of(operation.Expression.Type));
        base.VisitInterpolation(operation);
    }

    public override void VisitDeconstructionAssignment(IDeconstructionAssignmentOperation operation)
    {
        Note(Deconstructions.Of(operation.Value.Type, Deconstructions.PartsOf(operation.Target)));
        base.VisitDeconstructionAssignment(operation);
    }

    public override void VisitRecursivePattern(IRecursivePatternOperation operation)
    {
        Note(operation.DeconstructSymbol as IMethodSymbol);
        base.VisitRecursivePattern(operation);
    }

    public override void VisitUnaryOperator(IUnaryOperation operation)
    {
        Note(operation.OperatorMethod);
        base.VisitUnaryOperator(operation);
    }

    public override void VisitCompoundAssignment(ICompoundAssignmentOperation operation)
    {
        Note(operation.OperatorMethod);
        base.VisitCompoundAssignment(operation);
    }

    public override void VisitIncrementOrDecrement(IIncrementOrDecrementOperation operation)
    {
        Note(operation.OperatorMethod);
        base.VisitIncrementOrDecrement(operation);
    }

    public override void VisitConversion(IConversionOperation operation)
    {
        Note(operation.OperatorMethod);

        // A lock that is turned into an object.
        if (operation.Operand.Type is { } from && operation.Type is { } to && !SymbolEqualityComparer.Default.Equals(from, to))
        {
            NoteGuard(from);
        }

        base.VisitConversion(operation);
    }

    private bool NoteUse(ISymbol variable)
    {
        bool isGuardable = _guardable(variable);
        if (isGuardable)
        {
            _used.Add(variable);
        }

        return isGuardable;
    }

    /// <summary>Whether what is of a type stands for work that runs elsewhere, or keeps what does.</summary>
    public static bool StandsForWork(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol { ElementType: INamedTypeSymbol element } => StandsForWork(element),
        INamedTypeSymbol { Name: "Task" or "ValueTask" or "Thread" or "Timer" or "CancellationTokenRegistration" } => type.ContainingNamespace?.Name is "Threading" or "Tasks",
        INamedTypeSymbol { TypeKind: not TypeKind.Delegate, IsGenericType: true, TypeArguments: var arguments } => arguments.Any(StandsForWork),
        _ => false,
    };

    /// <summary>Finds out whether a body comes to its end only by a throw, or by a call that may never return either.</summary>
    private void NoteEnd(IOperation root)
    {
        IBlockOperation? block = root is IMethodBodyOperation body ? body.BlockBody ?? body.ExpressionBody : root as IBlockOperation;
        IOperation? last = block is { Operations.Length: > 0 } ? block.Operations[block.Operations.Length - 1] : null;
        IOperation? end = last switch
        {
            IExpressionStatementOperation statement => statement.Operation,
            IReturnOperation { Kind: OperationKind.Return } result => result.ReturnedValue,
            _ => last,
        };
        end = end is IConversionOperation { OperatorMethod: null } conversion ? conversion.Operand : end;
        if (_returns > (last is IReturnOperation { IsImplicit: false } ? 1 : 0))
        {
            return;
        }

        _traits |= end is IThrowOperation ? BodyTraits.OnlyThrows : BodyTraits.None;
        bool makes = end is IObjectCreationOperation { Constructor: { } made } ? IsOurs(made) : end is IInvocationOperation { TargetMethod: var copied } && MemberCode.MakesNew(copied);
        _traits |= makes && last is IReturnOperation ? BodyTraits.ReturnsNew : BodyTraits.None;
        _endsIn = end is IInvocationOperation { TargetMethod: { IsVirtual: false } method } && IsOurs(method) ? Definition(method) : null;
    }

    private static IMethodSymbol Definition(IMethodSymbol method) => MemberCode.WithBody((method.ReducedFrom ?? method).OriginalDefinition);

    private BodyOutline Outline() =>
        new(
            _traits,
            _callees.Distinct(Symbols).ToImmutableArray(),
            _converted.ToImmutableArray(),
            _used.Distinct<ISymbol>(SymbolEqualityComparer.Default).ToImmutableArray(),
            _written.ToImmutableArray(),
            _kept.Distinct().ToImmutableArray(),
            _invoked.Distinct<ISymbol>(SymbolEqualityComparer.Default).ToImmutableArray(),
            _endsIn);

    private static IEqualityComparer<IMethodSymbol> Symbols => SymbolEqualityComparer.Default;

    private bool IsOurs(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, _assembly);

    private void Note(IMethodSymbol? method)
    {
        if (method is not null)
        {
            Note(method, null);
        }
    }

    private void Note(IMethodSymbol method, ITypeSymbol? receiver)
    {
        CodeContract contract = _reader.Code(method, receiver);
        _traits |= ReferenceEquals(contract, CodeContract.None) ? BodyTraits.None
            : contract.OnlyBlocks ? BodyTraits.Blocks
            : TraitsOf(contract);
        if (!method.IsImplicitlyDeclared && method.MethodKind != MethodKind.LocalFunction && IsOurs(method))
        {
            _callees.Add(Definition(method));
        }
    }

    private static BodyTraits TraitsOf(CodeContract contract) =>
        !contract.SaysAnything ? BodyTraits.None
        : contract.HasClauses && contract.Clauses.All(c => c.IsAboutHandedOut) ? BodyTraits.HandsOut
        : BodyTraits.Contracts;

    private void Note(ISymbol member)
    {
        if (member is IFieldSymbol { Type: { IsValueType: true, SpecialType: SpecialType.None } type })
        {
            NoteGuard(type);
        }

        if (member is IFieldSymbol { Type: IArrayTypeSymbol { ElementType: { IsValueType: true, SpecialType: SpecialType.None } element } })
        {
            NoteGuard(element);
        }

        DataContract contract = _reader.Data(member);
        if (contract.IsGuarded)
        {
            _traits |= BodyTraits.Contracts;
            if (!contract.Contents.IsEmpty || contract.GracePeriod is not null || contract.Guards.Length > 0)
            {
                _traits |= BodyTraits.Contents;
            }
        }
    }

    /// <summary>A function that promises something, or tries to.</summary>
    private void NoteFunction(IMethodSymbol function)
    {
        CodeContract contract = _reader.Code(function);
        if (contract.SaysAnything || !contract.Problems.IsEmpty)
        {
            _traits |= BodyTraits.Contracts;
        }
    }

    private void NoteGuard(ITypeSymbol? type)
    {
        if (type is not null && (_reader.Type(type).IsScoped || _reader.Type(type).Capability is not null))
        {
            _traits |= BodyTraits.Contracts;
        }
    }

    /// <summary>No operation names the methods that <c>using</c> calls.</summary>
    private void NoteDisposal(ITypeSymbol? type)
    {
        NoteGuard(type);
        NoteMember(type, "Dispose");
        NoteMember(type, "DisposeAsync");
    }

    /// <summary>What its Dispose releases, an object may be a guard of.</summary>
    private void NoteGuardOf(ITypeSymbol? made)
    {
        NoteMember(made, "Dispose");
        NoteMember(made, "DisposeAsync");
    }

    /// <summary>One that is made once and kept, to be returned by whoever acquires.</summary>
    private void NoteKept(ISymbol member, ITypeSymbol type)
    {
        bool isDisposable = type.Name is "IDisposable" or "IAsyncDisposable" or "Task" || (type.TypeKind == TypeKind.Class && IsOurs(type) && !type.AllInterfaces.IsEmpty);
        if (isDisposable && _reader.Members.Kept.Of(_reader.Members.Intern(member)) is { } kept)
        {
            NoteGuardOf(kept.Made);
        }
    }

    /// <summary>Nor those that <c>foreach</c> calls.</summary>
    private void NoteEnumeration(ITypeSymbol? type)
    {
        if (NoteMember(type, "GetEnumerator") is { ReturnType: var enumerator })
        {
            NoteMember(enumerator, "MoveNext");
            NoteMember(enumerator, "get_Current");
            NoteMember(enumerator, "Dispose");
        }
    }

    private IMethodSymbol? NoteMember(ITypeSymbol? type, string name)
    {
        IMethodSymbol? found = null;
        for (ITypeSymbol? current = type; current is not null && found is null && SymbolEqualityComparer.Default.Equals(current.ContainingAssembly, _assembly); current = current.BaseType)
        {
            found = current.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.IsEmpty)
                ?? (current.AllInterfaces.IsEmpty ? null : current.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.IsEmpty && m.ExplicitInterfaceImplementations.Any(i => i.Name == name)));
        }

        Note(found);
        return found;
    }
}
