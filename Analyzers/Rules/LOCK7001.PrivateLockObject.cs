// A lock object is private to those who lock it.
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class PrivateLockObject : BodyRule
{
    private const string Text = "Equal strings can be one object, shared by the whole process";

    private const string Advice = ": lock a private object instead";

    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK7001",
        "A lock is taken on an object that others can lock too",
        "{0}",
        "Code that knows nothing of this type can lock the same object, for any time and in any order. Lock a private object that is used for nothing else.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is TextLocked)
        {
            findings.Report(s_descriptor, e.Location, Text + Advice);
        }
        else if (e is Acquired { Target: { IsMonitor: true, IsHere: true } target } acquire && Why(target) is { } why)
        {
            findings.Report(s_descriptor, acquire.Location, why + Advice);
        }
    }

    private static string? Why(LockTarget target) => target switch
    {
        // What an extension block extends is a parameter of its members.
        { Value.Kind: ValueKind.This, Type: INamedTypeSymbol block } when ExtensionBlocks.ParameterOf(block) is not null => null,
        { Value.Kind: ValueKind.This, Type: var type } => type is null || IsVisibleOutside(type) ? "'this' can be locked by whoever has the object" : null,
        { Value.Kind: ValueKind.TypeOf } or { Type: { Name: "Type", ContainingNamespace.Name: "System" } } => "A type can be locked by everybody in the process",
        { Type: { } type } when OneForAll(type) is { } what => $"{what} can be locked by everybody in the process",
        { Value.Kind: ValueKind.Text } or { Type.SpecialType: SpecialType.System_String } => Text,
        { Value.Kind: ValueKind.Boxed } => "A boxed value is a new object each time, which locks nobody out",
        { Value.Member: { Symbol: IFieldSymbol { DeclaredAccessibility: not Accessibility.Protected } field } member } when IsVisibleOutside(field) => $"'{member.Name}' can be locked by whoever sees it",
        _ => null,
    };

    /// <summary>What the runtime hands the same object of to whoever asks; null for any other type.</summary>
    private static string? OneForAll(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            switch (current.ContainingNamespace?.ToDisplayString(), current.Name)
            {
                case ("System.Reflection", "MemberInfo" or "ParameterInfo" or "Assembly" or "Module"):
                    return "An object of reflection";
                case ("System.Threading", "Thread"):
                    return "A thread";
            }
        }

        return null;
    }

    /// <summary>
    /// Whether code outside the assembly can name a type or field; what an assembly does with its own it can see to. Properties hand their lock out
    /// on purpose, as ICollection.SyncRoot does, and a protected field is there for derived classes to lock.
    /// </summary>
    private static bool IsVisibleOutside(ISymbol symbol)
    {
        for (ISymbol? current = symbol; current is not null; current = current.ContainingType)
        {
            if (current.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }
}
