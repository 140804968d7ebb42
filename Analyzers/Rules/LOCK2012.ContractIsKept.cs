// A body keeps the contract of its member.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ContractIsKept : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2012",
        "A body does not keep its contract",
        "'{0}' promises that {1} when it returns, and on some path it is not so",
        "Callers rely on the contract. Change the body, or say what it really does.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is PromiseBroken broken)
        {
            findings.Report(s_descriptor, broken.Location, broken.Member, broken.Text);
        }
    }
}
