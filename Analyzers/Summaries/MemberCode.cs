// A member with its body, as the analyses of a type and of the program share it.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Flow.Lowering;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Summaries;

/// <summary>
/// Lowered when it is first analysed. What was found out about it is remembered with what it depended on, so that an analysis is repeated only
/// where something that it asked for has another answer. Thread-safe.
/// </summary>
internal sealed class MemberCode
{
    private readonly ContractReader _reader;
    private readonly Lazy<Body?> _body;
    private ImmutableArray<Remembered> _remembered = ImmutableArray<Remembered>.Empty;

    /// <param name="symbol">The method, or the field or property that is initialised.</param>
    /// <param name="root">The whole body.</param>
    /// <param name="infersGuards">Whether uses of fields in it are evidence for what guards them.</param>
    public MemberCode(ISymbol symbol, IOperation root, BodyOutline outline, bool infersGuards, ContractReader reader)
    {
        Symbol = symbol;
        Syntax = root.Syntax;
        Outline = outline;
        _reader = reader;
        var kept = new WeakReference<IOperation>(root);
        _body = new Lazy<Body?>(() => Lower(GraphOf(Operation(kept)), infersGuards));
        Contract = Method is null ? CodeContract.None : reader.Code(Method);
        Sketch = SketchOf(outline);
    }

    public ISymbol Symbol { get; }

    /// <summary>The body in the source.</summary>
    public SyntaxNode Syntax { get; }

    public BodyOutline Outline { get; }

    /// <summary>Null where it is nested too deeply to be lowered.</summary>
    public Body? Body => _body.Value;

    public IMethodSymbol? Method => Symbol as IMethodSymbol;

    public CodeContract Contract { get; }

    /// <summary>What can be said of it without an analysis; null where that is nothing.</summary>
    public MethodSummary? Sketch { get; }

    /// <summary>
    /// Whether every caller is in sight: of the analysis of a type, where the member or a type around it is private; of the analysis of the
    /// program, where they are internal. Nothing else must lead to it: no base member, no interface but that of a guard.
    /// </summary>
    /// <param name="isOnlyBody">Nothing in sight overrides it, so that a call of a virtual member runs this body.</param>
    public bool HasKnownCallers(bool inProgram, bool isOnlyBody = false) =>
        Method is { IsOverride: false, IsAbstract: false } method
        && (isOnlyBody || !method.IsVirtual)
        && method.MethodKind is MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation or MethodKind.Constructor or MethodKind.PropertyGet or MethodKind.PropertySet
        && IsHidden(method, inProgram)
        && (IsDisposal(method) || !BaseMembers.Of(method).Any());

