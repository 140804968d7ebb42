// A lock object stays the same for as long as it is locked.
using System.Collections.Generic;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class LockObjectStays : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK7002",
        "A lock is taken on a field that is reassigned",
        "{0}",
        "Who locks before the assignment and who locks after it do not lock each other out. Make the field readonly, or lock another object.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is not Acquired { Target: { IsHere: true, IsMonitor: true, IsOneOfMany: false, IsPrivateToThread: false, Value.Member: { IsReadOnly: false, Symbol: { } field } } } acquire || !IsVariable(field))
        {
            return;
        }

        IReadOnlyList<SyntaxNode> assignments = FieldUses.Assignments(field);
        if (assignments.Count > 0 && !FieldUses.IsGivenOnce(field, assignments))
        {
            findings.Report(s_descriptor, acquire.Location, assignments.Select(a => a.GetLocation()), $"'{field.Name}' is locked here and given another object elsewhere: two threads can hold two different locks");
        }
        else if (findings.OptionsAt(acquire.Location).Is(Options.ReassignableLocks, "mutable"))
        {
            findings.Report(s_descriptor, acquire.Location, $"'{field.Name}' is locked here and can be given another object: make it readonly");
        }
    }

    private static bool IsVariable(ISymbol member) => member is IFieldSymbol || (member is IPropertySymbol property && LockMember.IsAutomatic(property));
}
