// A method of a lock that acquires or releases it and needs no argument.
using System.Collections.Generic;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.CodeFixes;

/// <param name="Method">The method.</param>
/// <param name="IsAcquire">Otherwise it releases.</param>
/// <param name="Mode">In which mode.</param>
/// <param name="IsAwaitable">It returns a task.</param>
/// <param name="ReturnsGuard">It returns a guard, or a task of one.</param>
internal sealed record LockMethod(IMethodSymbol Method, bool IsAcquire, Mode Mode, bool IsAwaitable, bool ReturnsGuard)
{
    /// <summary>All such methods of a lock, in the order of their declaration.</summary>
    public static IEnumerable<LockMethod> Of(Finding finding, LockName name)
    {
        for (ITypeSymbol? type = name.Type; type is not null; type = type.BaseType)
        {
            foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>().Where(m => IsCallable(finding, m)))
            {
                if (From(finding.Contracts, method, name.Type) is { } found)
                {
                    yield return found;
                }
            }
        }
    }

    public bool Satisfies(bool exclusively) => Mode == Mode.Exclusive || (!exclusively && Mode == Mode.Shared);

    /// <summary>The statement that gives up what the method acquired.</summary>
    public string? ReleaseText(Finding finding, LockName name)
    {
        LockMethod? release = Of(finding, name).Where(m => !m.IsAcquire && !m.IsAwaitable && (m.Mode == Mode || m.Mode == Mode.Any)).OrderBy(m => m.Method.Parameters.Length).FirstOrDefault();
        return release is null ? null : $"{name.Text}.{release.Method.Name}();";
    }

    private static bool IsCallable(Finding finding, IMethodSymbol method) =>
        method is { IsStatic: false, MethodKind: MethodKind.Ordinary, CanBeReferencedByName: true }
        && method.Parameters.All(p => p.IsOptional)
        && finding.Model.IsAccessible(finding.Node.SpanStart, method);

    private static LockMethod? From(ContractReader reader, IMethodSymbol method, ITypeSymbol receiver)
    {
        Clause[] changes = reader.Code(method, receiver).Clauses.Where(c => c.ChangesWhatIsHeld && c.Parameter < 0).ToArray();
        if (changes.Length != 1
            || changes[0] is not { Kind: ClauseKind.Acquires or ClauseKind.Releases, Paths: { Length: 1 } paths } clause
            || paths[0] is not { Root: PathRoot.This, Members.IsEmpty: true })
        {
            return null;
        }

        ITypeSymbol result = method.ReturnType;
        bool isAwaitable = result.Name is "Task" or "ValueTask";
        ITypeSymbol? value = isAwaitable ? (result as INamedTypeSymbol)?.TypeArguments.FirstOrDefault() : result;
        return new LockMethod(method, clause.Kind == ClauseKind.Acquires, clause.Mode, isAwaitable, reader.IsScoped(value));
    }
}
