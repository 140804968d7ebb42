// Variables: where they are, reading them, writing them, passing them by reference.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

internal sealed partial class OperationLowering
{
    public override Expr VisitLocalReference(ILocalReferenceOperation operation, object? argument) => ReadVariable(operation);

    public override Expr VisitParameterReference(IParameterReferenceOperation operation, object? argument) => ReadVariable(operation);

    public override Expr VisitFieldReference(IFieldReferenceOperation operation, object? argument) => ReadVariable(operation);

    public override Expr VisitPropertyReference(IPropertyReferenceOperation operation, object? argument) =>
        operation is { Instance: { } nullable, Property: { Name: nameof(System.Nullable<int>.HasValue), ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } }
            ? Expr.Not(Expr.Equal(Visit(nullable), Expr.Null))
            : ReadVariable(operation);

    public override Expr VisitEventReference(IEventReferenceOperation operation, object? argument) => ReadVariable(operation);

    public override Expr VisitArrayElementReference(IArrayElementReferenceOperation operation, object? argument) => ReadVariable(operation);

    public override Expr VisitFlowCaptureReference(IFlowCaptureReferenceOperation operation, object? argument) => ReadVariable(operation);

    public override Expr VisitInstanceReference(IInstanceReferenceOperation operation, object? argument) =>
        operation.ReferenceKind == InstanceReferenceKind.ContainingTypeInstance ? new Expr.This() : Expr.Unknown;

    /// <summary>A pointer to a variable: what is done through it nobody follows.</summary>
    public override Expr VisitAddressOf(IAddressOfOperation operation, object? argument)
    {
        Touch(Locate(operation.Reference), AccessKind.PassedForReading);
        return Expr.Unknown;
    }

    public override Expr VisitFlowCapture(IFlowCaptureOperation operation, object? argument)
    {
        int slot = Slots.Of(operation.Id);
        if (_referenceCaptures.Contains(operation.Id))
        {
            Variable captured = Locate(operation.Value);
            if (IsLasting(captured))
            {
                // Of several variables, as in <c>ref first ? ref _one : ref _other</c>, the last stands for all.
                _capturedVariables[operation.Id] = captured;
                return Expr.Unknown;
            }

            if (captured.Place is Place.Inside)
            {
                // Nothing leads from the slot to the array, so this is where its contents are used.
                Touch(captured, AccessKind.Read);
            }

            Assign(slot, ReferenceTo(captured) ?? captured.Value, operation.Syntax);
        }
        else
        {
            // What a switch looks at is tested, case by case.
            bool isTest = _isTest;
            _isTest |= operation.Value.Syntax.Ancestors().FirstOrDefault(a => a is not ParenthesizedExpressionSyntax) is SwitchStatementSyntax or SwitchExpressionSyntax && LooksAtField(operation.Value);
            Assign(slot, Visit(operation.Value), operation.Syntax);
            _isTest = isTest;
            if (TracksContents(operation.Value))
            {
                _capturedContents.Add(operation.Id);
            }

            if (operation.Value is IConversionOperation { IsImplicit: true, Operand.Type: { } type } && Reader.KindOf(type) is { HidesMonitor: true } kind)
            {
                // The lock statement knows what it is; any other object, a mutex or a semaphore, it locks as a monitor.
                body.LockedValues[slot] = kind;
            }
        }

        return Expr.Unknown;
    }

    /// <summary>Whether a variable is found again in the statements that follow: nothing on the way to it is a temporary.</summary>
    private bool IsLasting(Variable variable) => IsLasting(variable.Receiver) && variable.Place switch
    {
        Place.Slot => true,
        Place.Member member => IsLasting(member.Target),
        Place.Referent referent => IsLasting(referent.Reference),
        _ => false,
    };

    private bool IsLasting(Expr? expr) => expr switch
    {
        Expr.Slot slot => !Slots.IsTemporary(slot.Index),
        Expr.Member member => IsLasting(member.Target),
        _ => expr is null or Expr.This or Expr.Static,
    };

