// Code that the compiler does not understand for want of a type: what can be said of it all the same.
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

internal sealed partial class OperationLowering
{
    public override Expr VisitInvalid(IInvalidOperation operation, object? argument)
    {
        bool isDropped = TakeDropped(operation);
        return UnboundCalls.Find(operation, body.Type) is { } method ? CallUnbound(operation, method, isDropped) : UseUnbound(operation);
    }

    private Expr CallUnbound(IInvalidOperation operation, IMethodSymbol method, bool isDropped)
    {
        var call = new PendingCall(operation.Syntax, method) { ResultIsDropped = isDropped, IsAwaitedAtOnce = IsAwaited(operation), IsLetGo = method.IsAsync && isDropped };
        IOperation? receiver = UnboundCalls.Receiver(operation);
        if (receiver is not null)
        {
            LocateReceiver(receiver, call);
        }
        else if (!method.IsStatic)
        {
            call.Receiver = new Expr.This();
        }

        foreach (IOperation given in operation.ChildOperations.Skip(receiver is null ? 0 : 1))
        {
            Expr value = Visit(given);
            if (value is Expr.Function { Body: { IsPlaced: false } function })
            {
                function.IsPlaced = true;
                call.Functions.Add((call.Arguments.Count, function));
            }

            call.Arguments.Add(value);
        }

        CodeContract contract = Reader.Code(call.Method, call.ReceiverType);
        return Finish(call, contract);
    }

    /// <summary>
    /// Which method it is nobody knows. It may throw; and one of the framework's collections is used by what it is called on, and by a loop over it, whatever
    /// the elements are.
    /// </summary>
    private Expr UseUnbound(IInvalidOperation operation)
    {
        IOperation? receiver = UnboundCalls.Receiver(operation);
        foreach (IOperation child in operation.ChildOperations)
        {
            bool isReceiver = child == receiver || (child.Kind == OperationKind.None && receiver?.Parent == child);
            Expr part = VisitPart(isReceiver ? receiver! : child);
            if (isReceiver && TracksContents(receiver!))
            {
                Emit(new UseStep(operation.Syntax, part, ChangesUnbound(operation, receiver!.Type) ? AccessKind.Write : AccessKind.Read, _isTest));
            }
        }

        if (operation.Syntax is InvocationExpressionSyntax)
        {
            Emit(new ThrowingStep(operation.Syntax));
        }

        return Expr.Unknown;
    }

    private static bool IsAwaited(IInvalidOperation operation) =>
        operation.Parent is IAwaitOperation || (operation.Parent is IInvalidOperation { Syntax: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } }, Parent: IAwaitOperation } configured && UnboundCalls.Receiver(configured) == operation);

    /// <summary>By its name a method of a collection changes it; one that the collection does not have extends it, and looks at it. So does one of a missing type, by its name.</summary>
    private static bool ChangesUnbound(IInvalidOperation operation, ITypeSymbol? collection) => operation.Syntax switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } when collection is IErrorTypeSymbol => !ReadingMembers.Names.Contains(name),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } => collection?.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault() is { } method && !OnlyReads(method),
        ElementAccessExpressionSyntax { Parent: AssignmentExpressionSyntax assignment } element => assignment.Left == element,
        _ => false,
    };
}
