// A lock object is shared with those whom it locks out.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class SharedLockObject : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK7003",
        "A lock is taken on an object that no other thread can have",
        "The object that is locked here {0}, and nobody else gets it: the lock locks nobody out",
        "Each call makes an object of its own and locks it. Lock an object that all threads share, such as a private readonly field.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Acquired { Target: { IsHere: true, Type: not { SpecialType: SpecialType.System_String } } target } acquire && (target.IsMonitor || IsOfProcess(target.Type)) && (target.IsPrivateToCall || target.IsPrivateToThread))
        {
            findings.Report(s_descriptor, acquire.Location, target.IsPrivateToThread ? "is this thread's own" : "was made in this call");
        }
    }

    /// <summary>A lock that cannot be found by a name, as a mutex can, and is no signal between threads.</summary>
    private static bool IsOfProcess(ITypeSymbol? type) => type is { Name: "Lock" or "ReaderWriterLockSlim" or "ReaderWriterLock", ContainingNamespace: { Name: "Threading", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } };
}
