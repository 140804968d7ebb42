// LOCK0002: contracts of one declaration do not contradict each other, and the declared order has no cycle.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ContractsAgreeTests() : RuleTests("LOCK0002")
{
    private void VerifyMember(string member, string? message = null) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();
            private readonly Gate _other = new();
            private readonly object _monitor = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly RwGate _rw = new();

            {{member}}
        }
        """, message);

    [Theory]
    [InlineData("[Requires(nameof(_gate)), Excludes([|nameof(_gate)|])] public void Use() { }", "'_gate' is both required and excluded")]
    [InlineData("[Excludes(nameof(_gate)), Requires([|nameof(_gate)|])] public void Use() { }", "'_gate' is both required and excluded")]
    [InlineData("[RequiresShared(nameof(_rw)), Excludes([|nameof(_rw)|])] public void Use() { }", "'_rw' is both required and excluded")]
    [InlineData("[Requires(nameof(_other), nameof(_gate)), Excludes([|nameof(_gate)|])] public void Use() { }", "'_gate' is both required and excluded")]
    [InlineData("[Requires(\"this._gate\"), Excludes([|nameof(_gate)|])] public void Use() { }", "'_gate' is both required and excluded")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Requires(nameof(_gate)), Acquires([|nameof(_gate)|])] public void Use() { }", "'_gate' is acquired although it is required already")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Releases(nameof(_gate)), Excludes([|nameof(_gate)|])] public void Use() { }", "'_gate' is both released and excluded")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Releases(nameof(_gate)), Requires([|nameof(_gate)|])] public void Use() { }", "'_gate' is required to stay held and released")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Requires(nameof(_one)), Acquires([|nameof(_one)|])] public void Use() { }", "'_one' is acquired although it is required already")]
    public void Contradiction_IsReportedAtTheLaterOne(string member, string message) => VerifyMember(member, message);

    [Theory]
    [InlineData("[Requires(nameof(_gate)), Excludes(nameof(_other))] public void Use() { }")]
    [InlineData("[Requires(\"a\"), Excludes(\"b\")] public void Use(Gate a, Gate b) { }")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Requires(nameof(_monitor)), Acquires(nameof(_monitor))] public void Use() { }")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Releases(nameof(_rw)), AcquiresShared(nameof(_rw))] public void Downgrade() { }")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Releases(nameof(_gate)), Acquires(nameof(_gate))] public void Again() { }")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Excludes(nameof(_gate)), Acquires(nameof(_gate))] public void Take() { }")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Excludes(nameof(_gate)), TryAcquires(true, nameof(_gate))] public bool Take() => true;")]
    [InlineData("[RequiresShared(nameof(_rw)), Requires(nameof(_gate))] public void Use() { }")]
    public void Agreement_IsSilent(string member) => VerifyMember(member);

    [Fact]
    public void Property_IsOneFinding() => VerifyMember("[Requires(nameof(_gate)), Excludes([|nameof(_gate)|])] public int Count { get => 1; set => _ = value; }");

    [Fact]
    public void LocalFunctionAndDelegateType_AreDeclarationsToo() => VerifyMember(
        """
        [Requires("gate"), Excludes([|"gate"|])]
        public delegate void Callback(Gate gate);

        public void Use()
        {
            [Requires(nameof(_gate)), Excludes([|nameof(_gate)|])]
            void Local()
            {
            }
        }
        """);

    [Fact]
    public void CycleOfMembers_IsReportedWhereItCloses() => Verify(
        """
        public class Table
        {
            [AcquiredBefore(nameof(_two))]
            private readonly Gate _one = new();

            [AcquiredBefore(nameof(_three))]
            private readonly Gate _two = new();

            [AcquiredBefore([|nameof(_one)|])]
            private readonly Gate _three = new();
        }
        """, "The declared order has a cycle: '_three' comes before itself");

    [Theory]
    [InlineData("[AcquiredBefore([|nameof(_one)|])] private readonly Gate _one = new();")]
    [InlineData("[AcquiredBefore(nameof(_two))] private readonly Gate _one = new(); [AcquiredBefore([|nameof(_one)|])] private readonly Gate _two = new();")]
    [InlineData("[AcquiredBefore(nameof(_two)), AcquiredAfter([|nameof(_two)|])] private readonly Gate _one = new(); private readonly Gate _two = new();")]
    [InlineData("[AcquiredAfter(nameof(_two))] private readonly Gate _one = new(); [AcquiredAfter([|nameof(_one)|])] private readonly Gate _two = new();")]
    public void ShortCycle_IsReported(string members) => Verify($"public class Table {{ {members} }}");

    [Theory]
    [InlineData("[AcquiredBefore(nameof(_two))] private readonly Gate _one = new(); private readonly Gate _two = new();")]
    [InlineData("[AcquiredBefore(nameof(_two))] private readonly Gate _one = new(); [AcquiredAfter(nameof(_one))] private readonly Gate _two = new();")]
    [InlineData("[AcquiredBefore(nameof(_two), nameof(_three))] private readonly Gate _one = new(); [AcquiredBefore(nameof(_three))] private readonly Gate _two = new(); private readonly Gate _three = new();")]
    public void OrderWithoutCycle_IsSilent(string members) => Verify($"public class Table {{ {members} }}");

    [Fact]
    public void CycleOfClasses_IsReportedAtTheAssembly() => Verify(
        """
        [assembly: LockOrder("mmap_sem", "umem_rwsem", "umem_mutex")]
        [assembly: LockOrder([|"umem_mutex"|], "mmap_sem")]
        """, "The declared order has a cycle: 'umem_mutex' comes before itself");

    [Fact]
    public void Miss_ContradictionBetweenAMemberAndTheAssembly_IsSilent() => Verify(
        """
        [assembly: LockOrder("Table._two", "Table._one")]

        public class Table
        {
            [AcquiredBefore(nameof(_two))]
            private readonly Gate _one = new();

            private readonly Gate _two = new();
        }
        """);

    /// <summary>The body and the callers follow one of the two, and are told nothing.</summary>
    [Theory]
    [InlineData("[Requires(nameof(_one))]\n[Acquires([|nameof(_one)|])]\npublic void Take() { _one.Wait(); } public void M() { Take(); _one.Release(); }")]
    [InlineData("[Acquires(nameof(_one))]\n[Requires([|nameof(_one)|])]\npublic void Take() { _one.Wait(); } public void M() { Take(); _one.Release(); }")]
    [InlineData("[Requires(nameof(_gate))]\n[Excludes([|nameof(_gate)|])]\npublic void Use() { } public void M() { _gate.Enter(); Use(); _gate.Exit(); }")]
    public void Contradiction_IsToldOnce(string member) => VerifyMember(member);
}
