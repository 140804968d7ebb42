// Functions that are kept in a local: a lambda that is only ever invoked runs where it is called, like a local function, and so does a method.
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow.Lowering;

internal sealed partial class OperationLowering
{
    /// <summary>The lambda that an invocation runs, where that is known.</summary>
    private FunctionBody? InvokedLambda(IOperation? instance)
    {
        if (instance is ILocalReferenceOperation local && body.OnlyInvoked.TryGetValue(local.Local, out FunctionBody? kept))
        {
            return kept;
        }

        bool isOnTheSpot = instance is not null && WithoutConversion(instance) is IDelegateCreationOperation { Target: IFlowAnonymousFunctionOperation };
        return isOnTheSpot && Visit(instance!) is Expr.Function made ? made.Body : null;
    }

    /// <summary>A lambda with a contract of its own: the call is held to it, and so is the body, by itself.</summary>
    private Expr CallByContract(IInvocationOperation operation, FunctionBody lambda)
    {
        var call = new PendingCall(operation.Syntax, lambda.Method!) { ResultIsDropped = TakeDropped(operation), Receiver = new Expr.This(), ResultType = operation.Type };
        AddArguments(call, operation.Arguments, lambda.Contract);
        return Finish(call, lambda.Contract);
    }

    /// <summary>Notes a lambda that is assigned to a local which is never assigned otherwise, passed on, or looked at.</summary>
    private bool KeepIfOnlyInvoked(IOperation target, FunctionBody lambda)
    {
        if (target is not ILocalReferenceOperation local || !OnlyInvokes(graph.OriginalOperation, local.Local))
        {
            return false;
        }

        body.OnlyInvoked[local.Local] = lambda;
        return true;
    }

    /// <summary>The method that an invocation of a local calls, with what it is called on.</summary>
    private Expr.MethodGroup? InvokedMethod(IOperation? instance) =>
        instance is ILocalReferenceOperation local && body.KeptMethods.TryGetValue(local.Local, out Expr.MethodGroup? kept) ? kept : null;

    private Expr CallKept(IInvocationOperation operation, Expr.MethodGroup kept, bool isDropped)
    {
        var call = new PendingCall(operation.Syntax, kept.Method) { Receiver = kept.Target, ResultIsDropped = isDropped, IsAwaitedAtOnce = IsAwaited(operation) };
        CodeContract contract = Reader.Code(kept.Method);
        AddArguments(call, operation.Arguments, contract);
        return Finish(call, contract);
    }

    /// <summary>
    /// Notes a method that a local is made with and never given another instead of. One with a contract is left to the delegate's type, which has
    /// to have the same, but for what it acquires inside: that is no concern of the type's.
    /// </summary>
    private void KeepMethod(IOperation target, Expr.MethodGroup group)
    {
        if (target is ILocalReferenceOperation { Local: var local } && Reader.Code(group.Method).Clauses.All(c => c.Kind == ClauseKind.AcquiresInside) && !Reader.Delegate(local.Type).HasClauses && IsNeverReplaced(graph.OriginalOperation, local))
        {
            body.KeptMethods[local] = group;
        }
    }

    private static bool IsNeverReplaced(IOperation root, ILocalSymbol local)
    {
        foreach (IOperation operation in Top(root).Descendants())
        {
            if (operation is ILocalReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Local, local)
                && (reference.Parent is ITupleOperation or IArgumentOperation { Parameter.RefKind: not RefKind.None }
                    || (reference.Parent is IAssignmentOperation assignment && (assignment.Target == reference || assignment is ISimpleAssignmentOperation { IsRef: true }))))
            {
                return false;
            }
        }

        return true;
    }

    private static IOperation Top(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>Whether nothing is done with a delegate that a local is made with but to invoke it.</summary>
    public static bool OnlyInvokes(IOperation root, ILocalSymbol local)
    {
        foreach (IOperation operation in Top(root).Descendants())
        {
            if (operation is ILocalReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Local, local)
                && reference.Parent is not IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke })
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The members of collections and of every object that only read.</summary>
internal static class ReadingMembers
{
    public static readonly System.Collections.Generic.HashSet<string> Names = new()
    {
        "Contains", "ContainsKey", "ContainsValue", "TryGetValue", "TryPeek", "Peek", "IndexOf", "LastIndexOf", "BinarySearch", "Exists", "Find",
        "FindAll", "FindIndex", "FindLast", "FindLastIndex", "TrueForAll", "ForEach", "GetEnumerator", "ToArray", "ToList", "CopyTo", "GetRange",
        "AsReadOnly", "ConvertAll", "GetValueOrDefault", "IsSubsetOf", "IsSupersetOf", "IsProperSubsetOf", "IsProperSupersetOf", "Overlaps",
        "SetEquals", "GetViewBetween", "EnsureNotEmpty", "GetHashCode", "Equals", "ToString", "GetType", "CompareTo", "AsSpan", "GetLength",
        "GetUpperBound", "GetLowerBound", "GetValue", "Clone",
    };

    /// <summary>By name, but only for members of the framework's collections and of object, and what a library makes of those: elsewhere a name promises nothing.</summary>
    public static bool Contains(IMethodSymbol method) =>
        Names.Contains(method.Name)
        && (IsObjects(method)
            || method.ContainingType?.SpecialType is SpecialType.System_Array or SpecialType.System_String
            || method.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections", System.StringComparison.Ordinal) == true);

    /// <summary>Nobody expects a library's <c>ToString</c> to change anything.</summary>
    private static bool IsObjects(IMethodSymbol method)
    {
        IMethodSymbol first = method;
        while (first.OverriddenMethod is { } overridden)
        {
            first = overridden;
        }

        return first.ContainingType?.SpecialType == SpecialType.System_Object && method.DeclaringSyntaxReferences.IsEmpty;
    }
}
