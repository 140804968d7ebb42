// How a type uses one of its fields, read off the syntax when a rule asks.
using System.Collections.Generic;
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Locks;

internal static class FieldUses
{
    /// <summary>Helpers of a constructor that call helpers are followed this far.</summary>
    private const int MaxHelpers = 4;

    private static readonly HashSet<string> s_concurrent = ["ConcurrentDictionary", "ConcurrentBag", "ConcurrentQueue", "ConcurrentStack", "BlockingCollection"];

    /// <summary>
    /// Where the type gives a field or property another object outside its constructors, what only they call, and its initialisers: null is none. Other types are
    /// not looked at.
    /// </summary>
    public static IReadOnlyList<SyntaxNode> Assignments(ISymbol field) =>
        Names(field).Where(n => IsWritten(n) && !IsConstruction(n, field, 0)).Select(n => (SyntaxNode)n).ToList();

    /// <summary>
    /// Whether a field is empty at first and then handed one object, by a single assignment that makes none, or by one in each overload of a method:
    /// there is no other to lock.
    /// </summary>
    public static bool IsGivenOnce(ISymbol field, IReadOnlyList<SyntaxNode> assignments) =>
        assignments.All(a => a is SimpleNameSyntax name && Whole(name).Parent is AssignmentExpressionSyntax { Right: IdentifierNameSyntax })
        && (assignments.Count == 1 || (assignments.Select(MethodOf).Distinct().Count() == assignments.Count && assignments.Select(a => MethodOf(a)?.Identifier.ValueText).Distinct().Count() == 1))
        && field.DeclaringSyntaxReferences.All(r => LockCreation.InitializerOf(r.GetSyntax()) is not { } first || IsNull(first))
        && !Names(field).Any(n => IsWritten(n) && IsConstruction(n, field, 0));

    /// <summary>
    /// Whether a field is made with a wrapper that locks for whoever uses it, and whose lock is there for those who go through it: <c>Hashtable.Synchronized</c>;
    /// or with a collection that locks for itself behind an interface that does not say so: <c>IDictionary&lt;…&gt; _rows = new ConcurrentDictionary&lt;…&gt;()</c>.
    /// </summary>
    public static bool LocksForItself(ISymbol field) =>
        field.DeclaringSyntaxReferences.Select(r => LockCreation.InitializerOf(r.GetSyntax()))
            .Concat(Names(field).Select(n => Whole(n).Parent is AssignmentExpressionSyntax assignment && assignment.Left == Whole(n) ? assignment.Right : null))
            .Any(made => made is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Synchronized" } }
                || (made is ObjectCreationExpressionSyntax creation && GuardableFields.IsCollection(field) && s_concurrent.Contains((creation.Type as QualifiedNameSyntax)?.Right.Identifier.ValueText ?? (creation.Type as SimpleNameSyntax)?.Identifier.ValueText ?? "")));

    /// <summary>Whether the field is locked somewhere and used for nothing else but naming it.</summary>
    public static bool AreOnlyLocks(IFieldSymbol field)
    {
        bool isLocked = false;
        foreach (SyntaxNode name in Names(field).Select(Whole))
        {
            if (name.Parent is LockStatementSyntax)
            {
                isLocked = true;
            }
            else if (!IsInNameof(name))
            {
                return false;
            }
        }

        return isLocked;
    }

    /// <summary>
    /// Whether a field gets its only value before a flag is set, and is read where that flag was tested: whoever sees the flag sees the value, or the
    /// flag is not volatile, and that is the mistake.
    /// </summary>
    public static bool IsPublishedByFlag(ISymbol field, SyntaxNode read)
    {
        List<SimpleNameSyntax> writes = Names(field).Where(n => (IsWritten(n) || IsCounted(n) || Clears(Whole(n))) && !IsConstruction(n, field, 0)).ToList();
        if (writes.Count != 1 || writes[0].FirstAncestorOrSelf<BlockSyntax>() is not { } block || MemberOf(writes[0]) is not { } member || MemberOf(read) != member)
        {
            return false;
        }

        return field.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Where(f => f.Type.SpecialType == SpecialType.System_Boolean)
            .Any(flag => Names(flag).Where(n => IsWritten(n) && !IsInConstructor(n, flag.IsStatic)).ToList() is { Count: 1 } sets
                && sets[0].SpanStart > writes[0].SpanStart && block.Span.Contains(sets[0].Span)
                && member.DescendantNodes().OfType<SimpleNameSyntax>().Any(n => n.Identifier.ValueText == flag.Name && n.SpanStart < read.SpanStart && n.FirstAncestorOrSelf<IfStatementSyntax>()?.Condition.Span.Contains(n.Span) == true));
    }

