// One thing that a body does, as far as locks are concerned; what the flow executes.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal enum AccessKind
{
    Read,
    Write,

    /// <summary>Passed by <c>in</c>: the callee reads it while it runs.</summary>
    PassedForReading,

    /// <summary>Passed by <c>ref</c> or <c>out</c>.</summary>
    PassedForWriting,

    /// <summary>Returned by reference: used after the method has returned.</summary>
    ReturnedForReading,

    ReturnedForWriting,

    /// <summary>Stored in a member: used after the lock has been released.</summary>
    StoredForReading,
}

/// <summary>Immutable, and shared by all copies of its block: its identity stands for the operation in the source.</summary>
internal abstract class Step(SyntaxNode syntax)
{
    public SyntaxNode Syntax { get; } = syntax;

    /// <summary>Whether the operation may throw before it takes effect.</summary>
    public virtual bool MayThrow => false;

    /// <summary>The slots that it gives a value; -1 stands for none.</summary>
    public virtual IEnumerable<int> Assigned => Enumerable.Empty<int>();
}

internal sealed class AssignStep(SyntaxNode syntax, int slot, Expr value) : Step(syntax)
{
    public int Slot { get; } = slot;

    public Expr Value { get; } = value;

    public override IEnumerable<int> Assigned => new[] { Slot };
}

/// <summary>An operation that is not followed takes a value: whose it is afterwards nobody knows.</summary>
internal sealed class HandOnStep(SyntaxNode syntax, Expr value) : Step(syntax)
{
    public Expr Value { get; } = value;
}

/// <summary>A handler leaves an event.</summary>
internal sealed class UnlinkStep(SyntaxNode syntax, Expr handler) : Step(syntax)
{
    public Expr Handler { get; } = handler;
}

/// <summary>An element of an array is used.</summary>
internal sealed class ElementStep(SyntaxNode syntax, Expr array) : Step(syntax)
{
    public Expr Array { get; } = array;

    public override bool MayThrow => true;
}

/// <summary>A field or property is given a value.</summary>
internal sealed class StoreStep(SyntaxNode syntax, Place place, Expr value) : Step(syntax)
{
    public Place Place { get; } = place;

    public Expr Value { get; } = value;
}

/// <summary>A variable that has a contract is used.</summary>
internal sealed class AccessStep(SyntaxNode syntax, Place place, AccessKind kind, bool isTest) : Step(syntax)
{
    public Place Place { get; } = place;

    public AccessKind Kind { get; } = kind;

    /// <summary>What it reads decides the branch at the end of its block.</summary>
    public bool IsTest { get; } = isTest;
}

/// <summary>A field is used through Interlocked or Volatile.</summary>
internal sealed class AtomicStep(SyntaxNode syntax, ISymbol field) : Step(syntax)
{
    public ISymbol Field { get; } = field;
}

/// <summary>A variable is used through a reference to it.</summary>
internal sealed class DerefStep(SyntaxNode syntax, Expr reference, AccessKind kind) : Step(syntax)
{
    public Expr Reference { get; } = reference;

    public AccessKind Kind { get; } = kind;
}

/// <summary>What a reference points to is used: a member, an element, a call through it.</summary>
internal sealed class UseStep(SyntaxNode syntax, Expr reference, AccessKind kind, bool isTest = false) : Step(syntax)
{
    public Expr Reference { get; } = reference;

    public AccessKind Kind { get; } = kind;

    /// <summary>The outcome decides a branch.</summary>
    public bool IsTest { get; } = isTest;
}

/// <summary>A method, constructor, accessor, operator or delegate is called.</summary>
internal sealed class CallStep(SyntaxNode syntax, IMethodSymbol method, CodeContract contract) : Step(syntax)
{
    public IMethodSymbol Method { get; } = method;

    public CodeContract Contract { get; } = contract;

    public Expr? Receiver { get; init; }

    /// <summary>The static type of the receiver.</summary>
    public ITypeSymbol? ReceiverType { get; init; }

    /// <summary>By parameter.</summary>
    public ImmutableArray<Expr> Arguments { get; init; } = ImmutableArray<Expr>.Empty;