    /// <summary>Whether only a type, or in a program only its assembly, can name a member.</summary>
    public static bool IsHidden(ISymbol symbol, bool inProgram)
    {
        for (ISymbol? current = symbol; current is not null; current = current.ContainingType)
        {
            if (current.DeclaredAccessibility == Accessibility.Private
                || (inProgram && current.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of the two parts of a partial method, calls name the one, and the other has the body.</summary>
    public static IMethodSymbol WithBody(IMethodSymbol method) => method.PartialImplementationPart ?? method;

    /// <summary>Whether a method makes its object, so that nobody else has it yet: constructors, initialisers, and what a deserialiser calls instead of them.</summary>
    public static bool Constructs(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } or { IsInitOnly: true }
        || (method is { ReturnsVoid: true, Parameters.Length: 1 }
            && method.Parameters[0].Type.Name == "StreamingContext"
            && method.GetAttributes().Any(a => a.AttributeClass?.Name is "OnDeserializedAttribute" or "OnDeserializingAttribute"));

    /// <summary>
    /// Whether a method makes an object that nobody else has yet, without a constructor that can be seen: a copy, as every object makes it of itself and
    /// <c>with</c> of a record, or one by reflection.
    /// </summary>
    public static bool MakesNew(IMethodSymbol method) => method.Name switch
    {
        nameof(MemberwiseClone) or "<Clone>$" => method.Parameters.IsEmpty,
        nameof(Activator.CreateInstance) => method.ContainingType.Name == nameof(Activator),
        "GetUninitializedObject" => method.ContainingType.Name is "RuntimeHelpers" or "FormatterServices",
        _ => false,
    };

    /// <summary>Whether a method runs when no other thread is left, or only shows the object.</summary>
    public static bool IsTeardown(IMethodSymbol? method) => method is { MethodKind: MethodKind.Destructor } or { Name: "ToString" } || IsDisposal(method);

    /// <summary>Whether a method disposes of its object, under the interface's name or as its implementation only.</summary>
    public static bool IsDisposal(IMethodSymbol? method) =>
        method is { Name: "Dispose" or "DisposeAsync" } || method?.ExplicitInterfaceImplementations.Any(i => i.Name is "Dispose" or "DisposeAsync") == true;

    /// <summary>Whether a member is for its assembly or for derived types, and for nobody else.</summary>
    public static bool IsInner(ISymbol member) => member.DeclaredAccessibility is not (Accessibility.Private or Accessibility.Public or Accessibility.NotApplicable);

    /// <summary>An earlier analysis with the same callers, if all that it asked for is as it was.</summary>
    public bool TryRecall(Callers callers, Func<IMethodSymbol, MethodSummary?> ask, out FlowResult? result)
    {
        foreach (Remembered known in _remembered)
        {
            if (known.Callers.AreKnown == callers.AreKnown
                && known.Callers.UseDelegates == callers.UseDelegates
                && known.Callers.OnlyConstruct == callers.OnlyConstruct
                && known.Callers.NewArguments == callers.NewArguments
                && known.Callers.Held.SequenceEqual(callers.Held)
                && known.Asked.All(a => MethodSummary.AreSame(ask(a.Key), a.Value)))
            {
                result = known.Result;
                return true;
            }
        }

        result = null;
        return false;
    }

    /// <param name="asked">Every callee that the analysis asked about, and what it heard.</param>
    public void Remember(Callers callers, IReadOnlyDictionary<IMethodSymbol, MethodSummary?> asked, FlowResult? result) =>
        ImmutableInterlocked.Update(ref _remembered, (all, one) => all.Add(one), new Remembered(callers, asked, result));

    private MethodSummary? SketchOf(BodyOutline outline)
    {
        bool neverReturns = outline.Traits.HasFlag(BodyTraits.OnlyThrows) && Method is { IsAsync: false };
        bool returnsNew = outline.Traits.HasFlag(BodyTraits.ReturnsNew);
        return neverReturns || returnsNew || !outline.Written.IsEmpty
            ? new MethodSummary { NeverReturns = neverReturns, ReturnsNew = returnsNew, Writes = outline.Written.Select(f => _reader.Members.Intern(f)).ToImmutableHashSet() }
            : null;
    }

    private Body? Lower(ControlFlowGraph? graph, bool infersGuards)
    {
        try
        {
            return graph is null ? null : BodyLowering.Lower(Symbol, graph, _reader, Outline.Traits.HasFlag(BodyTraits.Contents), infersGuards);
        }
        catch (InsufficientExecutionStackException)
        {
            return null;
        }
    }

#pragma warning disable RS0030 // The host shares its models and graphs, but only while it shows the body; whether this one is needed turns out later.
    /// <summary>
    /// An operation keeps all that the compiler found out about its body alive. Few bodies without a graph are ever analysed, so that binding those
    /// again is cheaper than keeping all.
    /// </summary>
    private IOperation? Operation(WeakReference<IOperation> kept) =>
        kept.TryGetTarget(out IOperation? root) ? root : _reader.Compilation.GetSemanticModel(Syntax.SyntaxTree).GetOperation(Syntax);

    private static ControlFlowGraph? GraphOf(IOperation? root) => root switch
    {
        IMethodBodyOperation method => ControlFlowGraph.Create(method),
        IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor),
        IBlockOperation block => ControlFlowGraph.Create(block),
        IFieldInitializerOperation field => ControlFlowGraph.Create(field),
        IPropertyInitializerOperation property => ControlFlowGraph.Create(property),
        _ => null,
    };
#pragma warning restore RS0030

    private sealed record Remembered(Callers Callers, IReadOnlyDictionary<IMethodSymbol, MethodSummary?> Asked, FlowResult? Result);
}
