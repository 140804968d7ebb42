// A member with its body, as the analyses of a type and of the program share it.
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <param name="symbol">The method, or the field or property that is initialised.</param>
/// <param name="syntax">The body in the source.</param>
/// <param name="body">Null where it is nested too deeply to be lowered.</param>
internal sealed class MemberCode(ISymbol symbol, SyntaxNode syntax, Body? body)
{
    public ISymbol Symbol { get; } = symbol;

    public SyntaxNode Syntax { get; } = syntax;

    public Body? Body { get; } = body;

    public IMethodSymbol? Method => Symbol as IMethodSymbol;

    public CodeContract Contract => Body?.Main.Contract ?? CodeContract.None;

    /// <summary>
    /// Whether every caller is in sight: of the analysis of a type, where the member or a type around it is private; of the analysis of the
    /// program, where they are internal. Nothing else must lead to it: no base member, no interface but that of a guard.
    /// </summary>
    public bool HasKnownCallers(bool inProgram) =>
        Method is { IsVirtual: false, IsOverride: false, IsAbstract: false } method
        && method.MethodKind is MethodKind.Ordinary or MethodKind.Constructor or MethodKind.PropertyGet or MethodKind.PropertySet
        && IsHidden(method, inProgram)
        && (method.Name is "Dispose" or "DisposeAsync" || !BaseMembers.Of(method).Any());

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
}
