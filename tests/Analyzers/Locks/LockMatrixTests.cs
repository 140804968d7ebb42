// Every lock of the catalogue in every standard situation; what is expected follows from the properties of its kind.
using System;
using System.Linq;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Locks;

/// <summary>One way to use a lock.</summary>
/// <param name="Declaration">The field, named _l.</param>
/// <param name="Enter">Acquires it.</param>
/// <param name="Exit">Releases it.</param>
/// <param name="Try">Tries to acquire it, without waiting; an expression.</param>
/// <param name="IsReentrant">Its holder may acquire it again.</param>
/// <param name="IsThreadAffine">Only the thread that acquired it may release it.</param>
/// <param name="IsShared">This mode lets others in.</param>
public sealed record LockUse(string Declaration, string Enter, string Exit, string? Try, bool IsReentrant, bool IsThreadAffine = true, bool IsShared = false)
{
    /// <summary>A statement before the acquire.</summary>
    public string Before { get; init; } = "";
}

/// <summary>After the kernel's locking self-test: situations times locks.</summary>
public sealed class LockMatrixTests() : RuleTests("LOCK2001")
{
    private static readonly (string Name, LockUse Use)[] s_uses =
    [
        ("Monitor", new("private readonly object _l = new();", "Monitor.Enter(_l)", "Monitor.Exit(_l)", "Monitor.TryEnter(_l)", IsReentrant: true)),
        ("Lock", new("private readonly Lock _l = new();", "_l.Enter()", "_l.Exit()", "_l.TryEnter()", IsReentrant: true)),
        ("Mutex", new("private readonly Mutex _l = new();", "_l.WaitOne()", "_l.ReleaseMutex()", "_l.WaitOne(0)", IsReentrant: true)),
        ("Semaphore", new("private readonly Semaphore _l = new(1, 1);", "_l.WaitOne()", "_l.Release()", "_l.WaitOne(0)", IsReentrant: false, IsThreadAffine: false)),
        ("SemaphoreSlim", new("private readonly SemaphoreSlim _l = new(1, 1);", "_l.Wait()", "_l.Release()", "_l.Wait(0)", IsReentrant: false, IsThreadAffine: false)),
        ("SpinLock", new("private SpinLock _l;", "_l.Enter(ref taken)", "_l.Exit()", null, IsReentrant: false) { Before = "bool taken = false;" }),
        ("ReaderWriterLockSlim read", new("private readonly ReaderWriterLockSlim _l = new();", "_l.EnterReadLock()", "_l.ExitReadLock()", "_l.TryEnterReadLock(0)", IsReentrant: false, IsShared: true)),
        ("ReaderWriterLockSlim write", new("private readonly ReaderWriterLockSlim _l = new();", "_l.EnterWriteLock()", "_l.ExitWriteLock()", "_l.TryEnterWriteLock(0)", IsReentrant: false)),
        ("ReaderWriterLockSlim upgradeable", new("private readonly ReaderWriterLockSlim _l = new();", "_l.EnterUpgradeableReadLock()", "_l.ExitUpgradeableReadLock()", "_l.TryEnterUpgradeableReadLock(0)", IsReentrant: false, IsShared: true)),
        ("ReaderWriterLockSlim recursive", new("private readonly ReaderWriterLockSlim _l = new(LockRecursionPolicy.SupportsRecursion);", "_l.EnterWriteLock()", "_l.ExitWriteLock()", "_l.TryEnterWriteLock(0)", IsReentrant: true)),
        ("ReaderWriterLock read", new("private readonly ReaderWriterLock _l = new();", "_l.AcquireReaderLock(-1)", "_l.ReleaseReaderLock()", null, IsReentrant: true, IsShared: true)),
        ("ReaderWriterLock write", new("private readonly ReaderWriterLock _l = new();", "_l.AcquireWriterLock(-1)", "_l.ReleaseWriterLock()", null, IsReentrant: true)),
        ("own", new("private readonly Gate _l = new();", "_l.Enter()", "_l.Exit()", "_l.TryEnter()", IsReentrant: false)),
        ("own read", new("private readonly RwGate _l = new();", "_l.EnterRead()", "_l.ExitRead()", null, IsReentrant: false, IsShared: true)),
        ("own write", new("private readonly RwGate _l = new();", "_l.EnterWrite()", "_l.ExitWrite()", null, IsReentrant: false)),
        ("static", new("private static readonly object _l = new();", "Monitor.Enter(_l)", "Monitor.Exit(_l)", "Monitor.TryEnter(_l)", IsReentrant: true)),
        ("property", new("private Gate _l { get; } = new();", "_l.Enter()", "_l.Exit()", "_l.TryEnter()", IsReentrant: false)),
    ];

    public static TheoryData<string> Names => new(s_uses.Select(u => u.Name));

    public static TheoryData<string> WithTry => new(s_uses.Where(u => u.Use.Try is not null).Select(u => u.Name));

    private static LockUse Of(string name) => s_uses.Single(u => u.Name == name).Use;

    private static string Marked(string id, string text) => $"{{|{id}:{text}|}}";