    /// <summary>Whether an assignment is reached the first time only, as far as that can be seen: behind a test of some member that leads around it.</summary>
    public static bool IsFirstTimeOnly(Location write)
    {
        SyntaxNode? node = write.SourceTree?.GetRoot().FindNode(write.SourceSpan);
        if (node is { Parent: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression } })
        {
            return true;
        }

        for (StatementSyntax? statement = node?.FirstAncestorOrSelf<StatementSyntax>(); statement is not null; statement = statement.Parent as StatementSyntax)
        {
            bool isBehindTest = statement.Parent is IfStatementSyntax
                || (statement.Parent is BlockSyntax block && block.Statements.TakeWhile(s => s != statement).Any(s => s is IfStatementSyntax { Else: null, Statement: var then } && Leaves(then)));
            if (isBehindTest)
            {
                return node!.Parent is not (PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax) && node.Parent is not AssignmentExpressionSyntax { RawKind: not (int)SyntaxKind.SimpleAssignmentExpression };
            }
        }

        return false;
    }

    /// <summary>The constant that is assigned at a place, as it is written there; null for anything else.</summary>
    public static string? ConstantAt(Location write) =>
        write.SourceTree?.GetRoot().FindNode(write.SourceSpan) is { Parent: AssignmentExpressionSyntax assignment } use && Replaces(use)
        && assignment.Right is LiteralExpressionSyntax or MemberAccessExpressionSyntax or IdentifierNameSyntax
            ? assignment.Right.ToString()
            : null;

    /// <summary>Where an expression begins; what stands behind a <c>?.</c> begins with what is tested there.</summary>
    public static int StartOf(SyntaxNode expression) =>
        expression.GetFirstToken().Parent is (MemberBindingExpressionSyntax or ElementBindingExpressionSyntax) and var binding
        && binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>(c => c.WhenNotNull.Span.Contains(binding.Span)) is { } access
            ? StartOf(access.Expression)
            : expression.SpanStart;

    public static bool ComesBefore(Location earlier, Location place) => earlier.SourceTree == place.SourceTree && earlier.SourceSpan.Start < place.SourceSpan.Start;

    /// <summary>Whether a statement comes before a place on every way to it.</summary>
    public static bool IsBefore(Location earlier, Location place) =>
        earlier.SourceTree == place.SourceTree
        && earlier.SourceTree?.GetRoot().FindNode(earlier.SourceSpan).FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax block } statement
        && block.Span.Contains(place.SourceSpan)
        && statement.Span.End <= place.SourceSpan.Start;

    /// <summary>What is looked for in a collection: the key of <c>ContainsKey</c> and the like; null for any other use.</summary>
    public static string? KeyOf(SyntaxNode use) =>
        use is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ContainsKey" or "TryGetValue" or "Contains" }, ArgumentList: var list } ? list.Arguments.FirstOrDefault()?.ToString() : null;

    /// <summary>The key that a call adds, or fails if the collection has it; null for any other use.</summary>
    public static string? AddedKeyOf(SyntaxNode use) =>
        use is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Add" }, ArgumentList: var list } ? list.Arguments.FirstOrDefault()?.ToString() : null;

    /// <summary>Whether a place lies in a lock statement that comes before another one on every way to it.</summary>
    public static bool IsLockedBefore(Location earlier, Location place) =>
        earlier.SourceTree?.GetRoot().FindNode(earlier.SourceSpan).FirstAncestorOrSelf<LockStatementSyntax>() is { } locked && IsBefore(locked.GetLocation(), place);

    /// <summary>Whether what a test finds decides if a call is made: in the same expression, or by an <c>if</c> or <c>switch</c>.</summary>
    public static bool Decides(Location test, Location call)
    {
        SyntaxNode? node = test.SourceTree == call.SourceTree ? test.SourceTree?.GetRoot().FindNode(test.SourceSpan) : null;
        for (; node?.Parent is { } around and not MemberDeclarationSyntax; node = around)
        {
            bool decides = around switch
            {
                BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression or (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression } either =>
                    either.Left == node && either.Right.Span.Contains(call.SourceSpan),
                ConditionalExpressionSyntax choice => choice.Condition == node && choice.Span.Contains(call.SourceSpan),
                SwitchExpressionSyntax choice => choice.GoverningExpression == node && choice.Span.Contains(call.SourceSpan),
                SwitchStatementSyntax choice => choice.Expression == node && choice.Span.Contains(call.SourceSpan),
                IfStatementSyntax choice when choice.Condition == node =>
                    choice.Span.Contains(call.SourceSpan) || (Leaves(choice.Statement) && choice.Parent!.Span.Contains(call.SourceSpan) && call.SourceSpan.Start > choice.Span.End),
                _ => false,
            };
            if (decides)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the type of a method calls something of its own by that name; what the compiler makes of the call is another matter.</summary>
    public static bool IsCalledByName(IMethodSymbol method) =>
        Names(method.ContainingType, method.Name).Any(n =>
            Whole(n) is SimpleNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }
            && Whole(n).Parent is InvocationExpressionSyntax call && call.Expression == Whole(n));

    /// <summary>Whether a method does nothing with what it is passed by reference but pass it on to Interlocked or Volatile.</summary>
    public static bool IsAtomic(IParameterSymbol parameter)
    {
        if (parameter.ContainingSymbol.DeclaringSyntaxReferences is not { Length: 1 } references)
        {
            return false;
        }

        List<IdentifierNameSyntax> uses = references[0].GetSyntax().DescendantNodes().OfType<IdentifierNameSyntax>().Where(n => n.Identifier.ValueText == parameter.Name).ToList();
        return uses.Count > 0 && uses.TrueForAll(u => u.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0, Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var owner } } }
            && owner.ToString().Split('.').Last() is "Interlocked" or "Volatile");
    }

    /// <summary>
    /// Whether a read is only for an assertion, which a program that is shipped does not make, or one that the body orders by a memory barrier: read
    /// without a lock, and meant to be.
    /// </summary>
    public static bool IsMeantWithoutLock(SyntaxNode read) =>
        read.Ancestors().TakeWhile(a => a is not StatementSyntax).OfType<InvocationExpressionSyntax>().Any(c => IsCallOf(c, "Debug", "Assert"))
        || (MemberOf(read)?.DescendantNodes().OfType<InvocationExpressionSyntax>() ?? Enumerable.Empty<InvocationExpressionSyntax>())
            .Any(c => IsCallOf(c, "Thread", "MemoryBarrier") || IsCallOf(c, "Interlocked", "MemoryBarrier") || IsCallOf(c, "Volatile", "ReadBarrier") || IsCallOf(c, "Volatile", "WriteBarrier"));

    private static bool IsCallOf(InvocationExpressionSyntax call, string type, string method) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name, Expression: var owner }
        && name == method
        && (owner is SimpleNameSyntax simple ? simple : (owner as MemberAccessExpressionSyntax)?.Name)?.Identifier.ValueText == type;

    private static bool Leaves(StatementSyntax statement) =>
        statement is ReturnStatementSyntax or ThrowStatementSyntax || (statement is BlockSyntax { Statements.Count: > 0 } block && Leaves(block.Statements.Last()));

    private static MemberDeclarationSyntax? MemberOf(SyntaxNode node) => node.FirstAncestorOrSelf<MemberDeclarationSyntax>();

    private static bool IsCounted(SimpleNameSyntax name) => Whole(name).Parent is PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: not (int)SyntaxKind.SuppressNullableWarningExpression };

    private static IEnumerable<SimpleNameSyntax> Names(ISymbol field) => Names(field.ContainingType, field.Name);

    private static IEnumerable<SimpleNameSyntax> Names(INamedTypeSymbol type, string text) =>
        WrittenNames.In(type, text).Where(name => name.Parent is not (NameColonSyntax or NameEqualsSyntax));

    /// <summary><c>this.x</c> or <c>Type.x</c> around a name.</summary>
    private static SyntaxNode Whole(SimpleNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;

    private static bool IsWritten(SimpleNameSyntax name)
    {
        SyntaxNode whole = Whole(name);
        return whole.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == whole && !IsNull(assignment.Right),
            ArgumentSyntax argument when PutsNothing(argument) => false,
            ArgumentSyntax { RefKindKeyword: var keyword } => keyword.IsKind(SyntaxKind.RefKeyword) || keyword.IsKind(SyntaxKind.OutKeyword),
            _ => false,
        };
    }

    private static MethodDeclarationSyntax? MethodOf(SyntaxNode node) => node.FirstAncestorOrSelf<MethodDeclarationSyntax>();

    /// <summary>
    /// <c>Interlocked.Exchange(ref field, null)</c> takes what was in it and puts nothing there; <c>Volatile.Read(ref field)</c> leaves it, and
    /// <c>Interlocked.CompareExchange(ref field, made, null)</c> replaces nothing that is there, nor does <c>LazyInitializer</c>.
    /// </summary>
    private static bool PutsNothing(ArgumentSyntax argument) =>
        argument.Parent is ArgumentListSyntax { Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var method } } } list
        && (method is "EnsureInitialized" || (list.Arguments.IndexOf(argument) == 0 && (method is "Read" || IsNullAt(list, 2, method is "CompareExchange") || IsNullAt(list, 1, method is "Exchange" or "CompareExchange"))));

    private static bool IsNullAt(ArgumentListSyntax list, int index, bool isAsked) => isAsked && list.Arguments.Count > index && IsNull(list.Arguments[index].Expression);

    /// <summary>Whether a use of a field takes away what was in it, and puts nothing there.</summary>
    public static bool Clears(SyntaxNode use) => use.Parent is AssignmentExpressionSyntax assignment && assignment.Left == use && IsNull(assignment.Right);

    /// <summary>
    /// Whether a write tells those who test the field without the lock that something is done. What takes the value away, a flag that others set included,
    /// or counts, tells them only that there is nothing to do.
    /// </summary>
    public static bool Announces(SyntaxNode use, ISymbol field) => use.Parent switch
    {
        PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax => false,
        AssignmentExpressionSyntax { RawKind: not ((int)SyntaxKind.SimpleAssignmentExpression or (int)SyntaxKind.CoalesceAssignmentExpression) } => false,
        AssignmentExpressionSyntax assignment when assignment.Left == use => !IsNull(assignment.Right) && !(assignment.Right.IsKind(SyntaxKind.FalseLiteralExpression) && !IsTrueAtFirst(field)),
        _ => true,
    };

    private static bool IsTrueAtFirst(ISymbol field) =>
        field.DeclaringSyntaxReferences.Any(r => LockCreation.InitializerOf(r.GetSyntax()).IsKind(SyntaxKind.TrueLiteralExpression))
        || Names(field).Any(n => Whole(n).Parent is AssignmentExpressionSyntax first && Replaces(Whole(n)) && !first.Right.IsKind(SyntaxKind.FalseLiteralExpression) && IsConstruction(n, field, 0));

    /// <summary>Whether a use of a field gives it the value of a beginning: none, zero, a flag, or a new object.</summary>
    public static bool Resets(SyntaxNode use) =>
        Replaces(use) && use.Parent is AssignmentExpressionSyntax assignment
        && (IsNull(assignment.Right) || assignment.Right is LiteralExpressionSyntax { Token.Value: 0 or bool or null } or BaseObjectCreationExpressionSyntax or ArrayCreationExpressionSyntax);

    /// <summary>Whether a field itself is what the body returns, and not something that is read off it.</summary>
    public static bool IsReturned(SyntaxNode use) => use is SimpleNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } && use.Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax;

    /// <summary>Whether a use of a field gives it another value, whatever it was.</summary>
    public static bool Replaces(SyntaxNode use) => use.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment && assignment.Left == use;

    /// <summary>Whether the value that a field is given comes from a parameter.</summary>
    public static bool IsGiven(SyntaxNode use, IEnumerable<IParameterSymbol> parameters) =>
        use.Parent is AssignmentExpressionSyntax assignment
        && assignment.Right.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(n => !(n.Parent is MemberAccessExpressionSyntax access && access.Name == n) && parameters.Any(p => p.Name == n.Identifier.ValueText));

    private static bool IsNull(ExpressionSyntax value) =>
        value.IsKind(SyntaxKind.NullLiteralExpression)
        || value.IsKind(SyntaxKind.DefaultLiteralExpression)
        || (value is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed && IsNull(suppressed.Operand));

    /// <summary>Whether something is done in a constructor, or in a method for heirs or none that only constructors call: by then nobody else has the object.</summary>
    private static bool IsConstruction(SyntaxNode node, ISymbol field, int depth)
    {
        if (IsInConstructor(node, field.IsStatic))
        {
            return true;
        }

        if (depth == MaxHelpers || IsLater(node) || MethodOf(node) is not { } method
            || method.Modifiers.Any(m => m.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.VirtualKeyword or SyntaxKind.OverrideKeyword))
        {
            return false;
        }

        IEnumerable<INamedTypeSymbol> heirs = method.Modifiers.Any(SyntaxKind.ProtectedKeyword) ? Implementers.HeirsOf(field.ContainingType) : Enumerable.Empty<INamedTypeSymbol>();
        List<SimpleNameSyntax> calls = heirs.Prepend(field.ContainingType).SelectMany(t => Names(t, method.Identifier.ValueText)).ToList();
        return calls.Count > 0 && calls.All(c => Whole(c).Parent is InvocationExpressionSyntax && IsConstruction(c, field, depth + 1));
    }

    private static bool IsLater(SyntaxNode node) =>
        node.Ancestors().TakeWhile(a => a is not MethodDeclarationSyntax).Any(a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    private static bool IsInConstructor(SyntaxNode node, bool isStatic)
    {
        foreach (SyntaxNode around in node.Ancestors())
        {
            if (around is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
            {
                return false;
            }

            if (around is ConstructorDeclarationSyntax constructor)
            {
                return constructor.Modifiers.Any(SyntaxKind.StaticKeyword) == isStatic;
            }
        }

        return false;
    }

    private static bool IsInNameof(SyntaxNode node) =>
        node.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } } };
}