    /// <summary>By parameter: the slot that the callee writes through a reference, or -1.</summary>
    public ImmutableArray<int> Written { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>The slot that takes the result.</summary>
    public int Result { get; init; } = -1;

    public ITypeSymbol? ResultType { get; init; }

    /// <summary>A creation: the result is a new object, and the receiver of the constructor.</summary>
    public bool IsCreation { get; init; }

    /// <summary>It runs the body that it names, and none that overrides it.</summary>
    public bool IsOfBase { get; init; }

    /// <summary>The result is used by nobody.</summary>
    public bool ResultIsDropped { get; init; }

    /// <summary>Lambdas and local functions among the arguments, by parameter.</summary>
    public ImmutableArray<(int Parameter, FunctionBody Function)> Functions { get; init; } = ImmutableArray<(int, FunctionBody)>.Empty;

    /// <summary>Methods among the arguments, for which a parameter promises to hold something.</summary>
    public ImmutableArray<ConvertMethodStep> Methods { get; init; } = ImmutableArray<ConvertMethodStep>.Empty;

    /// <summary>Those that the callee invokes before it returns.</summary>
    public IEnumerable<FunctionBody> RunAtOnce => Functions.Where(f => Contract.InstantHandles.Contains(f.Parameter)).Select(f => f.Function);

    /// <summary>Lock operations are taken not to throw; an acquire that can be cancelled may, and has then acquired nothing.</summary>
    public override bool MayThrow => !NeverFails && (!IsLockOperation || IsCancellable);

    /// <summary>A constructor that only keeps what it got, a property that leads to a lock, or what only changes how something is awaited.</summary>
    public bool NeverFails { get; init; }

    public override IEnumerable<int> Assigned => Written.Append(Result);

    public bool IsLockOperation { get; init; }

    /// <summary>The task that it returns is awaited on the spot: what it is given runs while its caller stands still.</summary>
    public bool IsAwaitedAtOnce { get; init; }

    /// <summary>An async callee goes on by itself: its task is dropped, or put into a member or a local, and waited for elsewhere if at all.</summary>
    public bool IsLetGo { get; init; }

    /// <summary>The sequence that it returns is gone through on the spot: an iterator's body runs there.</summary>
    public bool IsGoneThrough { get; init; }

    /// <summary>Whether the callee has come to its end when the call is over.</summary>
    public bool IsDone => !Method.IsAsync || IsAwaitedAtOnce;

    /// <summary>
    /// The body of a lock statement that the graph does not lower: the lock is released where execution leaves this syntax. Compilers up to
    /// C# 14 do so for <c>System.Threading.Lock</c> where nullable annotations are on.
    /// </summary>
    public SyntaxNode? Scope { get; init; }

    /// <summary>What the lock statement locks is no monitor, although an older compiler lowers it as one.</summary>
    public LockKind? LockedAs { get; init; }

    public bool IsCancellable { get; init; }

    /// <summary>The clauses of the delegate parameter that is invoked, in terms of the method that has the parameter.</summary>
    public ImmutableArray<Clause> OfOwnParameter { get; init; } = ImmutableArray<Clause>.Empty;
}

internal sealed class AwaitStep(SyntaxNode syntax, Expr awaited, int result) : Step(syntax)
{
    public Expr Awaited { get; } = awaited;

    public int Result { get; } = result;

    public ITypeSymbol? AwaitedType { get; init; }

    /// <summary>What the task yields is used by nobody.</summary>
    public bool ResultIsDropped { get; init; }

    public override bool MayThrow => true;

    public override IEnumerable<int> Assigned => new[] { Result };
}

internal sealed class YieldStep(SyntaxNode syntax) : Step(syntax);

/// <summary>A value becomes visible to code that is not followed: stored, returned, captured.</summary>
internal sealed class EscapeStep(SyntaxNode syntax, Expr value, bool isReturn) : Step(syntax)
{
    public Expr Value { get; } = value;

    public bool IsReturn { get; } = isReturn;
}

/// <summary>A lambda or local function is made that may run later, on any thread.</summary>
internal sealed class DeferStep(SyntaxNode syntax, FunctionBody function) : Step(syntax)
{
    public FunctionBody Function { get; } = function;
}

/// <summary>A lambda or local function is called here and now.</summary>
internal sealed class RunStep(SyntaxNode syntax, FunctionBody function, ImmutableArray<Expr> arguments, int result) : Step(syntax)
{
    public FunctionBody Function { get; } = function;

