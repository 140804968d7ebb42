// LOCK0001: a contract names something that exists and can be held.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ContractNamesCapabilityTests() : RuleTests("LOCK0001")
{
    private void VerifyMember(string member, string? message = null) => Verify(
        $$"""
        public class Outer
        {
            public static readonly Gate Shared = new();
            public readonly Gate Own = new();

            [DeclaresCapability("Users", CapabilityKind.Reference)]
            public class Table
            {
                private readonly Gate _gate = new();
                private readonly object _monitor = new();
                private readonly int _number = 1;
                private readonly string _text = "";
                private readonly Action _action = () => { };
                private readonly Table? _next;
                private readonly Gate[] _gates = new Gate[1];

                [ReturnsCapability(nameof(_gate))]
                public Gate Face() => _gate;

                public Gate Plain() => _gate;

                public Gate With(int index) => _gates[index];

                {{member}}
            }
        }

        public struct Plain
        {
            public int Value;
        }
        """, message);

    [Theory]
    [InlineData("[Requires([|\"_gat\"|])] public void Use() { }", "'_gat' names no member of 'Table', no parameter and no type")]
    [InlineData("[Requires([|\"\"|])] public void Use() { }", "The name is empty")]
    [InlineData("[Requires([|\" \"|])] public void Use() { }", "The name is empty")]
    [InlineData("[Requires([|nameof(_number)|])] public void Use() { }", "'_number' is no capability: 'int' cannot be held")]
    [InlineData("[Requires([|nameof(_text)|])] public void Use() { }", "'_text' is no capability: 'string' cannot be held")]
    [InlineData("[Requires([|nameof(_action)|])] public void Use() { }", "'_action' is no capability: 'Action' cannot be held")]
    [InlineData("[Requires([|\"Plain\"|])] public void Use() { }", "'Plain' does not say which capability it returns")]
    [InlineData("[Requires([|\"With\"|])] public void Use() { }", "'With' takes parameters")]
    [InlineData("[Requires([|\"_next.Gone\"|])] public void Use() { }", "'Gone' names no member of 'Table', no parameter and no type")]
    [InlineData("[Requires([|\"_gate.\"|])] public void Use() { }", "'' names no member of 'Gate', no parameter and no type")]
    [InlineData("[Requires([|\"Table\"|])] public void Use() { }", "'Table' is a type, and a type is no capability")]
    [InlineData("[Requires([|\"Outer.Own\"|])] public void Use() { }", "'Own' is no static member of 'Outer'")]
    [InlineData("[Requires([|\"class:\"|])] public void Use() { }", "The name of a lock class is missing")]
    [InlineData("[Requires([|\"this\"|])] public static void Use() { }", "'this' is not there: the member is static")]
    [InlineData("[Requires([|nameof(_gate)|])] public static void Use() { }", "'_gate' belongs to an object, and a static member has none")]
    [InlineData("[Requires([|\"other._gat\"|])] public void Use(Table other) { }", "'_gat' names no member of 'Table', no parameter and no type")]
    [InlineData("[Requires([|\"count\"|])] public void Use(int count) { }", "'count' is no capability: 'int' cannot be held")]
    [InlineData("[Requires([|\"plain\"|])] public void Use(Plain plain) { }", "'plain' is no capability: 'Plain' cannot be held")]
    [InlineData("[Acquires([|\"return\"|])] public void Use() { }", "'return' is no capability: 'void' cannot be held")]
    [InlineData("[Requires([|\"return\"|])] public Gate Use() => _gate;", "'return' names no member of 'Table', no parameter and no type")]
    [InlineData("[Excludes([|\"return\"|])] public Gate Use() => _gate;", "'return' names no member of 'Table', no parameter and no type")]
    [InlineData("[{|LOCK0001:Requires|}] public void Use() { }", "[Requires] names no capability")]
    public void Name_IsReportedAtTheArgument(string member, string message) => VerifyMember(member, message);

    [Theory]
    [InlineData("[Requires(nameof(_gate), [|\"_gat\"|])] public void Use() { }")]
    [InlineData("[RequiresShared([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[Acquires([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[AcquiresShared([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[Releases([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[ReleasesShared([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[ReleasesExclusive([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[TryAcquires(true, [|\"_gat\"|])] public bool Use() => true;")]
    [InlineData("[TryAcquiresShared(true, [|\"_gat\"|])] public bool Use() => true;")]
    [InlineData("[ReleasesWhen(true, [|\"_gat\"|])] public bool Use() => true;")]
    [InlineData("[Excludes([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[AssertsHeld([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[AssertsHeldShared([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[AcquiresInside([|\"_gat\"|])] public void Use() { }")]
    [InlineData("[ReturnsCapability([|\"_gat\"|])] public Gate Use() => _gate;")]
    [InlineData("[AwaitsGracePeriod([|\"_gat\"|])] public void Use() { }")]
    [InlineData("public void Use([AfterGracePeriod([|\"_gat\"|])] Action action) { }")]
    [InlineData("[Frees([|\"nod\"|])] public void Use(object node) { }")]
    [InlineData("[GuardedBy([|\"_gat\"|])] public int Count;")]
    [InlineData("[GuardedBy([|\"_gat\"|])] public int Count { get; set; }")]
    [InlineData("[GuardedBy([|\"_gat\"|])] public event Action? Changed;")]
    [InlineData("[ContentsGuardedBy([|\"_gat\"|])] public List<int>? Rows;")]
    [InlineData("[GracePeriod([|\"_gat\"|])] public object? Node;")]
    [InlineData("[AcquiredBefore([|\"_gat\"|])] public readonly object Last = new();")]
    [InlineData("[AcquiredAfter([|\"_gat\"|])] public readonly object Last = new();")]
    [InlineData("[Requires([|\"_gat\"|])] public Table() { }")]
    [InlineData("[Requires([|\"_gat\"|])] public static Table operator +(Table left, Table right) => left;")]
    [InlineData("public int Count { [Requires([|\"_gat\"|])] get; set; }")]
    [InlineData("[Requires([|\"_gat\"|])] public int Count { get; set; }")]
    [InlineData("[Requires([|\"_gat\"|])] public int this[int index] => index;")]
    [InlineData("[Requires([|\"gate\"|])] public delegate void Callback();")]
    [InlineData("public void Use([Requires([|\"_gat\"|])] Action action) { }")]
    [InlineData("public void Use([[|Requires(nameof(_gate))|]] int number) { }")]
    [InlineData("public void Use() { Local(); [Requires([|\"_gat\"|])] void Local() { } }")]
    [InlineData("public void Use() { var lambda = [Requires([|\"_gat\"|])] () => { }; lambda(); }")]
    public void EveryContract_IsRead(string member) => VerifyMember(member);

    [Theory]
    [InlineData("[TryAcquires([|\"yes\"|], nameof(_gate))] public bool Use() => true;")]
    [InlineData("[{|LOCK0001:TryAcquires(nameof(_gate))|}] public bool Use() => true;")]
    [InlineData("[TryAcquires([|1.5|], nameof(_gate))] public bool Use() => true;")]
    [InlineData("[ReleasesWhen([|typeof(int)|], nameof(_gate))] public bool Use() => true;")]
    public void Result_IsOne(string member) => VerifyMember(member);

    [Theory]
    [InlineData("[Requires(nameof(_gate))] public void Use() { }")]
    [InlineData("[Requires(\"this\")] public void Use() { }")]
    [InlineData("[Requires(\"this._gate\")] public void Use() { }")]
    [InlineData("[Requires(\" this . _gate \")] public void Use() { }")]
    [InlineData("[Requires(nameof(_monitor))] public void Use() { }")]
    [InlineData("[Requires(nameof(Face))] public void Use() { }")]
    [InlineData("[Requires(\"_next._next._gate\")] public void Use() { }")]
    [InlineData("[Requires(\"Users\")] public void Use() { }")]
    [InlineData("[Requires(\"_next.Users\")] public void Use() { }")]
    [InlineData("[Requires(\"Shared\")] public void Use() { }")]
    [InlineData("[Requires(\"Outer.Shared\")] public static void Use() { }")]
    [InlineData("[Requires(nameof(other))] public static void Use(Table other) { }")]
    [InlineData("[Requires(\"other._gate\")] public static void Use(Table other) { }")]
    [InlineData("[Requires(\"class:mmap_sem\")] public void Use() { }")]
    [InlineData("[Requires(\"left\")] public static Table operator +(Table left, Table right) => left;")]
    [InlineData("public void Use<T>([Requires(nameof(_gate))] T action) where T : Delegate { }")]
    [InlineData("[Requires(nameof(gate))] public void Use<T>(T gate) where T : class { }")]
    [InlineData("public void Use() { [Requires(nameof(_gate))] void Local() { } _gate.Enter(); Local(); _gate.Exit(); }")]
    [InlineData("[GuardedBy(\"this\")] private int _count;")]
    public void NameThatCanBeHeld_IsSilent(string member) => VerifyMember(member);

    [Fact]
    public void ReturnedCapabilityThatLeadsBack_IsReportedAtBoth() => Verify(
        """
        public class Table
        {
            [ReturnsCapability([|nameof(Two)|])]
            public object One => new();

            [ReturnsCapability([|nameof(One)|])]
            public object Two => new();

            [GuardedBy([|nameof(One)|])]
            public int Count;
        }
        """, "'One' leads back to itself");

    [Fact]
    public void PropertyWithBothAccessors_IsOneFinding() => Verify(
        """
        public class Table
        {
            [Requires([|"_gat"|])]
            public int Count
            {
                get => 1;
                set => _ = value;
            }
        }
        """);

    [Fact]
    public void PartialMethod_IsOneFinding() => Verify(
        """
        public partial class Table
        {
            [Requires([|"_gat"|])]
            public partial void Use();
        }

        public partial class Table
        {
            public partial void Use()
            {
            }
        }
        """);

    [Fact]
    public void PrimaryConstructorAndRecord_AreScopes() => Verify(
        """
        public class Table(Gate gate)
        {
            [GuardedBy(nameof(gate))]
            private int _count;

            public void Add()
            {
                gate.Enter();
                _count++;
                gate.Exit();
            }

            public void Wrong() => {|LOCK1001:_count|}++;
        }

        public record Row(object Gate)
        {
            [GuardedBy(nameof(Gate))]
            public int Count { get; set; }

            [GuardedBy([|"gate"|])]
            public int Other { get; set; }
        }
        """);

    [Fact]
    public void InheritedMemberAndInterface_AreScopes() => Verify(
        """
        public interface ITable
        {
            Gate Gate { get; }

            [Requires(nameof(Gate))]
            void Use();

            [Requires([|"_gate"|])]
            void Other();
        }

        public class Base
        {
            protected readonly Gate Own = new();
        }

        public class Derived : Base
        {
            [Requires(nameof(Own))]
            public void Use()
            {
            }
        }
        """);

    [Fact]
    public void WrongContract_CountsAsAbsent() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy([|"_gat"|])]
            private int _count;

            public void Use() => _count++;
        }
        """);

    [Fact]
    public void SourceThatDoesNotCompile_IsReadAsFarAsItGoes() => Verify(
        """
        public class Table
        {
            [Requires([|"_gat"|])]
            public void Use(Missing missing) => missing.Go(;

            [Requires(Unknown)]
            public void Other(

            [GuardedBy(1)]
            private int _count;
        """, compiles: false);

    [Fact]
    public void Miss_MisspelledClass_IsAClassOfItsOwn() => VerifyMember("[LockClass(\"table\")] private readonly Gate _own = new(); [Requires(\"class:tabel\")] public void Use() { }");
}