    public override Expr VisitSimpleAssignment(ISimpleAssignmentOperation operation, object? argument)
    {
        if (operation.Target is IDiscardOperation)
        {
            _dropped = WithoutConversion(operation.Value);
            return Visit(operation.Value);
        }

        if (operation.IsRef && operation.Target is ILocalReferenceOperation reference)
        {
            Variable referent = Locate(operation.Value);
            Assign(Slots.Of(reference.Local), ReferenceTo(referent) ?? referent.Through ?? Expr.Unknown, operation.Syntax);
            return Expr.Unknown;
        }

        if (operation.Target is ILocalReferenceOperation copy && WithoutConversion(operation.Value) is IMemberReferenceOperation { Member: (IFieldSymbol or IPropertySymbol) and var copied } && body.InfersContents(copied) && !IsSnapshot(copied, operation.Syntax))
        {
            body.Copies.Add(copy.Local);
        }

        Variable target = Locate(operation.Target);
        bool isTest = _isTest;
        _isTest |= operation.Target is ILocalReferenceOperation { Local: { } local } && _tested.Contains(local) && LooksAtField(operation.Value);
        Expr value = operation.Target is ILocalReferenceOperation ? VisitKept(operation.Value) : Visit(operation.Value);
        _isTest = isTest;
        if (operation.Target is ILocalReferenceOperation { Local.IsFixed: true } && operation.Value.ChildOperations.FirstOrDefault() is { Type: IArrayTypeSymbol } array && TracksContents(array))
        {
            // A pointer into an array: what is done through it nobody follows.
            Emit(new UseStep(array.Syntax, Visit(array), AccessKind.PassedForReading));
        }

        NoteCopy(operation.Value);
        if (value is Expr.Function { Body: { IsPlaced: false, Invoked.HasClauses: false } lambda } && KeepIfOnlyInvoked(operation.Target, lambda))
        {
            lambda.IsPlaced = !lambda.Contract.HasClauses;
        }
        else if (value is Expr.MethodGroup method)
        {
            KeepMethod(operation.Target, method);
        }

        Write(target, value, operation.Syntax);
        return value;
    }

