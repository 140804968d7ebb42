// Calls: methods, constructors, accessors, operators and delegates, with what is passed to them.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

internal sealed partial class OperationLowering
{
    public override Expr VisitInvocation(IInvocationOperation operation, object? argument)
    {
        bool dropped = TakeDropped(operation);
        IMethodSymbol method = operation.TargetMethod;
        if (method.MethodKind == MethodKind.LocalFunction && body.LocalFunction(method) is { Contract.HasClauses: false } local)
        {
            return local.IsIterator && !IsEnumerated(operation) && !LazySequences.IsGoneThrough(operation, graph) ? RunLater(operation, local) : Run(operation, local, operation.Arguments);
        }

        if (method.MethodKind == MethodKind.DelegateInvoke && InvokedLambda(operation.Instance) is { } lambda)
        {
            return lambda.Contract.HasClauses ? CallByContract(operation, lambda) : Run(operation, lambda, operation.Arguments);
        }

        if (method.MethodKind == MethodKind.DelegateInvoke && InvokedMethod(operation.Instance) is { } kept)
        {
            return CallKept(operation, kept, dropped);
        }

        if (method is { Name: "GetValueOrDefault", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } && operation.Arguments.IsEmpty)
        {
            return Visit(operation.Instance!);
        }

        var call = new PendingCall(operation.Syntax, method) { ResultIsDropped = dropped, IsAwaitedAtOnce = IsAwaited(operation), IsLetGo = method.IsAsync && (dropped || IsPutAway(operation)), IsGoneThrough = LazySequences.IsGoneThrough(operation, graph) };
        if (operation.Instance is { } instance)
        {
            LocateReceiver(instance, call);
        }

        else if (method is { MethodKind: MethodKind.LocalFunction, IsStatic: false })
        {
            call.Receiver = new Expr.This();
        }

        CodeContract contract = LazySequences.Narrow(Reader.Code(call.Method, call.ReceiverType), operation, graph);
        AddArguments(call, operation.Arguments, contract);
        if (operation.IsImplicit && operation.Arguments.FirstOrDefault()?.Value is IFlowCaptureReferenceOperation capture)
        {
            call.LockedAs = body.LockedValues.TryGetValue(Slots.Of(capture.Id), out LockKind? kind) ? kind : null;
        }

        if (method.IsExtensionMethod && body.TracksContents && call.Arguments.Count > 0 && call.Arguments[0] is { } extended)
        {
            Emit(new UseStep(operation.Syntax, extended, AccessKind.Read));
        }

        return Finish(call, contract);
    }

    public override Expr VisitObjectCreation(IObjectCreationOperation operation, object? argument)
    {
        TakeDropped(operation);
        if (operation.Constructor is not { } constructor)
        {
            return DefaultVisit(operation, argument);
        }

        var call = new PendingCall(operation.Syntax, constructor) { IsCreation = true, ResultType = operation.Type };
        CodeContract contract = Reader.Code(constructor);
        AddArguments(call, operation.Arguments, contract);
        return Finish(call, contract);
    }

    public override Expr VisitArrayCreation(IArrayCreationOperation operation, object? argument)
    {
        if (operation is { Type: IArrayTypeSymbol { ElementType: var element }, Initializer: { } initializer } && StandsForWork(element))
        {
            return Gathered(operation, initializer);
        }

        DefaultVisit(operation, argument);
        return NewObject(operation);
    }

    private static bool StandsForWork(ITypeSymbol? type) => type is { TypeKind: TypeKind.Delegate } or { Name: "Task" or "ValueTask" or "Thread" };

    /// <summary>A collection of tasks, threads or functions: for somebody else to await or to run.</summary>
    private Expr Gathered(IOperation operation, IOperation initializer)
    {
        ImmutableArray<Expr> parts = initializer.ChildOperations.Select(VisitPart).ToImmutableArray();
        int result = Temporary();
        Emit(new GatherStep(operation.Syntax, parts, result));
        return new Expr.Slot(result);
    }

    public override Expr VisitAnonymousObjectCreation(IAnonymousObjectCreationOperation operation, object? argument)
    {
        DefaultVisit(operation, argument);
        return NewObject(operation);
    }

