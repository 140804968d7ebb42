// An object that is only locked could be a System.Threading.Lock.
using System.Linq;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Locking.Analyzers.Rules;

internal sealed class LockTypeForLocks : DeclarationRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK7006",
        "An object is used only as a lock",
        "'{0}' is used only as a lock: a System.Threading.Lock says so and is cheaper",
        "The dedicated type says what the field is for, is faster, and cannot be mistaken for an object of another use.",
        DiagnosticSeverity.Info);

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(Declaration declaration, Findings findings)
    {
        if (declaration.Symbol is IFieldSymbol { Type.SpecialType: SpecialType.System_Object, DeclaredAccessibility: Accessibility.Private, IsReadOnly: true } field
            && field.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= (LanguageVersion)1300 }
            && declaration.Reader.HasLockType
            && FieldUses.AreOnlyLocks(field))
        {
            findings.Report(s_descriptor, field.Locations[0], field.Name);
        }
    }
}