    private void VerifyIn(LockUse use, string body, string members = "") => Verify(
        $$"""
        public class Table
        {
            {{use.Declaration}}
            {{members}}

            public async Task<int> Use(bool flag)
            {
                {{use.Before}}
                {{body}}
                return await Task.FromResult(0);
            }

            private static void Work()
            {
            }
        }
        """);

    [Theory]
    [MemberData(nameof(Names))]
    public void Balanced_IsSilent(string name) => VerifyIn(Of(name), $"{Of(name).Enter}; try {{ if (flag) return 1; }} finally {{ {Of(name).Exit}; }}");

    [Theory]
    [MemberData(nameof(Names))]
    public void LeakedOnAPath_IsLock2001(string name) => VerifyIn(Of(name), $"{Marked("LOCK2001", Of(name).Enter)}; if (flag) return 1; {Of(name).Exit};");

    [Theory]
    [MemberData(nameof(Names))]
    public void LeakedByAThrow_IsLock2002(string name) => VerifyIn(Of(name), $"{Marked("LOCK2002", Of(name).Enter)}; Work(); {Of(name).Exit};");

    [Theory]
    [MemberData(nameof(Names))]
    public void ReleasedTwice_IsLock2003(string name) => VerifyIn(Of(name), $"{Of(name).Enter}; {Of(name).Exit}; {Marked("LOCK2003", Of(name).Exit)};");

    [Theory]
    [MemberData(nameof(Names))]
    public void AcquiredTwice_DependsOnTheKind(string name)
    {
        LockUse use = Of(name);
        string second = use.Enter.Replace("taken", "again", StringComparison.Ordinal);
        string body = $"{use.Enter}; {(use.IsReentrant ? second : Marked("LOCK2004", second))}; {use.Exit}; {use.Exit};";
        VerifyIn(use, use.Before.Replace("taken", "again", StringComparison.Ordinal) + body);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AcquiredOnSomeWays_IsLock2005(string name) => VerifyIn(Of(name), $"if (flag) {Marked("LOCK2005", Of(name).Enter)}; {Of(name).Exit};");

    [Theory]
    [MemberData(nameof(Names))]
    public void AcquiredAndReleasedOnTheSameCondition_IsSilent(string name) => VerifyIn(Of(name), $"if (flag) {Of(name).Enter}; if (flag) {Of(name).Exit};");

    [Theory]
    [MemberData(nameof(Names))]
    public void InALoop_IsSilent(string name) =>
        VerifyIn(Of(name), $"for (int i = 0; i < 9; i++) {{ {Of(name).Enter}; if (flag) {{ {Of(name).Exit}; continue; }} {Of(name).Exit}; {(Of(name).Before.Length > 0 ? "taken = false;" : "")} }}");

    [Theory]
    [MemberData(nameof(Names))]
    public void AcrossAnAwait_DependsOnTheKind(string name)
    {
        string wait = Of(name).IsThreadAffine ? Marked("LOCK4001", "await Task.Yield()") : "await Task.Yield()";
        VerifyIn(Of(name), $"{Of(name).Enter}; try {{ {wait}; }} finally {{ {Of(name).Exit}; }}");
    }

    [Theory]
    [MemberData(nameof(WithTry))]
    public void TryThatDecides_IsSilent(string name) => VerifyIn(Of(name), $"if ({Of(name).Try}) {{ try {{ Work(); }} finally {{ {Of(name).Exit}; }} }}");

    [Theory]
    [MemberData(nameof(WithTry))]
    public void TryThatIsIgnored_IsLock2007(string name) => VerifyIn(Of(name), $"{Marked("LOCK2007", Of(name).Try!)}; {Of(name).Exit};");

    [Theory]
    [MemberData(nameof(WithTry))]
    public void TryThatLeaks_IsLock2001(string name) => VerifyIn(Of(name), $"if ({Marked("LOCK2001", Of(name).Try!)}) return 1;");

    [Theory]
    [MemberData(nameof(WithTry))]
    public void ReleaseWhereTheTryFailed_IsLock2003(string name) => VerifyIn(Of(name), $"if ({Of(name).Try}) {Of(name).Exit}; else {Marked("LOCK2003", Of(name).Exit)};");

    [Theory]
    [MemberData(nameof(Names))]
    public void GuardedData_WantsTheLockInItsMode(string name)
    {
        LockUse use = Of(name);
        string write = use.IsShared ? Marked("LOCK1003", "_count") : "_count";
        VerifyIn(
            use,
            $"{use.Enter}; {write} = 1; int read = _count; {use.Exit}; {Marked("LOCK1001", "_count")} = 2; return {Marked("LOCK1002", "_count")};",
            "[GuardedBy(nameof(_l))] private int _count;");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OtherThread_HoldsNothing(string name) => VerifyIn(
        Of(name),
        $"{Of(name).Enter}; Task.Run(() => Console.Write({Marked("LOCK1008", "_count")})); {Of(name).Exit};",
        "[GuardedBy(nameof(_l))] private int _count;");
}