    public override Expr VisitDelegateCreation(IDelegateCreationOperation operation, object? argument)
    {
        switch (operation.Target)
        {
            case IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } local } when body.LocalFunction(local) is { } function:
                if (function.Contract.HasClauses && IsKept(operation))
                {
                    Emit(new ConvertMethodStep(operation.Target.Syntax, local, null, operation.Type, _given));
                }

                return new Expr.Function(function);
            case IMethodReferenceOperation reference:
                Expr? target = reference.Instance is { } instance ? Visit(instance) : null;
                AccessKind? usesLater = null;
                if (reference.Instance is { } used && target is not Expr.This && TracksContents(used))
                {
                    // Whoever invokes it uses what the reference points to.
                    AccessKind kind = OnlyReads(reference.Method) ? AccessKind.Read : AccessKind.Write;
                    usesLater = IsKept(operation) ? kind : null;
                    if (usesLater is null)
                    {
                        Emit(new UseStep(reference.Syntax, target!, kind));
                    }
                }

                var converted = new ConvertMethodStep(reference.Syntax, reference.Method, target, operation.Type, _given) { UsesLater = usesLater };
                Emit(converted);
                _taker?.Methods.Add(converted);
                return new Expr.MethodGroup(reference.Method, target);
            default:
                Expr value = Visit(operation.Target);
                if (value is Expr.Function lambda)
                {
                    lambda.Body.Invoked = Reader.Delegate(operation.Type);
                }

