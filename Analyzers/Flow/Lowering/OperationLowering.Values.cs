// Values: conversions, comparisons, tests and patterns, as far as a branch may depend on them.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

internal sealed partial class OperationLowering
{
    public override Expr VisitLiteral(ILiteralOperation operation, object? argument) => Constant(operation) ?? Expr.Unknown;

    public override Expr VisitDefaultValue(IDefaultValueOperation operation, object? argument) =>
        Constant(operation) ?? (operation.Type is { IsReferenceType: true } or { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } ? Expr.Null : Expr.Unknown);

    public override Expr VisitTypeOf(ITypeOfOperation operation, object? argument) =>
        new Expr.TypeOf(operation.TypeOperand.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat));

    public override Expr VisitTranslatedQuery(ITranslatedQueryOperation operation, object? argument) => Visit(operation.Operation);

    public override Expr VisitParenthesized(IParenthesizedOperation operation, object? argument) => Visit(operation.Operand);

    public override Expr VisitConversion(IConversionOperation operation, object? argument)
    {
        if (Constant(operation) is { } constant)
        {
            return constant;
        }

        ITypeSymbol? from = operation.Operand.Type;
        if (from is { TypeKind: TypeKind.Array } && Views.Includes(operation.Type))
        {
            Expr array = Visit(operation.Operand);
            LookInside(operation.Operand, array);
            if (!operation.Type!.IsRefLikeType)
            {
                HandOn(array, operation.Syntax);
            }

            return array;
        }

        if (operation.OperatorMethod is { } method)
        {
            return CallOperator(operation, method, Copied(Visit(operation.Operand), operation.Operand.Syntax));
        }

        Expr value = Visit(operation.Operand);
        if (from is null || operation.Type is null)
        {
            return value;
        }

        if (from is { IsValueType: true } && !IsUnresolved(from) && operation.Type.IsReferenceType)
        {
            NoteCopy(operation.Operand);
            HandOn(value, operation.Syntax);
            return IsForDisposal(operation.Type) || Views.IsEnumerator(from) ? value : new Expr.Boxed();
        }

        if (from.SpecialType == SpecialType.System_String && LockOf(operation) is { } acquire)
        {
            Emit(new LockedTextStep(acquire));
        }

        if (Reader.KindOf(from) is { IsMonitor: false } && Reader.KindOf(operation.Type) is null or { IsMonitor: true } && !IsOnlyCompared(operation))
        {
            Emit(new WidenStep(operation.Syntax, value, from) { IsForLockStatement = operation.IsImplicit && IsLockTarget(operation) });
        }

        return operation.IsTryCast && !SymbolEqualityComparer.Default.Equals(from, operation.Type)
            ? new Expr.Operation(Operator.Other, value, null, "as " + operation.Type.Name)
            : value;
    }

    /// <summary>What does not compile may be anything; a question mark behind it makes it look like a struct.</summary>
    private static bool IsUnresolved(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Error || (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: { Length: 1 } of } && of[0].TypeKind == TypeKind.Error);

    /// <summary>Nobody locks what he has as an IDisposable; a guard stays what it is, in a box or not.</summary>
    private static bool IsForDisposal(ITypeSymbol type) => type is { Name: "IDisposable" or "IAsyncDisposable", ContainingNamespace.Name: "System" };

    public override Expr VisitUnaryOperator(IUnaryOperation operation, object? argument)
    {
        if (operation.OperatorMethod is { } method)
        {
            return CallOperator(operation, method, Copied(Visit(operation.Operand), operation.Operand.Syntax));
        }

        Expr operand = Visit(operation.Operand);
        return Constant(operation)
            ?? (operation.OperatorKind == UnaryOperatorKind.Not ? Expr.Not(operand) : Pure(operation.OperatorKind.ToString(), operand));
    }

    public override Expr VisitBinaryOperator(IBinaryOperation operation, object? argument)
    {
        if (operation.OperatorMethod is { } method && method.ContainingType?.SpecialType is not (SpecialType.System_String or SpecialType.System_Delegate or SpecialType.System_MulticastDelegate))
        {
            Expr first = Copied(Visit(operation.LeftOperand), operation.LeftOperand.Syntax);
            Expr second = Copied(Visit(operation.RightOperand), operation.RightOperand.Syntax);
            Expr result = CallOperator(operation, method, first, second);

            // Whatever else such an operator may do, and a record has one, it tells null from the rest.
            return operation.OperatorKind is not (BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals) ? result
                : IsNull(operation.RightOperand) ? Binary(operation.OperatorKind, first, Expr.Null, isBoolean: false)
                : IsNull(operation.LeftOperand) ? Binary(operation.OperatorKind, second, Expr.Null, isBoolean: false)
                : result;
        }

        Expr left = Visit(operation.LeftOperand);
        Expr right = Visit(operation.RightOperand);
        foreach (IOperation shown in Texts.In(operation))
        {
            Show(shown, operation.LeftOperand is IConversionOperation { Operand: var first } && first == shown ? left : right);
        }

        (left, right) = left is Expr.Constant && IsSymmetric(operation.OperatorKind) ? (right, left) : (left, right);
        return Constant(operation) ?? Binary(operation.OperatorKind, left, right, IsBoolean(operation.LeftOperand.Type));
    }

    public override Expr VisitInterpolation(IInterpolationOperation operation, object? argument)
    {
        Show(operation.Expression, Visit(operation.Expression));
        return Expr.Unknown;
    }

    /// <summary>A text is made of a value.</summary>
    private void Show(IOperation operation, Expr value)
    {
        if (Texts.Of(operation.Type) is { } method)
        {
            Call(operation.Syntax, method, value, operation.Type, ImmutableArray<Expr>.Empty);
        }
    }

    private static bool IsNull(IOperation operand) => WithoutConversion(operand).ConstantValue is { HasValue: true, Value: null };

    private static bool IsSymmetric(BinaryOperatorKind kind) => kind is
        BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals or BinaryOperatorKind.ObjectValueEquals or BinaryOperatorKind.ObjectValueNotEquals or BinaryOperatorKind.ExclusiveOr;

    /// <summary>Null counts as false: what is done for either is done where the answer was not yes.</summary>
    private static bool IsBoolean(ITypeSymbol? type) =>
        type?.SpecialType == SpecialType.System_Boolean
        || (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && nullable.TypeArguments[0].SpecialType == SpecialType.System_Boolean);

    public override Expr VisitIsNull(IIsNullOperation operation, object? argument) => Expr.Equal(Visit(operation.Operand), Expr.Null);

    public override Expr VisitIsType(IIsTypeOperation operation, object? argument)
    {
        Expr value = Visit(operation.ValueOperand);
        Expr test = IsType(value, operation.ValueOperand.Type, operation.TypeOperand);
        return operation.IsNegated ? Expr.Not(test) : test;
    }

    public override Expr VisitIsPattern(IIsPatternOperation operation, object? argument) => Matches(Visit(operation.Value), operation.Pattern, operation.Value.Type);

    public override Expr VisitTuple(ITupleOperation operation, object? argument) => Tuple(operation, isReturn: false);

    private Expr Tuple(ITupleOperation operation, bool isReturn)
    {
        foreach (IOperation element in operation.Elements)
        {
            NoteCopy(element);
            Escape(Visit(element), element.Syntax, isReturn);
        }

        return Expr.Unknown;
    }

    /// <summary>What a local is made with. One that is a tuple has parts of its own, which other names lead to.</summary>
    private Expr VisitKept(IOperation value)
    {
        if (value.Type is not INamedTypeSymbol { IsTupleType: true } type || WithoutConversion(value) is not (ITupleOperation or ILocalReferenceOperation))
        {
            return Visit(value);
        }

        List<Expr> parts = new();
        if (WithoutConversion(value) is ITupleOperation tuple)
        {
            foreach (IOperation element in tuple.Elements)
            {
                NoteCopy(element);
                Expr part = VisitKept(element);
                Consume(part, element.Syntax);
                HandOn(part, element.Syntax);
                parts.Add(parts.Count == 0 ? part : Kept(part, element.Syntax));
            }
        }
        else
        {
            Expr whole = Visit(value);
            parts.AddRange(type.TupleElements.Select(e => new Expr.Member(whole, Reader.Members.Intern(e))));
        }

        Expr copy = NewObject(value);
        for (int i = 0; i < parts.Count; i++)
        {
            Emit(new StoreStep(value.Syntax, new Place.Member(copy, Reader.Members.Intern(type.TupleElements[i]), DataContract.None), parts[i]));
        }

        return copy;
    }

    public override Expr VisitCaughtException(ICaughtExceptionOperation operation, object? argument) => Expr.Unknown;

    private static Expr Binary(BinaryOperatorKind kind, Expr left, Expr right, bool isBoolean) => kind switch
    {
        BinaryOperatorKind.Equals when isBoolean && right is Expr.Constant flag => flag.Number == 0 ? Expr.Not(left) : left,
        BinaryOperatorKind.NotEquals when isBoolean && right is Expr.Constant flag => flag.Number == 0 ? left : Expr.Not(left),
        BinaryOperatorKind.Equals or BinaryOperatorKind.ObjectValueEquals => Expr.Equal(left, right),
        BinaryOperatorKind.NotEquals or BinaryOperatorKind.ObjectValueNotEquals => Expr.Not(Expr.Equal(left, right)),
        BinaryOperatorKind.ExclusiveOr when isBoolean => Binary(BinaryOperatorKind.NotEquals, left, right, isBoolean),
        BinaryOperatorKind.LessThan => new Expr.Operation(Operator.Less, left, right),
        BinaryOperatorKind.LessThanOrEqual => new Expr.Operation(Operator.LessOrEqual, left, right),
        BinaryOperatorKind.GreaterThan => new Expr.Operation(Operator.Less, right, left),
        BinaryOperatorKind.GreaterThanOrEqual => new Expr.Operation(Operator.LessOrEqual, right, left),
        BinaryOperatorKind.And when isBoolean => new Expr.Operation(Operator.And, left, right),
        BinaryOperatorKind.Or when isBoolean => new Expr.Operation(Operator.Or, left, right),
        _ => new Expr.Operation(Operator.Other, left, right, kind.ToString()),
    };

    private static Expr Pure(string detail, Expr operand) => new Expr.Operation(Operator.Other, operand, null, detail);

    /// <summary>A test for the type that a value has anyway is a test for null.</summary>
    private static Expr IsType(Expr value, ITypeSymbol? from, ITypeSymbol to)
    {
        from = from is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : from;
        for (ITypeSymbol? current = from; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, to))
            {
                return Expr.Not(Expr.Equal(value, Expr.Null));
            }
        }

        return new Expr.Operation(Operator.IsType, value, null, to.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat));
    }

    private Expr Matches(Expr value, IPatternOperation pattern, ITypeSymbol? type)
    {
        switch (pattern)
        {
            case IConstantPatternOperation constant:
                Expr expected = Visit(constant.Value);
                return Binary(BinaryOperatorKind.Equals, value, expected, IsBoolean(type));
            case IRelationalPatternOperation relational:
                return Binary(relational.OperatorKind, value, Visit(relational.Value), isBoolean: false);
            case INegatedPatternOperation negated:
                return Expr.Not(Matches(value, negated.Pattern, type));
            case IBinaryPatternOperation binary:
                Operator connective = binary.OperatorKind == BinaryOperatorKind.And ? Operator.And : Operator.Or;
                return new Expr.Operation(connective, Matches(value, binary.LeftPattern, type), Matches(value, binary.RightPattern, type));
            case IDeclarationPatternOperation declaration:
                Declare(declaration.DeclaredSymbol, value, declaration.Syntax);
                return declaration.MatchesNull ? Expr.True : IsType(value, type, declaration.MatchedType ?? declaration.NarrowedType);
            case ITypePatternOperation typed:
                return IsType(value, type, typed.MatchedType);
            case IDiscardPatternOperation:
                return Expr.True;
            case IRecursivePatternOperation recursive:
                return MatchesMembers(value, recursive, type);
            case IListPatternOperation list:
                return MatchesElements(value, list, type);
            case ISlicePatternOperation slice:
                return slice.Pattern is { } rest ? Matches(Expr.Unknown, rest, rest.InputType) : Expr.True;
            default:
                Consume(DefaultVisit(pattern, null), pattern.Syntax);
                return Expr.Unknown;
        }
    }

    private Expr MatchesMembers(Expr value, IRecursivePatternOperation pattern, ITypeSymbol? type)
    {
        Declare(pattern.DeclaredSymbol, value, pattern.Syntax);
        Expr all = IsType(value, type, pattern.MatchedType);
        foreach (IPropertySubpatternOperation part in pattern.PropertySubpatterns)
        {
            if (part.Member is IMemberReferenceOperation reference && (reference.Member is IFieldSymbol or IPropertySymbol { IsIndexer: false }))
            {
                Expr member = ReadMember(reference, value);
                all = new Expr.Operation(Operator.And, all, Matches(member, part.Pattern, reference.Type));
            }
        }

        TakeApart(pattern.Syntax, value, pattern.MatchedType, pattern.DeconstructSymbol as IMethodSymbol);
        foreach (IPatternOperation part in pattern.DeconstructionSubpatterns)
        {
            all = new Expr.Operation(Operator.And, all, Matches(Expr.Unknown, part, part.InputType));
        }

        return all;
    }

    /// <summary>A member that a pattern reads from the value it is matched against.</summary>
    private Expr ReadMember(IMemberReferenceOperation reference, Expr owner)
    {
        LockMember member = Reader.Members.Intern(reference.Member);
        Contracts.DataContract contract = Reader.Data(reference.Member);
        if (TracksContents(owner))
        {
            Emit(new UseStep(reference.Syntax, owner, AccessKind.Read));
        }

        if (!contract.Guards.IsEmpty || body.Infers(reference.Member))
        {
            Emit(new AccessStep(reference.Syntax, new Place.Member(owner, member, contract), AccessKind.Read, _isTest));
        }

        var value = new Expr.Member(owner, member);
        return reference.Member is IPropertySymbol { GetMethod: { } getter } property && Reader.Code(getter).HasClauses
            ? CallGetter(reference, new Variable(value, null, ImmutableArray<Touched>.Empty) { Property = property, Receiver = owner }, getter)
            : value;
    }

    private void Declare(ISymbol? declared, Expr value, SyntaxNode syntax)
    {
        if (declared is ILocalSymbol local)
        {
            Assign(Slots.Of(local), value, syntax);
        }
    }

    /// <summary>A lock that is a value makes another lock when it is copied out of a variable.</summary>
    private void NoteCopy(IOperation operation)
    {
        if (operation.Type is { IsValueType: true } type
            && Reader.KindOf(type) is { Inline: true }
            && WithoutConversion(operation) is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
                or IPropertyReferenceOperation or IArrayElementReferenceOperation)
        {
            Emit(new CopyStep(operation.Syntax, type));
        }
    }

    /// <summary>Where an object is locked that a value is turned into: the target of a lock statement, or a call that acquires it; null where it is not.</summary>
    private SyntaxNode? LockOf(IConversionOperation operation) =>
        IsLockTarget(operation) ? operation.Syntax
        : operation.Parent is IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation call }
            && Reader.Code(call.TargetMethod).Clauses.Any(c => c.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires && c.Paths.Any(p => p is { Root: PathRoot.Parameter, Members.IsEmpty: true } && p.Ordinal == parameter.Ordinal))
            ? call.Syntax
            : null;

    /// <summary>Compared with another object or with null: nobody gets it who could lock it.</summary>
    private static bool IsOnlyCompared(IOperation operation) => operation.Parent is IBinaryOperation
        || operation.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Equals" or "ReferenceEquals" or "ThrowIfNull", ContainingType: { ContainingNamespace.Name: "System" } type } } } && type.Name is "Object" or "ArgumentNullException";

    /// <summary>Compilers before C# 13 turn the target of a lock statement into an object whatever it is.</summary>
    private static bool IsLockTarget(IOperation operation) =>
        operation.Syntax.Parent is Microsoft.CodeAnalysis.CSharp.Syntax.LockStatementSyntax statement && statement.Expression == operation.Syntax;
}
