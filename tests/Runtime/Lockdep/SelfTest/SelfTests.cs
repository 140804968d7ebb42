// The port of the kernel's locking self-test: every case, both polarities, and the table that says what was ported.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.SelfTest;

public sealed class SelfTests : ValidatedTest
{
    private const string Table = "Runtime/Docs/lockdep-selftest.md";

    private static readonly SelfTestCase[] s_cases = [.. OrderingCases.All(), .. CallbackCases.All(), .. ContextCases.All()];

    /// <summary>The families as the kernel counts them, what they became, and why some did not.</summary>
    private static readonly (string Family, int Cases, string Mapped, string Missing)[] s_families =
    [
        ("basic ordering", 49, "AA, ABBA and five longer cycles × seven kinds: spin = `SpinMutex`, wlock/rlock = a model of the kernel's rwlock on `LockMap`, mutex = `MutexLock`, wsem/rsem = `RwSemaphore`, rtmutex = `AsyncMutex` in a flow", ""),
        ("double unlock", 7, "release twice", ""),
        ("initialise held", 7, "`Dispose` while held", ""),
        ("read recursion and mixed ABBA", 15, "rwlock = the model, rwsem = `RwSemaphore`", ""),
        ("three-lock rwlock cycles", 24, "the model; four shapes in all orders", ""),
        ("irqsafe1", 12, "interrupt = callback, interrupts on = callbacks admitted", ""),
        ("irqsafe2A", 6, "the same", ""),
        ("irqsafe2B", 12, "the same", ""),
        ("irqsafe3", 36, "the same", ""),
        ("irqsafe4", 36, "the same", ""),
        ("irq inversion", 36, "the same", ""),
        ("irq read recursion 1", 24, "the same", ""),
        ("irq read recursion 2", 24, "the same", ""),
        ("irq read recursion 3", 24, "the same", ""),
        ("nest and try", 14, "the matrix of block, try and context, and the two nest-lock cases; a context is a nest lock", ""),
        ("wound/wait", 22, "", "there is no wound/wait mutex here: contexts with stamps, back-off codes and slow acquires have nothing to map to"),
        ("queued readers", 3, "the model, with readers that queue outside callbacks", ""),
        ("allocation context", 3, "`VirtualLocks.Reclaim`, `MightAllocate`, `ForbidReclaim`", ""),
        ("wait contexts", 36, "threaded hard interrupt = non-blockable callback; the other interrupts = `Restrict`; raw spin and RCU flavours = `VirtualLock` of those wait types", ""),
        ("local_lock", 3, "", "there are no per-processor locks: a thread of a managed program cannot be kept on its processor"),
        ("hardirq-unsafe, softirq-safe", 1, "both callback contexts", ""),
    ];

    public static TheoryData<string> Names => [.. s_cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_HasTheKernelsVerdict(string name)
    {
        SelfTestCase test = Assert.Single(s_cases, c => c.Name == name);
        Lockdep.Policy = ReportPolicy.FirstOnly;

        // A flow and a thread of its own, so that what a case leaves held is gone with it.
        Threads.Run(() =>
        {
            HeldStackOfTheCase(test);
        });
        Assert.True(test.IsReported != Lockdep.IsActive, test.IsReported ? "A report was expected." : string.Join('\n', Reports.Select(r => r.ToString())));
        Assert.Equal(test.IsReported ? 1 : 0, Reports.Length);
    }

    [Fact]
    public void Names_AreUnique() => Assert.Equal(s_cases.Length, s_cases.Select(c => c.Name).Distinct().Count());

    [Fact]
    public void Families_AddUpToTheKernelsSuite() => Assert.Equal(394, s_families.Sum(f => f.Cases));

    [Fact]
    public void EveryFamily_RunsAsManyCasesAsTheTableSays()
    {
        Dictionary<string, int> run = s_cases.Where(c => c.IsKernel).GroupBy(c => c.Family).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(
            s_families.Where(f => f.Missing == "").ToDictionary(f => f.Family, f => f.Cases).OrderBy(f => f.Key),
            run.OrderBy(f => f.Key));
    }

    [Fact]
    public void Table_IsWhatTheSuiteIs() => Repository.AssertFile(Table, TableText());

    private static void HeldStackOfTheCase(SelfTestCase test)
    {
        using FlowScope flow = test.Name.EndsWith("_rtmutex", StringComparison.Ordinal) ? Lockdep.BeginFlow("selftest") : default;
        try
        {
            test.Body();
        }
        catch (Exception e) when (e is LockRecursionException or SynchronizationLockException)
        {
            // What the validator reported, the lock itself then refuses.
        }
    }

    private static string TableText()
    {
        int run = s_families.Where(f => f.Missing == "").Sum(f => f.Cases);
        int ours = s_cases.Count(c => !c.IsKernel);
        var text = new StringBuilder("# The port of the kernel's locking self-test\n\n");
        text.Append($"Of the 394 cases of `lib/locking-selftest.c` (all options on), {run} run and {394 - run} do not. ");
        text.Append("Each runs with the kernel's verdict, report or silence, and the other one fails.\n");
        text.Append($"The basic families also run for kinds that the kernel's suite has no column for (`SeqLock`, `SrcuDomain`): {ours} cases more.\n");
        text.Append("This page is written by `tests/Runtime` (`LOCKING_UPDATE_BASELINES=1`) from the cases themselves, and compared by it.\n\n");
        text.Append("| family | cases | run | as | why not |\n|---|---|---|---|---|\n");
        foreach ((string family, int cases, string mapped, string missing) in s_families)
        {
            text.Append($"| {family} | {cases} | {(missing == "" ? cases : 0)} | {mapped} | {missing} |\n");
        }

        text.Append($"| **total** | **394** | **{run}** | | |\n");
        return text.ToString();
    }
}