                return value;
        }
    }

    /// <summary>Whether a delegate goes where whoever has it later invokes it: into a member, to the caller, to a method that does not run it at once.</summary>
    private bool IsKept(IOperation made)
    {
        IOperation value = made;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            null or IEventAssignmentOperation => true,
            IAssignmentOperation assignment => assignment.Value == value && assignment.Target is IMemberReferenceOperation or IArrayElementReferenceOperation,
            IArgumentOperation argument => argument == _later,
            _ => false,
        };
    }

    public override Expr VisitFlowAnonymousFunction(IFlowAnonymousFunctionOperation operation, object? argument) =>
        new Expr.Function(body.Lambda(operation, graph));

    private void Call(SyntaxNode syntax, IMethodSymbol method, Expr? receiver, ITypeSymbol? receiverType, ImmutableArray<Expr> arguments)
    {
        var call = new PendingCall(syntax, method) { Receiver = receiver };
        call.Arguments.AddRange(arguments);
        Finish(call, Reader.Code(method, receiverType));
    }

    /// <summary>What was there to be acquired is there to be released: a property that leads to a lock fails the first time, or not at all.</summary>
    private bool LooksUpALock(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.PropertyGet, Parameters.IsEmpty: true, ReturnType: var type } && (type.SpecialType == SpecialType.System_Object || Reader.KindOf(type) is { IsMonitor: false });

    /// <summary>A getter is called where it has a contract or a body of its own; its value stays what the property stands for.</summary>
    private Expr CallGetter(IOperation operation, Variable variable, IMethodSymbol getter)
    {
        if (variable.Receiver is null or Expr.This && (operation.Type is { IsReferenceType: true } || IsFixed(variable.Value)) && IsAutomatic(getter))
        {
            // As good as a field: nothing is called that could throw.
            return variable.Value;
        }

        var call = new PendingCall(operation.Syntax, getter) { Receiver = variable.Receiver, ResultType = operation.Type };
        call.Arguments.AddRange(variable.Indexes);
        CodeContract contract = Reader.Code(getter, variable.ReceiverType);
        Expr result = Finish(call, contract);
        bool isOwnValue = contract.Clauses.Any(c => c.Kind is ClauseKind.TestsHeld or ClauseKind.TryAcquires) || variable.Value is Expr.Opaque || (operation.Type is { IsReferenceType: false } && !IsFixed(variable.Value));
        return isOwnValue ? result : variable.Value;
    }

    /// <summary>Whether reading a variable twice yields the same value although somebody may have written in between.</summary>
    private static bool IsFixed(Expr value) => value is Expr.Member { Symbol.IsReadOnly: true } or Expr.Static { Symbol.IsReadOnly: true };

    private Expr Run(IInvocationOperation operation, FunctionBody invoked, ImmutableArray<IArgumentOperation> arguments)
    {
        var values = new Expr[invoked.ParameterSlots.Length];
        foreach (IArgumentOperation argument in arguments)
        {
            Expr value = argument.Parameter?.RefKind is RefKind.None ? Copied(Visit(argument.Value), argument.Syntax) : Reference(argument);
            if (argument.Parameter is { } parameter && parameter.Ordinal < values.Length)
            {
                values[parameter.Ordinal] = value;
            }
        }

        invoked.IsPlaced = true;
        function.MentionedSlots.UnionWith(invoked.MentionedSlots);
        int result = Temporary();
        Emit(new RunStep(operation.Syntax, invoked, values.Select(v => v ?? Expr.Unknown).ToImmutableArray(), result));
        return new Expr.Slot(result);
    }

    /// <summary>What an iterator returns is handed out, to be enumerated nobody knows when.</summary>
    private Expr RunLater(IInvocationOperation operation, FunctionBody iterator)
    {
        foreach (IArgumentOperation argument in operation.Arguments)
        {
            Escape(Visit(argument.Value), argument.Syntax);
        }

        iterator.IsPlaced = true;
        Emit(new DeferStep(operation.Syntax, iterator));
        return Expr.Unknown;
    }

    private static bool IsAwaited(IInvocationOperation operation) =>
        operation.Parent is IAwaitOperation || (operation.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Parent: IAwaitOperation } configured && configured.Instance == operation);

    /// <summary>
    /// Whether what a call returns goes where the body does not wait for it, into a member or nowhere; or where it is seen whether and when the body
    /// waits: into a local, or to a method that waits.
    /// </summary>
    private static bool IsPutAway(IInvocationOperation operation) => operation.Parent switch
    {
        IInvocationOperation { TargetMethod.Name: "AsTask", Instance: { } same } turned when same == operation => IsPutAway(turned),
        IInvocationOperation { TargetMethod.Name: "Wait", Instance: { } waited } => waited == operation,
        IPropertyReferenceOperation { Property.Name: "Result", Instance: { } asked } => asked == operation,
        ISimpleAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation or IDiscardOperation or ILocalReferenceOperation } assignment => assignment.Value == operation,
        _ => false,
    };

    private static bool IsEnumerated(IInvocationOperation operation) =>
        operation.Syntax.Parent is CommonForEachStatementSyntax loop && loop.Expression == operation.Syntax;

    private Expr Reference(IArgumentOperation argument)
    {
        Variable variable = Locate(argument.Value);
        if (variable.Place is Place.Slot slot && argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out })
        {
            Slots.NoteAssignment(slot.Index, function);
        }

        return ReferenceTo(variable) ?? variable.Value;
    }

    private void LocateReceiver(IOperation instance, PendingCall call)
    {
        IOperation inner = WithoutConversion(instance);

        IMethodSymbol named = call.Method;
        call.IsOfBase = instance.Syntax is BaseExpressionSyntax;
        call.ReceiverType = inner.Type;
        call.Method = Implementation(call.Method, inner.Type);
        if (instance is IParameterReferenceOperation parameter && call.Method.MethodKind == MethodKind.DelegateInvoke)
        {
            call.OwnParameter = parameter.Parameter;
        }

        if (inner.Type is { IsValueType: true } type)
        {
            Variable variable = LocateValue(inner);
            call.Receiver = variable.Value;
            if (Reader.KindOf(type) is not { Inline: true })
            {
                Touch(variable, call.Method.IsReadOnly || type.IsReadOnly ? AccessKind.Read : AccessKind.Write);
            }

            if (body.TracksContents && (Views.Includes(type) || Views.IsEnumerator(type)) && !Views.Makes(call.Method) && !Views.IsEndedBy(call.Method, type))
            {
                Emit(new UseStep(PlaceOf(call), call.Receiver, Views.IsWrittenBy(call.Method) ? AccessKind.Write : AccessKind.Read, _isTest));
            }

            return;
        }

        call.Receiver = Visit(instance);
        if (TracksContents(inner) && !AsksForLength(call.Method, inner) && !(inner is not IFieldReferenceOperation && Views.IsEndedBy(named, inner.Type)))
        {
            // What implements an interface member explicitly has another name.
            Emit(new UseStep(PlaceOf(call), call.Receiver, OnlyReads(named) || OnlyReads(call.Method) ? AccessKind.Read : AccessKind.Write, _isTest));
        }
    }

    /// <summary>What a loop asks its enumerator is asked of what it goes through.</summary>
    private static SyntaxNode PlaceOf(PendingCall call) => call.Syntax is CommonForEachStatementSyntax loop ? loop.Expression : call.Syntax;

    /// <summary>What a call through an interface reaches, where the static type of the receiver tells: Dispose at the end of a using.</summary>
    private static IMethodSymbol Implementation(IMethodSymbol method, ITypeSymbol? receiver) =>
        method.ContainingType is { TypeKind: TypeKind.Interface } && receiver is { TypeKind: TypeKind.Class or TypeKind.Struct }
            ? receiver.FindImplementationForInterfaceMember(method) as IMethodSymbol ?? method
            : method;

    private void AddArguments(PendingCall call, ImmutableArray<IArgumentOperation> arguments, CodeContract contract)
    {
        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Parameter is not { } parameter)
            {
                Copied(Visit(argument.Value), argument.Syntax);
                continue;
            }

            Expr value = parameter.RefKind == RefKind.None ? ByValue(argument, parameter, call, contract) : ByReference(argument, parameter, call, contract);
            while (call.Arguments.Count <= parameter.Ordinal)
            {
                call.Arguments.Add(Expr.Unknown);
            }

            call.Arguments[parameter.Ordinal] = value;
        }
    }

    private Expr ByValue(IArgumentOperation argument, IParameterSymbol parameter, PendingCall call, CodeContract contract)
    {
        (ImmutableArray<Clause> given, PendingCall? taker, IArgumentOperation? later) = (_given, _taker, _later);
        _given = contract.Clauses.Where(c => c.Parameter == parameter.Ordinal).ToImmutableArray();
        _taker = _given.IsEmpty ? null : call;
        _later = call.Method.DeclaringSyntaxReferences.IsEmpty && !contract.InstantHandles.Contains(parameter.Ordinal) ? argument : null;
        Expr value = Visit(argument.Value);
        (_given, _taker, _later) = (given, taker, later);
        NoteCopy(argument.Value);
        LookInside(argument, parameter, value, call.Method);
        if (value is Expr.Function { Body: { IsPlaced: false } function })
        {
            function.IsPlaced = true;
            function.Invoked = contract.NonBlockingDelegates.Contains(parameter.Ordinal) ? function.Invoked with { MustNotBlock = true } : function.Invoked;
            call.Functions.Add((parameter.Ordinal, function));
        }

        return value;
    }

    /// <summary>What is used through Interlocked or Volatile: a field, or the array that it refers to.</summary>
    private static IFieldSymbol? AtomicField(Place? place) => place switch
    {
        Place.Member member => member.Symbol.Symbol as IFieldSymbol,
        Place.Inside { Owner: Expr.Member array } => array.Symbol.Symbol as IFieldSymbol,
        Place.Inside { Owner: Expr.Static array } => array.Symbol.Symbol as IFieldSymbol,
        _ => null,
    };

    private Expr ByReference(IArgumentOperation argument, IParameterSymbol parameter, PendingCall call, CodeContract contract)
    {
        bool reads = parameter.RefKind is not (RefKind.Ref or RefKind.Out);
        Variable variable = Locate(argument.Value);
        if (contract.Atomic)
        {
            call.Exchanged = call.Method.Name == nameof(System.Threading.Interlocked.Exchange) && argument.Value.Type is { IsReferenceType: true } ? variable : null;
            AccessKind kind = reads || call.Method.Name == nameof(System.Threading.Volatile.Read) ? AccessKind.Read : AccessKind.Write;
            if (AtomicField(variable.Place) is { } field && body.Infers(field))
            {
                Emit(new AtomicStep(argument.Syntax, field));
                Touch(variable with { Touched = variable.Touched.RemoveAll(t => t.Contents is null) }, kind);
                return variable.Value;
            }

            Touch(variable, kind);
            return variable.Value;
        }

        if (parameter.RefKind == RefKind.Ref && AtomicField(variable.Place) is { } counter && body.Infers(counter) && FieldUses.IsAtomic(parameter))
        {
            Emit(new AtomicStep(argument.Syntax, counter));
            return variable.Value;
        }

        if (variable.Place is Place.Slot slot)
        {
            if (!reads)
            {
                function.MentionedSlots.Add(slot.Index);
                Slots.NoteAssignment(slot.Index, function);
                call.Write(parameter.Ordinal, slot.Index);
            }

            return new Expr.Ref(slot);
        }

        Touch(variable, reads ? AccessKind.PassedForReading : AccessKind.PassedForWriting);
        if (!reads && variable.Place is { } place)
        {
            int written = Temporary();
            call.Write(parameter.Ordinal, written);
            call.Stores.Add(new StoreStep(argument.Syntax, place, new Expr.Slot(written)));
        }

        return ReferenceTo(variable) ?? variable.Value;
    }

    private Expr Finish(PendingCall call, CodeContract contract)
    {
        int result = Temporary();
        Emit(new CallStep(call.Syntax, call.Method, contract)
        {
            Receiver = call.Receiver,
            ReceiverType = call.ReceiverType,
            Arguments = call.Arguments.ToImmutableArray(),
            Written = call.WrittenSlots(),
            Result = result,
            ResultType = call.ResultType ?? call.Method.ReturnType,
            IsCreation = call.IsCreation,
            IsOfBase = call.IsOfBase,
            ResultIsDropped = call.ResultIsDropped,
            Functions = call.Functions.ToImmutableArray(),
            Methods = call.Methods.ToImmutableArray(),
            Scope = call.Scope,
            IsAwaitedAtOnce = call.IsAwaitedAtOnce,
            IsLetGo = call.IsLetGo,
            IsGoneThrough = call.IsGoneThrough,
            LockedAs = call.LockedAs,
            IsLockOperation = !contract.MayBlock && contract.Clauses.Any(c => c.ChangesWhatIsHeld || c.Kind is ClauseKind.TestsHeld or ClauseKind.AssertsHeld),
            NeverFails = contract.ReturnsReceiver || (call.IsCreation ? LockCreation.OnlyStores(call.Method) : LooksUpALock(call.Method)),
            IsCancellable = call.Method.Parameters.Any(p => p.Type.Name == nameof(System.Threading.CancellationToken)),
            OfOwnParameter = call.OwnParameter is { ContainingSymbol: IMethodSymbol owner } parameter
                ? Reader.Code(owner).Clauses.Where(c => c.Parameter == parameter.Ordinal).ToImmutableArray()
                : ImmutableArray<Clause>.Empty,
        });
        foreach (StoreStep store in call.Stores)
        {
            Emit(store);
        }

        Continue(call);
        if (call.Exchanged is { Place: { } exchanged } before)
        {
            Emit(new AssignStep(call.Syntax, result, before.Value));
            Emit(new StoreStep(call.Syntax, exchanged, call.Arguments[1]));
        }

        // What acquires does more than return, whatever its body looks like.
        LockPath? member = contract.Returns ?? (contract.Clauses.Any(c => c.ChangesWhatIsHeld) ? null : Reader.Members.Returned(call.Method));
        if (member is not null && PathExpr(member, call.Receiver, call.Arguments.ToImmutableArray()) is { } returned)
        {
            return returned;
        }

        return contract.Atomic && call.Method.Name == nameof(System.Threading.Volatile.Read) && call.Arguments.Count > 0 ? call.Arguments[0] : new Expr.Slot(result);
    }

    /// <summary>What is known because the call returned at all.</summary>
    private void Continue(PendingCall call)
    {
        const string space = "System.Diagnostics.CodeAnalysis";
        static bool Is(AttributeData a, string name) => a.AttributeClass?.Name == name && a.AttributeClass.ContainingNamespace.ToDisplayString() == space;
        if (call.Method.GetAttributes().Any(a => Is(a, "DoesNotReturnAttribute")))
        {
            Emit(new AssumeStep(call.Syntax, new Expr.Constant(0)));
        }

        foreach (IParameterSymbol parameter in call.Method.Parameters)
        {
            AttributeData? condition = parameter.Type.SpecialType != SpecialType.System_Boolean
                ? null
                : parameter.GetAttributes().FirstOrDefault(a => Is(a, "DoesNotReturnIfAttribute"));
            if (condition?.ConstructorArguments.FirstOrDefault().Value is bool stops && parameter.Ordinal < call.Arguments.Count)
            {
                Expr argument = call.Arguments[parameter.Ordinal];
                Emit(new AssumeStep(call.Syntax, stops ? Expr.Not(argument) : argument));
            }
        }
    }

    /// <summary>A lock statement that the graph leaves as it is: its target, and then its body without any trace of an end.</summary>
    private void LowerLockStatement(LockStatementSyntax statement, IOperation locked)
    {
        Expr target = Visit(locked);
        IMethodSymbol? enter = locked.Type?.GetMembers("Enter").OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.IsEmpty);
        if (enter is not null)
        {
            var call = new PendingCall(statement.Expression, enter) { Receiver = target, Scope = statement.Statement };
            Finish(call, Reader.Code(enter));
        }
    }

    /// <summary>The runtime locks the object, or the type, around the whole body.</summary>
    private void LowerSynchronized(IMethodSymbol method)
    {
        SyntaxNode declaration = method.DeclaringSyntaxReferences[0].GetSyntax();
        if (Reader.MonitorEnter is { } enter)
        {
            var call = new PendingCall(SynchronizedMethods.Locate(method, declaration), enter) { Scope = declaration };
            call.Arguments.Add(method.IsStatic ? new Expr.TypeOf(method.ContainingType.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)) : new Expr.This());
            Finish(call, Reader.Code(enter));
        }
    }

    private Expr NewObject(IOperation operation)
    {
        int result = Temporary();
        Emit(new CreateStep(operation.Syntax, result));
        return new Expr.Slot(result);
    }

    /// <summary>A lock path of a contract, in terms of the caller; null where it names something that the caller does not see.</summary>
    private static Expr? PathExpr(LockPath path, Expr? receiver, ImmutableArray<Expr> arguments)
    {
        Expr? root = path.Root switch
        {
            PathRoot.This => receiver,
            PathRoot.Parameter => path.Ordinal < arguments.Length ? arguments[path.Ordinal] : null,
            PathRoot.Static => new Expr.Static(path.Members[0]),
            _ => null,
        };
        foreach (LockMember member in path.Root == PathRoot.Static ? path.Members.Skip(1) : path.Members)
        {
            root = root is null ? null : new Expr.Member(root, member);
        }

        return root;
    }

    /// <summary>How long an array is, is no evidence for what guards its elements: it stays as long as it was made. A contract asks for the lock all the same.</summary>
    private bool AsksForLength(ISymbol member, IOperation array) =>
        member is { ContainingType.SpecialType: SpecialType.System_Array, Name: "Length" or "LongLength" or "Rank" or "GetLength" }
        && WithoutConversion(array) switch
        {
            IFieldReferenceOperation { Field: var field } => Reader.Data(field).Contents.IsEmpty,
            _ => !body.TracksContents,
        };

    /// <summary>Members that look at an object and leave it as it is: getters, pure methods, and the readers of collections.</summary>
    private static bool OnlyReads(IMethodSymbol method) =>
        method.MethodKind == MethodKind.PropertyGet
        || method.IsReadOnly
        || ReadingMembers.Contains(method)
        || method.GetAttributes().Any(a => a.AttributeClass is { Name: "PureAttribute" });

    /// <summary>A call that is being put together.</summary>
    private sealed class PendingCall(SyntaxNode syntax, IMethodSymbol method)
    {
        private ImmutableArray<int>.Builder? _written;

        public SyntaxNode Syntax { get; } = syntax;

        public IMethodSymbol Method { get; set; } = MemberCode.WithBody(method);

        public Expr? Receiver { get; set; }

        public ITypeSymbol? ReceiverType { get; set; }

        public ITypeSymbol? ResultType { get; init; }

        public bool IsCreation { get; init; }

        public bool IsOfBase { get; set; }

        public bool ResultIsDropped { get; init; }

        public IParameterSymbol? OwnParameter { get; set; }

        public LockKind? LockedAs { get; set; }

        /// <summary>What the call puts another object into; it returns the one that was there.</summary>
        public Variable? Exchanged { get; set; }

        public SyntaxNode? Scope { get; init; }

        public bool IsAwaitedAtOnce { get; init; }

        public bool IsLetGo { get; init; }

        public bool IsGoneThrough { get; init; }

        public List<Expr> Arguments { get; } = new();

        public List<StoreStep> Stores { get; } = new();

        public List<(int, FunctionBody)> Functions { get; } = new();

        public List<ConvertMethodStep> Methods { get; } = new();

        public void Write(int parameter, int slot)
        {
            _written ??= ImmutableArray.CreateBuilder<int>();
            while (_written.Count <= parameter)
            {
                _written.Add(-1);
            }

            _written[parameter] = slot;
        }

        public ImmutableArray<int> WrittenSlots() => _written?.ToImmutable() ?? ImmutableArray<int>.Empty;
    }
}
