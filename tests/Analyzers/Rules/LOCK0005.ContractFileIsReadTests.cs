// LOCK0005: a line of a contract file can be read, and names a member.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ContractFileIsReadTests() : RuleTests("LOCK0005")
{
    private const string Vendor = """
        namespace Vendor
        {
            public abstract class Pool
            {
                public readonly Gate Gate = new();
                public int Count;

                public abstract void Open(int slots);

                public abstract void Close();

                public abstract bool TryOpen();

                public abstract int Size { get; set; }

                public abstract void Visit(Action action);

                public abstract void Add<T>(T item);
            }

            public abstract class List<T>
            {
                public readonly Gate Gate = new();

                public abstract void Clear(T item);
            }
        }
        """;

    private void VerifyFile(string contracts, string? message = null) => Verify(Vendor, message, contracts);

    [Theory]
    [InlineData("[|nonsense|]", "This line cannot be read: ' : ' between the member and its contracts is missing")]
    [InlineData("[|Vendor.Pool.Close : Releases(\"this.Gate\")|]", "This line cannot be read: 'Vendor.Pool.Close' is no documentation-comment id")]
    [InlineData("[|X:Vendor.Pool.Close : Releases(\"this.Gate\")|]", "This line cannot be read: 'X:Vendor.Pool.Close' is no documentation-comment id")]
    [InlineData("[|M:Vendor.Pool.Close :|] ", "This line cannot be read: ' : ' between the member and its contracts is missing")]
    [InlineData("[|M:Vendor.Pool.Close : ,|]", "This line cannot be read: a contract was expected at ','")]
    [InlineData("[|M:Vendor.Pool.Close : Releases(|]", "This line cannot be read: an argument was expected at ''")]
    [InlineData("[|M:Vendor.Pool.Close : Releases(\"this.Gate|]", "This line cannot be read: a string is not closed")]
    [InlineData("[|M:Vendor.Pool.Close : Releases(\"this.Gate\"|]", "This line cannot be read: ')' is missing")]
    [InlineData("[|M:Vendor.Pool.Close : Releases(\"this.Gate\") and more|]", "This line cannot be read: 'and more' was not expected")]
    [InlineData("[|M:Vendor.Pool.Close : Releases(99999999999999999999)|]", "This line cannot be read: '99999999999999999999' is no number")]
    [InlineData("[|M:Vendor.Pool.Close : Relases(\"this.Gate\")|]", "'Relases' is no contract")]
    [InlineData("[|M:Vendor.Pool.Shut : Releases(\"this.Gate\")|]", "'M:Vendor.Pool.Shut' names no member that this compilation can see")]
    [InlineData("[|M:Vendor.Pool.Open : Acquires(\"this.Gate\")|]", "'M:Vendor.Pool.Open' names no member that this compilation can see")]
    [InlineData("[|M:Vendor.Pool.Close : Releases(\"this.Gat\")|]", "'Gat' names no member of 'Pool', no parameter and no type")]
    [InlineData("[|M:Vendor.Pool.Close : Releases|]", "[Releases] names no capability")]
    [InlineData("[|M:Vendor.Pool.Close : Requires(\"this.Gate\"), Excludes(\"this.Gate\")|]", "'this.Gate' is both required and excluded")]
    [InlineData("[|F:Vendor.Pool.Count : GuardedBy(\"Gat\")|]", "'Gat' names no member of 'Pool', no parameter and no type")]
    [InlineData("[|M:Vendor.Pool.Visit(System.Action) : act: InstantHandle|]", "'act' is no parameter")]
    [InlineData("[|M:Vendor.Pool.TryOpen : TryAcquires(maybe, \"this.Gate\")|]", "'maybe' is no result")]
    [InlineData("[|M:Vendor.Pool.TryOpen : TryAcquires(Result.Perhaps, \"this.Gate\")|]", "'Result.Perhaps' is no result")]
    [InlineData("[|M:  : Releases(\"this\")|]", "This line cannot be read: 'M:' is no documentation-comment id")]
    [InlineData("[|T:Vendor.Pond : Capability(\"pond\")|]", "'T:Vendor.Pond' names no member that this compilation can see")]
    [InlineData("[|M:(((( : Acquires(\"this\")|]", "'M:((((' names no member that this compilation can see")]
    [InlineData("[|M:Vendor..Pool : Acquires(\"this\")|]", "'M:Vendor..Pool' names no member that this compilation can see")]
    public void BadLine_IsReportedAtIt(string line, string message) => VerifyFile(line, message);

    [Fact]
    public void GoodLinesAround_Count() => Verify(
        """
        public class Client
        {
            public void Wrong(Vendor.Pool pool) => {|LOCK2001:pool.Open(1)|};

            public void Right(Vendor.Pool pool)
            {
                pool.Open(1);
                pool.Close();
            }
        }

        """ + Vendor,
        contracts: """
        # The pool of a vendor.

            M:Vendor.Pool.Open(System.Int32) : Acquires("this.Gate")
        	[|M:Vendor.Pool.Clos : Releases("this.Gate")|]  
        M:Vendor.Pool.Close : Releases("this.Gate")
        """);

    [Fact]
    public void EveryForm_IsRead() => VerifyFile(
        """
        # comment
        T:Vendor.Pool : Capability("pool", Reentrant = true)
        M:Vendor.Pool.TryOpen : TryAcquires(true, "this"), Excludes("this.Gate")
        P:Vendor.Pool.Size : RequiresShared( "this.Gate" )
        F:Vendor.Pool.Count : GuardedBy("Gate")
        M:Vendor.Pool.Visit(System.Action) : action: InstantHandle
        M:Vendor.Pool.Add``1(``0) : Requires("this.Gate")
        M:Vendor.List`1.Clear(`0) : Requires("this.Gate")
        """);

    [Fact]
    public void InheritedMember_MayStandUnderTheDerivedType() => Verify(
        """
        public class Base
        {
            public readonly Gate Gate = new();

            public void Close()
            {
            }
        }

        public class Derived : Base
        {
        }

        public class Client
        {
            public void Wrong(Derived derived) => {|LOCK1005:derived.Close()|};

            public void Other(Base other) => other.Close();
        }
        """,
        contracts: "M:Derived.Close : Requires(\"this.Gate\")");

    [Fact]
    public void DelegateParameter_RunsWithWhatIsHeld() => Verify(
        """
        public class Client
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Use(Vendor.Pool pool)
            {
                _gate.Enter();
                pool.Visit(() => _count++);
                _gate.Exit();
            }
        }

        """ + Vendor,
        contracts: "M:Vendor.Pool.Visit(System.Action) : action: InstantHandle");

    [Fact]
    public void WindowsLineEnds_AreNoPartOfALine() => VerifyFile("# one\r\n[|M:Vendor.Pool.Shut : Releases(\"this.Gate\")|]\r\nM:Vendor.Pool.Close : Releases(\"this.Gate\")\r\n");

    /// <summary>Tabs are spaces, named values are what they say, and the members that make a lock's kind are told apart.</summary>
    [Theory]
    [InlineData("Reentrant = true", "")]
    [InlineData("Reentrant = false", "LOCK2004")]
    public void NamedValue_IsWhatItSays(string named, string told) => Verify(
        $$"""
        public class Vendors
        {
            public void Enter() { }

            public void Exit() { }
        }

        public class Client
        {
            private readonly Vendors _lock = new();

            public void M()
            {
                _lock.Enter();
                {{(told == "" ? "_lock.Enter()" : "{|" + told + ":_lock.Enter()|}")}};
                {{(told == "" ? "_lock.Exit();" : "")}}
                _lock.Exit();
            }
        }
        """,
        contracts: $"T:Vendors\t:\tCapability(\"lock\",\t{named})\nM:Vendors.Enter : Acquires(\"this\")\nM:Vendors.Exit : Releases(\"this\")\n");
}
