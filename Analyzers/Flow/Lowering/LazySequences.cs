// Sequences that do their work while somebody goes through them: what LINQ's operators and iterators return.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

/// <summary>
/// A lambda that is passed to <c>Where</c> runs when the result is gone through. Where that happens is told from the syntax: by the call that the
/// result is passed to, or by the uses of the local that it is put in. What is returned or stored is gone through later.
/// </summary>
internal static class LazySequences
{
    /// <summary>The contract of a call: functions that run while its result is gone through run at once only where that is.</summary>
    public static CodeContract Narrow(CodeContract contract, IInvocationOperation call, ControlFlowGraph graph) =>
        !contract.InstantHandles.IsEmpty && IsLazy(call.TargetMethod) && !IsUsedUp(call, graph, new(SymbolEqualityComparer.Default))
            ? contract with { InstantHandles = ImmutableHashSet<int>.Empty }
            : contract;

    /// <summary>Whether what a call returns goes through its first argument when somebody goes through it.</summary>
    public static bool GoesThroughLater(IMethodSymbol method) => method.ContainingType is { Name: "Enumerable", ContainingNamespace.Name: "Linq" } && IsLazy(method);

    /// <summary>Whether a call returns a sequence of the program's making, or an enumerator for a loop, that is gone through where it is returned.</summary>
    public static bool IsGoneThrough(IInvocationOperation call, ControlFlowGraph graph) =>
        !call.TargetMethod.DeclaringSyntaxReferences.IsEmpty
        && call.TargetMethod.ReturnType is { Name: "IEnumerable" or "IEnumerator", TypeKind: TypeKind.Interface } type
        && (type.Name == "IEnumerator" ? call.IsImplicit : IsUsedUp(call, graph, new(SymbolEqualityComparer.Default)));

    private static bool IsLazy(IMethodSymbol method) => method.ReturnType.OriginalDefinition is { Name: "IEnumerable" or "IOrderedEnumerable", ContainingNamespace.Name: "Generic" or "Linq" };

    /// <param name="asked">Locals whose uses are looked at already.</param>
    private static bool IsUsedUp(IOperation sequence, ControlFlowGraph graph, HashSet<ISymbol> asked)
    {
        IOperation value = sequence;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or ITranslatedQueryOperation)
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            IArgumentOperation { Parent: IInvocationOperation call } argument => !Keeps(argument) && (!IsLazy(call.TargetMethod) || IsUsedUp(call, graph, asked)),
            IArgumentOperation { Parent: IObjectCreationOperation creation } => creation.Constructor is { DeclaringSyntaxReferences.IsEmpty: true },
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } => IsUsedUpHere(local, value.Syntax, graph, asked),
            ISimpleAssignmentOperation or IReturnOperation or IFlowCaptureOperation or null => false,
            _ => true,
        };
    }

    /// <summary>A collection's <c>Add</c> takes the sequence as it is.</summary>
    private static bool Keeps(IArgumentOperation argument) => argument.Parameter?.OriginalDefinition.Type.TypeKind == TypeKind.TypeParameter;

    /// <summary>
    /// Whether a local is used only in the block in which it gets its value, and there by what goes through it. <c>q = q.Where(…)</c> asks for what is
    /// being found out; it is then the other uses that decide.
    /// </summary>
    private static bool IsUsedUpHere(ILocalSymbol local, SyntaxNode at, ControlFlowGraph graph, HashSet<ISymbol> asked)
    {
        if (!asked.Add(local))
        {
            return true;
        }

        SyntaxNode? block = at.FirstAncestorOrSelf<BlockSyntax>();
        return block is not null && graph.OriginalOperation.Descendants()
            .OfType<ILocalReferenceOperation>()
            .Where(r => SymbolEqualityComparer.Default.Equals(r.Local, local) && !(r.Parent is IAssignmentOperation assignment && assignment.Target == r))
            .All(r => block.Span.Contains(r.Syntax.Span) && IsUsedUp(r, graph, asked));
    }
}
