// A lock that is a value stays in one place, where it can be changed.
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class LockIsNotCopied : BodyRule, IDeclarationRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK7005",
        "A lock that is a value is copied, or kept in a readonly field",
        "{0}",
        "A copy is another lock. A readonly field hands out a copy each time it is used, so it is never locked at all.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public void Check(Declaration declaration, Findings findings)
    {
        if (declaration.Symbol is IFieldSymbol { IsReadOnly: true, IsImplicitlyDeclared: false } field && declaration.Reader.KindOf(field.Type) is { Inline: true })
        {
            findings.Report(s_descriptor, field.Locations[0], $"'{field.Name}' is readonly: each use of it locks a copy");
        }
        else if (declaration.Symbol is IPropertySymbol property && declaration.Reader.KindOf(property.Type) is { Inline: true } && LockMember.IsAutomatic(property))
        {
            findings.Report(s_descriptor, property.Locations[0], $"'{property.Name}' is a property: each use of it locks a copy");
        }
    }

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Copied copied)
        {
            findings.Report(s_descriptor, copied.Location, $"The '{copied.Type.Name}' is copied here, and the copy is another lock");
        }
    }
}
