// LOCK0004: nothing is promised, asked or excused that changes nothing.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ContractIsNeededTests() : RuleTests("LOCK0004")
{
    private void VerifyMember(string member, string? message = null) => Verify(
        $$"""
        public class Table
        {
            protected readonly Gate _gate = new();
            protected readonly Gate _other = new();
            [GuardedBy(nameof(_gate))] protected int _count;

            {{member}}
        }
        """, message);

    [Theory]
    [InlineData("""[[|GuardedBy("_gate")|]] private readonly int _limit = 3;""", "'GuardedBy' changes nothing: '_limit' never changes")]
    [InlineData("""[[|GuardedBy("_gate")|]] private readonly string _limit = "";""", "'GuardedBy' changes nothing: '_limit' never changes")]
    [InlineData("""[[|GuardedBy("_gate")|]] private readonly DayOfWeek _limit;""", "'GuardedBy' changes nothing: '_limit' never changes")]
    [InlineData("""[[|Unguarded("why")|]] private const int Limit = 3;""", "'Unguarded' changes nothing: 'Limit' never changes")]
    [InlineData("""[[|Unguarded("why")|]] private readonly Gate _third = new();""", "'Unguarded' changes nothing: '_third' is a lock itself, and no data")]
    public void GuardOfWhatNeedsNone_IsReported(string member, string message) => VerifyMember(member, message);

    [Theory]
    [InlineData("""[GuardedBy("_gate")] private readonly List<int> _list = new();""")]
    [InlineData("""[GuardedBy("_gate")] private readonly DateTime _time;""")]
    [InlineData("""[GuardedBy("_gate")] private int _limit = 3;""")]
    [InlineData("""[ContentsGuardedBy("_gate")] private readonly int[] _limits = new int[3];""")]
    [InlineData("""[Unguarded("why")] private int _limit = 3;""")]
    [InlineData("""[Unguarded("why")] private readonly object _limit = new();""")]
    [InlineData("""[Unguarded("why")] private volatile bool _limit;""")]
    public void GuardOfWhatMayChange_IsSilent(string member) => VerifyMember(member);

    [Theory]
    [InlineData("""[GuardedBy("_gate", [|"_gate"|])] private int _limit;""", "GuardedBy")]
    [InlineData("""[Requires("_gate"), Requires([|"_gate"|])] public void Use() { }""", "Requires")]
    [InlineData("""[Requires("_gate", [|"_gate"|])] public void Use() { }""", "Requires")]
    [InlineData("""[Excludes("_gate"), Excludes("_other", [|nameof(_gate)|])] public void Use() { }""", "Excludes")]
    [InlineData("""[NoThreadSafetyAnalysis("why"), TryAcquires(true, "_gate", [|"_gate"|])] public bool Use() => true;""", "TryAcquires")]
    public void NamedTwice_IsReported(string member, string contract) => VerifyMember(member, $"'{contract}' changes nothing: '_gate' is named twice");

    [Theory]
    [InlineData("""[Requires("_gate", "_other")] public void Use() { }""")]
    [InlineData("""[NoThreadSafetyAnalysis("why"), Releases("_gate"), Acquires("_gate")] public void Use() => _gate.ToString();""")]
    [InlineData("""[NoThreadSafetyAnalysis("why"), TryAcquires(1, "_gate"), TryAcquires(2, "_gate")] public int Use() => 0;""")]
    [InlineData("""[NoThreadSafetyAnalysis("why"), TryAcquires((int)2, "_gate"), TryAcquires(Result.Zero, "_gate")] public int Use() => 0;""")]
    public void NamedForTwoThings_IsSilent(string member) => VerifyMember(member);

    [Theory]
    [InlineData("""[[|NoThreadSafetyAnalysis("why")|]] public int Half(int number) => number / 2;""", "Half")]
    [InlineData("""[[|NoThreadSafetyAnalysis("why")|]] public void Say() => Console.WriteLine();""", "Say")]
    [InlineData("""[[|NoThreadSafetyAnalysis("why")|]] public Table(int limit) { }""", "Table")]
    public void BodyWithNothingToSee_IsReported(string member, string name) =>
        VerifyMember(member, $"'NoThreadSafetyAnalysis' changes nothing: the body of '{name}' uses no lock, and nothing that may need one");

    [Theory]
    [InlineData("""[NoThreadSafetyAnalysis("why")] public int Count() => _count;""")]
    [InlineData("""[NoThreadSafetyAnalysis("why")] public void Hold() { lock (new object()) { } }""")]
    [InlineData("""[NoThreadSafetyAnalysis("why")] public void Call() => Other(); private void Other() { }""")]
    [InlineData("""[NoThreadSafetyAnalysis("why")] public void Sleep() => Thread.Sleep(1);""")]
    [InlineData("""[NoThreadSafetyAnalysis("why")] public void Run(Action action) => action();""")]
    [InlineData("""private readonly object _lock = new(); private int _plain; [NoThreadSafetyAnalysis("why")] public int Plain() => _plain; public void Lock() { lock (_lock) { _plain++; } }""")]
    [InlineData("""[NoThreadSafetyAnalysis("why")] public class Inner { public int Half(int number) => number / 2; }""")]
    [InlineData("""[NoThreadSafetyAnalysis("why"), Requires("_gate")] public int Half(int number) => number / 2;""")]
    public void BodyWithSomethingToSee_IsSilent(string member) => VerifyMember(member);
}
