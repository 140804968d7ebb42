// A lock as an expression at the place of a finding, bound: what it is and what kind of capability.
using System.Linq;
using System.Threading;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <param name="Expression">Names the lock at the place that it was found for.</param>
/// <param name="Type">Its type.</param>
/// <param name="Kind">What holding it means.</param>
/// <param name="Root">What the expression starts with: a field, a parameter, a local, a type; null for <c>this</c>.</param>
internal sealed record LockName(ExpressionSyntax Expression, ITypeSymbol Type, LockKind Kind, ISymbol? Root)
{
    public string Text => Expression.ToString();

    /// <summary>The lock that a finding speaks of; null where its name means nothing at that place, or something else.</summary>
    public static LockName? Of(Finding finding) => finding.Data(FindingData.LockKey) is { } text ? Find(finding, text) : null;

    /// <summary>The same for an inferred guard, which is named in terms of the object that has the field.</summary>
    public static LockName? OfReceiver(Finding finding)
    {
        LockName? own = Of(finding);
        bool isInferred = finding.Diagnostic.Id is "LOCK1101" or "LOCK1102";
        return isInferred && finding.Node is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax and not BaseExpressionSyntax } access && own is { Root: not null and not INamedTypeSymbol }
            && own.Root is { IsStatic: false } && finding.Model.GetSymbolInfo(access, finding.Cancellation).Symbol is IFieldSymbol { IsStatic: false }
            ? Find(finding, $"{access.Expression}.{own.Text}")
            : own;
    }

    public static LockName? Find(Finding finding, string text)
    {
        if (SyntaxFactory.ParseExpression(text, consumeFullText: true) is not { ContainsDiagnostics: false } expression || !IsPath(expression))
        {
            return null;
        }

        int position = finding.Node.SpanStart;
        SemanticModel model = finding.Model;
        ITypeSymbol? type = model.GetSpeculativeTypeInfo(position, expression, SpeculativeBindingOption.BindAsExpression).Type;
        ISymbol? root = RootOf(expression) is { } first ? model.GetSpeculativeSymbolInfo(position, first, SpeculativeBindingOption.BindAsExpression).Symbol : null;
        bool isHidden = root is ILocalSymbol or IParameterSymbol && HasMember(model, position, root.Name, finding.Cancellation);
        return type is null or IErrorTypeSymbol || isHidden || finding.Contracts.KindOf(type) is not { } kind ? null : new LockName(expression, type, kind, root);
    }

    /// <summary>A path as a contract of the member around the finding would write it; null where it depends on locals.</summary>
    public static string? InContract(Finding finding, string path)
    {
        ExpressionSyntax expression = SyntaxFactory.ParseExpression(path, consumeFullText: true);
        bool isNames = expression.DescendantNodesAndSelf().All(n => n is IdentifierNameSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax);
        if (expression.ContainsDiagnostics || !isNames)
        {
            return null;
        }

        // Names of phantoms bind to nothing, but what they start with does. What belongs to an object has no name where there is none.
        ISymbol? start = RootOf(expression) is { } root ? finding.Model.GetSpeculativeSymbolInfo(finding.Node.SpanStart, root, SpeculativeBindingOption.BindAsExpression).Symbol : null;
        bool needsThis = RootOf(expression) is null || start is IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false };
        bool hasThis = finding.Model.GetEnclosingSymbol(finding.Node.SpanStart, finding.Cancellation) is not { IsStatic: true };
        return needsThis ? (hasThis ? path : null) : start is null or ILocalSymbol ? null : path;
    }

    private static bool IsPath(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax or ThisExpressionSyntax or TypeOfExpressionSyntax => true,
        MemberAccessExpressionSyntax access => IsPath(access.Expression),
        ElementAccessExpressionSyntax element => IsPath(element.Expression),
        _ => false,
    };

    private static SimpleNameSyntax? RootOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name,
        MemberAccessExpressionSyntax access => RootOf(access.Expression),
        ElementAccessExpressionSyntax element => RootOf(element.Expression),
        _ => null,
    };

    /// <summary>The analyzer names members of <c>this</c> without <c>this</c>: a local of the same name would be taken for it.</summary>
    private static bool HasMember(SemanticModel model, int position, string name, CancellationToken cancellation)
    {
        for (INamedTypeSymbol? type = model.GetEnclosingSymbol(position, cancellation)?.ContainingType; type is not null; type = type.BaseType)
        {
            if (type.GetMembers(name).Any(m => m is IFieldSymbol or IPropertySymbol))
            {
                return true;
            }
        }

        return false;
    }
}