    public ImmutableArray<Expr> Arguments { get; } = arguments;

    public int Result { get; } = result;
}

/// <summary>Execution has come to a place, and does nothing there but leave what ended before it.</summary>
internal sealed class ArriveStep(SyntaxNode syntax) : Step(syntax);

/// <summary>Execution goes on only where a condition holds: behind a call that would not have returned otherwise.</summary>
internal sealed class AssumeStep(SyntaxNode syntax, Expr condition) : Step(syntax)
{
    public Expr Condition { get; } = condition;
}

/// <summary>A method is turned into a delegate.</summary>
internal sealed class ConvertMethodStep(SyntaxNode syntax, IMethodSymbol method, Expr? receiver, ITypeSymbol? delegateType, ImmutableArray<Clause> given) : Step(syntax)
{
    public IMethodSymbol Method { get; } = method;

    /// <summary>The object that the delegate keeps; null where the method is static.</summary>
    public Expr? Receiver { get; } = receiver;

    public ITypeSymbol? DelegateType { get; } = delegateType;

    /// <summary>What the parameter that takes the delegate promises to hold, in terms of the call.</summary>
    public ImmutableArray<Clause> Given { get; } = given;

    /// <summary>How the delegate uses what the receiver refers to, when it runs later; null where it does not.</summary>
    public AccessKind? UsesLater { get; init; }
}

/// <summary>A lock is turned into a plain object.</summary>
internal sealed class WidenStep(SyntaxNode syntax, Expr value, ITypeSymbol from) : Step(syntax)
{
    public Expr Value { get; } = value;

    public ITypeSymbol From { get; } = from;

    /// <summary>The conversion is how an older compiler lowers a lock statement, not a mistake.</summary>
    public bool IsForLockStatement { get; init; }
}

/// <summary>A string is locked, wherever it comes from.</summary>
internal sealed class LockedTextStep(SyntaxNode syntax) : Step(syntax);

/// <summary>A lock that is a value is copied.</summary>
internal sealed class CopyStep(SyntaxNode syntax, ITypeSymbol type) : Step(syntax)
{
    public ITypeSymbol Type { get; } = type;
}

/// <summary>An object is made whose constructor is of no interest: an array, an anonymous object.</summary>
internal sealed class CreateStep(SyntaxNode syntax, int result) : Step(syntax)
{
    public int Result { get; } = result;

    public override IEnumerable<int> Assigned => new[] { Result };
}

/// <summary>An array or another collection of tasks, threads or delegates is made.</summary>
internal sealed class GatherStep(SyntaxNode syntax, ImmutableArray<Expr> parts, int result) : Step(syntax)
{
    public ImmutableArray<Expr> Parts { get; } = parts;

    public int Result { get; } = result;

    public override IEnumerable<int> Assigned => new[] { Result };
}

/// <summary>A parameter of a function gets what a callee passes, which is anything.</summary>
internal sealed class ReceiveStep(CallStep call, int slot) : Step(call.Syntax)
{
    public CallStep Call { get; } = call;

    public int Slot { get; } = slot;

    public override IEnumerable<int> Assigned => new[] { Slot };
}

/// <summary>A callee invokes a function that it got while it holds locks of its own.</summary>
internal sealed class BorrowStep(CallStep call, ParameterRun run, FunctionBody function, bool isEnd) : Step(call.Syntax)
{
    public FunctionBody Function { get; } = function;

    public CallStep Call { get; } = call;

    public ParameterRun Run { get; } = run;

    public bool IsEnd { get; } = isEnd;
}

/// <summary>What a callee returns has in it what a function returned that it ran: a query of tasks.</summary>
internal sealed class CollectStep(CallStep call, int slot) : Step(call.Syntax)
{
    /// <summary>What the callee returns.</summary>
    public int Whole { get; } = call.Result;

    /// <summary>What the function returned.</summary>
    public int Part { get; } = slot;
}

/// <summary>Something else that may throw.</summary>
internal sealed class ThrowingStep(SyntaxNode syntax) : Step(syntax)
{
    public override bool MayThrow => true;
}