    /// <summary>A field that is replaced as a whole is read without a lock to have what it is at the moment.</summary>
    private static bool IsSnapshot(ISymbol field, SyntaxNode copy) =>
        field is not (IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null or { IsInitOnly: true } }) && !copy.Ancestors().Any(a => a.IsKind(SyntaxKind.LockStatement) || a.IsKind(SyntaxKind.UsingStatement));

    /// <summary>Whether a test is kept in a local: of a field, or of what it is equal to.</summary>
    private static bool LooksAtField(IOperation value) => WithoutConversion(value) switch
    {
        IFieldReferenceOperation => true,
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } negated => LooksAtField(negated.Operand),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, RightOperand.ConstantValue.HasValue: true } equal => LooksAtField(equal.LeftOperand),
        IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation } match => LooksAtField(match.Value),
        _ => false,
    };

    public override Expr VisitCompoundAssignment(ICompoundAssignmentOperation operation, object? argument)
    {
        Variable target = Locate(operation.Target);
        ReadBeforeWrite(operation.Target, target);
        Expr value = Visit(operation.Value);
        Consume(value, operation.Syntax);
        Write(target, operation.OperatorMethod is { DeclaringSyntaxReferences.IsEmpty: false } method ? CallOperator(operation, method, target.Value, value) : new Expr.Operation(Operator.Other, target.Value, value, operation.OperatorKind.ToString()), operation.Syntax);
        return Expr.Unknown;
    }

    public override Expr VisitIncrementOrDecrement(IIncrementOrDecrementOperation operation, object? argument)
    {
        Variable target = Locate(operation.Target);
        ReadBeforeWrite(operation.Target, target);

        // Which lock of a list it is: locks[taken++].
        bool isUsed = target.Value is Expr.Slot && operation.Parent is not (null or IExpressionStatementOperation);
        Expr before = isUsed && operation.IsPostfix ? Kept(target.Value, operation.Syntax) : Expr.Unknown;
        Write(target, operation.OperatorMethod is { DeclaringSyntaxReferences.IsEmpty: false } method ? CallOperator(operation, method, target.Value) : new Expr.Operation(Operator.Other, target.Value, Expr.True, operation.Kind.ToString()), operation.Syntax);
        return isUsed && !operation.IsPostfix ? Kept(target.Value, operation.Syntax) : before;
    }

    /// <summary>An operator that a type of the program declares. One of C# 14 that changes its object in place has that object as its receiver.</summary>
    private Expr CallOperator(IOperation operation, IMethodSymbol method, params Expr[] operands)
    {
        var call = new PendingCall(operation.Syntax, method) { Receiver = method.IsStatic ? null : operands[0], ResultType = operation.Type };
        call.Arguments.AddRange(method.IsStatic ? operands : operands.Skip(1));
        Expr result = Finish(call, Reader.Code(method));
        return method.IsStatic ? result : operands[0];
    }

    /// <summary>The getter runs first. What a contract asks for is asked for once, by the setter.</summary>
    private void ReadBeforeWrite(IOperation operation, Variable target)
    {
        if (target.Property?.GetMethod is { } getter && !Reader.Code(getter, target.ReceiverType).HasClauses)
        {
            CallGetter(operation, target, getter);
        }
    }

    public override Expr VisitDeconstructionAssignment(IDeconstructionAssignmentOperation operation, object? argument)
    {
        ImmutableArray<Variable> targets = Flatten(operation.Target).Select(Locate).ToImmutableArray();
        ImmutableArray<IOperation> sources = Flatten(WithoutConversion(operation.Value));
        bool pairwise = WithoutConversion(operation.Value) is ITupleOperation && sources.Length == targets.Length;
        ImmutableArray<Expr> values = sources.Select(Visit).ToImmutableArray();
        if (pairwise)
        {
            foreach (IOperation source in sources)
            {
                NoteCopy(source);
            }

            values = values.Select((value, i) => i == 0 ? value : Kept(value, operation.Syntax)).ToImmutableArray();
        }
        else if (sources.Length == 1)
        {
            TakeApart(operation.Syntax, values[0], sources[0].Type, Deconstructions.Of(sources[0].Type, Deconstructions.PartsOf(operation.Target)), sources[0].Syntax);
        }

        for (int i = 0; i < targets.Length; i++)
        {
            Write(targets[i], pairwise ? Copied(values[i], operation.Syntax) : Expr.Unknown, operation.Syntax);
        }

        return Expr.Unknown;
    }

    /// <param name="at">Where the value stands.</param>
    private void TakeApart(SyntaxNode syntax, Expr value, ITypeSymbol? type, IMethodSymbol? method, SyntaxNode? at = null)
    {
        if (method is { IsStatic: false })
        {
            if (TracksContents(value))
            {
                Emit(new UseStep(at ?? syntax, value, AccessKind.Read));
            }

            Call(syntax, method, value, type, method.Parameters.Select(_ => Expr.Unknown).ToImmutableArray());
        }
    }

    /// <summary>What a variable holds before another one is written.</summary>
    private Expr Kept(Expr value, SyntaxNode syntax)
    {
        if (value is Expr.Constant or Expr.Function or Expr.MethodGroup or Expr.Opaque or Expr.This || (value is Expr.Slot slot && Slots.IsTemporary(slot.Index)))
        {
            return value;
        }

        int kept = Temporary();
        Assign(kept, value, syntax);
        return Read(kept);
    }

    public override Expr VisitEventAssignment(IEventAssignmentOperation operation, object? argument)
    {
        Variable target = Locate(operation.EventReference);
        Expr handler = Visit(operation.HandlerValue);
        Escape(handler, operation.HandlerValue.Syntax);
        if (!operation.Adds)
        {
            Emit(new UnlinkStep(operation.Syntax, handler));
        }

        Touch(target, AccessKind.Write);
        if (operation.EventReference is IEventReferenceOperation { Event: var @event } reference
            && (operation.Adds ? @event.AddMethod : @event.RemoveMethod) is { IsImplicitlyDeclared: false } accessor
            && SymbolEqualityComparer.Default.Equals(accessor.ContainingAssembly, Reader.Compilation.Assembly))
        {
            Call(operation.Syntax, accessor, (target.Place as Place.Member)?.Target, reference.Instance?.Type, ImmutableArray.Create(handler));
        }

        return Expr.Unknown;
    }

    public override Expr VisitDeclarationExpression(IDeclarationExpressionOperation operation, object? argument) => Visit(operation.Expression);

    /// <summary>Evaluates what leads to a variable, without using the variable itself.</summary>
    private Variable Locate(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation local:
                return InSlot(Slots.Of(local.Local), local.Local.IsRef, operation.Syntax);
            case IFlowCaptureReferenceOperation capture:
                return _capturedVariables.TryGetValue(capture.Id, out Variable? captured) ? captured : InSlot(Slots.Of(capture.Id), _referenceCaptures.Contains(capture.Id), operation.Syntax);
            case IParameterReferenceOperation parameter:
                return Parameter(parameter);
            case IFieldReferenceOperation reference when Constant(operation) is null:
                return Field(reference, reference.Instance, reference.Field);
            case IEventReferenceOperation reference:
                return Field(reference, reference.Instance, reference.Event);
            case IPropertyReferenceOperation reference:
                return Property(reference, reference.Property, reference.Instance, reference.Arguments.Select(a => Copied(Visit(a.Value), a.Syntax)));
            case IImplicitIndexerReferenceOperation { IndexerSymbol: IPropertySymbol indexer } implied:
                return Property(implied, indexer, implied.Instance, [PositionOf(implied)]);
            case IArrayElementReferenceOperation element:
                return Element(element);
            case IDeclarationExpressionOperation declaration:
                return Locate(declaration.Expression);
            case IDiscardOperation:
                return Variable.Unnamed(Expr.Unknown);
            default:
                return Variable.Unnamed(Visit(operation));
        }
    }

    /// <summary>A reference to a variable; null where it has no place that is known.</summary>
    private static Expr? ReferenceTo(Variable variable) => variable.Place switch
    {
        Place.Referent referent => referent.Reference,
        { } place => new Expr.Ref(place),
        null => null,
    };

    private Variable InSlot(int slot, bool isReference, SyntaxNode syntax)
    {
        Expr value = Read(slot);
        return isReference
            ? new Variable(new Expr.Deref(value), new Place.Referent(value), ImmutableArray.Create(new Touched(syntax, null, value, null))) { Through = value }
            : new Variable(value, new Place.Slot(slot), ImmutableArray<Touched>.Empty);
    }

    /// <summary>A parameter of a primary constructor, used in another member, is as good as a field.</summary>
    private Variable Parameter(IParameterReferenceOperation operation)
    {
        IParameterSymbol parameter = operation.Parameter;
        if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
            && !SymbolEqualityComparer.Default.Equals(constructor, OwningMember()))
        {
            LockMember member = Reader.Members.Intern(parameter);
            return new Variable(
                new Expr.Member(new Expr.This(), member), new Place.Member(new Expr.This(), member, DataContract.None), ImmutableArray<Touched>.Empty);
        }

        if (parameter.ContainingSymbol is INamedTypeSymbol)
        {
            // What an extension block extends is its members' receiver.
            return Variable.Unnamed(new Expr.This());
        }

        // The copy of a local function that stands in place of a call gets what was passed by reference as a reference.
        bool isReference = parameter is { RefKind: not RefKind.None, ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction } };
        return InSlot(Slots.Of(parameter), isReference, operation.Syntax);
    }

    private ISymbol OwningMember()
    {
        ISymbol owner = function.Symbol;
        while (owner is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction } && owner.ContainingSymbol is { } outer)
        {
            owner = outer;
        }

        return owner;
    }

    private Variable Field(IOperation operation, IOperation? instance, ISymbol symbol)
    {
        LockMember member = Reader.Members.Intern(symbol);
        DataContract contract = Reader.Data(symbol);
        Variable? owner = instance is null ? null : LocateOwner(instance);
        Expr? target = owner?.Value;
        var place = new Place.Member(target, member, contract);
        ImmutableArray<Touched> touched = owner?.Touched ?? ImmutableArray<Touched>.Empty;
        if (!contract.Guards.IsEmpty || body.Infers(symbol))
        {
            touched = touched.Add(new Touched(operation.Syntax, place, null, null));
        }

        return new Variable(target is null ? new Expr.Static(member) : new Expr.Member(target, member), place, touched) { Through = owner?.Through };
    }

    /// <summary>What a member is reached through: a variable, where it lies inside a value; else the object that a reference points to.</summary>
    private Variable LocateOwner(IOperation instance)
    {
        if (instance.Type is { IsValueType: true })
        {
            Variable inside = LocateValue(instance);
            return body.TracksContents && Views.Includes(instance.Type)
                ? inside with { Touched = inside.Touched.Add(new Touched(AroundSuppression(instance.Syntax), null, null, inside.Value)) }
                : inside;
        }

        Expr value = Visit(instance);
        ImmutableArray<Touched> touched = ImmutableArray<Touched>.Empty;
        if (TracksContents(instance))
        {
            touched = touched.Add(new Touched(AroundSuppression(instance.Syntax), null, null, value));
        }

        return new Variable(value, null, touched);
    }

    /// <summary>A value that something is done with where it is. One that a property returns is got first.</summary>
    private Variable LocateValue(IOperation operation)
    {
        Variable variable = Locate(operation);
        if (variable.Property?.GetMethod is { } getter && Reader.Code(getter, variable.ReceiverType).HasClauses)
        {
            CallGetter(operation, variable, getter);
        }

        return variable;
    }

    /// <summary>The member access around an expression, which may be followed by <c>!</c>.</summary>
    private static SyntaxNode AroundSuppression(SyntaxNode expression)
    {
        // What a loop asks its enumerator is asked of what it goes through.
        SyntaxNode around = expression.Parent is CommonForEachStatementSyntax ? expression : expression.Parent ?? expression;
        return around.IsKind(SyntaxKind.SuppressNullableWarningExpression) ? around.Parent ?? around : around;
    }

    private Variable Property(IOperation operation, IPropertySymbol property, IOperation? instance, IEnumerable<Expr> arguments)
    {
        Variable? owner = instance is null ? null : LocateOwner(instance);
        ImmutableArray<Expr> indexes = arguments.ToImmutableArray();
        DataContract contract = Reader.Data(property);
        Place.Member? place = property.IsIndexer ? null : new Place.Member(owner?.Value, Reader.Members.Intern(property), contract);

        // The lock that a collection offers for itself may be had without it, and an array or a view knows how long it is.
        bool isFixed = property.Name == "SyncRoot" || (Views.Includes(property.ContainingType) && !property.IsIndexer) || (instance is not null && AsksForLength(property, instance));
        ImmutableArray<Touched> touched = owner is null || isFixed ? ImmutableArray<Touched>.Empty : owner.Touched;
        if (!contract.Guards.IsEmpty || body.Infers(property))
        {
            Place guarded = place ?? new Place.Member(owner?.Value, Reader.Members.Intern(property), contract);
            touched = touched.Add(new Touched(operation.Syntax, guarded, null, null));
        }

        return new Variable(PropertyValue(property, owner?.Value, indexes), place, touched)
        {
            Property = property,
            Receiver = owner?.Value,
            ReceiverType = instance is null ? null : WithoutConversion(instance).Type,
            Indexes = indexes,
        };
    }

    /// <summary>A property is taken to return the same object again, as a field would, until it is set.</summary>
    private Expr PropertyValue(IPropertySymbol property, Expr? owner, ImmutableArray<Expr> indexes)
    {
        if (property.IsIndexer)
        {
            return owner is not null && indexes.Length == 1 ? new Expr.Element(owner, indexes[0]) : Expr.Unknown;
        }

        if (owner is not null && Views.Includes(property.ContainingType) && Views.Includes(property.Type))
        {
            return owner;
        }

        if (property.Name == "Current" && property.ContainingType.AllInterfaces.Insert(0, property.ContainingType).Any(t => !t.GetMembers("MoveNext").IsEmpty))
        {
            // An enumerator's current element is another one each time.
            return Expr.Unknown;
        }

        BoundName redirection = Reader.Members.Redirection(property, 0);
        if (redirection.Path is { } path)
        {
            return PathExpr(path, owner, ImmutableArray<Expr>.Empty) ?? Expr.Unknown;
        }

        LockMember member = Reader.Members.Intern(property);
        return owner is null ? new Expr.Static(member) : new Expr.Member(owner, member);
    }

    private Variable Element(IArrayElementReferenceOperation operation)
    {
        Expr array = Visit(operation.ArrayReference);
        ImmutableArray<Expr> indexes = operation.Indices.Select(Visit).ToImmutableArray();
        ImmutableArray<Touched> touched = TracksContents(operation.ArrayReference)
            ? ImmutableArray.Create(new Touched(operation.Syntax, null, null, array))
            : ImmutableArray<Touched>.Empty;
        Emit(new ElementStep(operation.Syntax, array));
        return new Variable(indexes.Length == 1 ? new Expr.Element(array, indexes[0]) : Expr.Unknown, new Place.Inside(array), touched);
    }

    private Expr ReadVariable(IOperation operation)
    {
        if (Constant(operation) is { } constant)
        {
            return constant;
        }

        Variable variable = Locate(operation);
        Touch(variable, AccessKind.Read);
        if (variable.Property?.GetMethod is { } getter)
        {
            return CallGetter(operation, variable, getter);
        }

        return variable.Value;
    }

    private void Write(Variable variable, Expr value, SyntaxNode syntax)
    {
        Touch(variable, AccessKind.Write);
        if (variable.Place is Place.Slot slot)
        {
            Assign(slot.Index, value, syntax);
            return;
        }

        bool isStored = variable.Property?.SetMethod is { } own && IsAutomatic(own);
        bool isPassed = variable.Property is { SetMethod: not null } && !isStored;
        if (isPassed)
        {
            Call(syntax, variable.Property!.SetMethod!, variable.Receiver, variable.ReceiverType, variable.Indexes.Add(value));
        }

        if (variable.Place is Place.Referent)
        {
            Consume(value, syntax);
        }
        else if (!isPassed && (variable.Place is not (Place.Member or Place.Inside) || (variable.Property is not null && !isStored)))
        {
            // What becomes of the value in a field or an array depends on who has the object.
            Escape(value, syntax);
        }

        if (variable.Place is { } place)
        {
            Emit(new StoreStep(syntax, place, value));
        }
    }

    /// <summary>Whether all that an accessor does is to read or store the value, in a field that only the compiler sees.</summary>
    private bool IsAutomatic(IMethodSymbol accessor) =>
        accessor is { IsVirtual: false, IsAbstract: false, IsOverride: false, DeclaringSyntaxReferences: { Length: 1 } declared }
        && declared[0].GetSyntax() is AccessorDeclarationSyntax { Body: null, ExpressionBody: var arrow, Parent.Parent: PropertyDeclarationSyntax property }
        && arrow?.Expression.ToString() is null or "field" or "field = value"
        && !property.Modifiers.Any(SyntaxKind.PartialKeyword)
        && !Reader.Code(accessor).HasClauses;

    /// <summary>Emits what using a variable in some way touches.</summary>
    private void Touch(Variable variable, AccessKind kind)
    {
        foreach (Touched touched in variable.Touched)
        {
            if (touched.Place is { } place)
            {
                Emit(new AccessStep(touched.Syntax, place, kind, _isTest));
            }
            else if (touched.Contents is { } contents)
            {
                Emit(new UseStep(touched.Syntax, contents, kind, _isTest));
            }
            else
            {
                Emit(new DerefStep(touched.Syntax, touched.Reference!, kind));
            }
        }
    }

    /// <summary>Whether using what a reference points to matters: some contract guards it, or a contract may be inferred.</summary>
    private bool TracksContents(IOperation reference) =>
        reference is not IInstanceReferenceOperation
        && (body.TracksContents || WithoutConversion(reference) switch
        {
            IMemberReferenceOperation { Member: (IFieldSymbol or IPropertySymbol) and var member } => body.InfersContents(member),
            ILocalReferenceOperation { Local: var local } => body.Copies.Contains(local),
            IFlowCaptureReferenceOperation { Id: var id } => _capturedContents.Contains(id),
            _ => false,
        });

    private Expr Copied(Expr value, SyntaxNode syntax)
    {
        Consume(value, syntax);
        return value;
    }

    private static ImmutableArray<IOperation> Flatten(IOperation operation) => operation switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany(e => Flatten(e)).ToImmutableArray(),
        IDeclarationExpressionOperation { Expression: ITupleOperation tuple } => Flatten(tuple),
        _ => ImmutableArray.Create(operation),
    };

    private static IOperation WithoutConversion(IOperation operation)
    {
        while (operation is IConversionOperation { OperatorMethod: null } conversion)
        {
            operation = conversion.Operand;
        }

        return operation;
    }
}
