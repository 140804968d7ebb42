// LOCK7001: a lock object is private to those who lock it.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class PrivateLockObjectTests() : RuleTests("LOCK7001")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Objects
        {
            public readonly object Public = new();
            protected readonly object Protected = new();
            internal readonly object Internal = new();
            public static readonly object Shared = new();
            private readonly object _private = new();
            private readonly string _text = "";
            private readonly Type _type = typeof(int);

            public object SyncRoot => _private;

            {{member}}
        }
        """,
        message);

    [Theory]
    [InlineData("lock ([|this|]) { }")]
    [InlineData("lock ([|typeof(Objects)|]) { }")]
    [InlineData("lock ([|GetType()|]) { }")]
    [InlineData("lock ([|_type|]) { }")]
    [InlineData("lock ([|\"gate\"|]) { }")]
    [InlineData("lock ([|_text|]) { }")]
    [InlineData("lock ([|text|]) { }")]
    [InlineData("lock ([|GetType().GetMethod(text)|]!) { }")]
    [InlineData("lock ([|GetType().Assembly|]) { }")]
    [InlineData("lock ([|Thread.CurrentThread|]) { }")]
    [InlineData("lock ([|Public|]) { }")]
    [InlineData("lock ([|Shared|]) { }")]
    [InlineData("lock ([|other.Public|]) { }")]
    [InlineData("[|Monitor.Enter(this)|]; Monitor.Exit(this);")]
    [InlineData("if ([|Monitor.TryEnter(this)|]) Monitor.Exit(this);")]
    [InlineData("Objects self = this; lock ([|self|]) { }")]
    [InlineData("Local(); void Local() { lock ([|this|]) { } }")]
    [InlineData("Task.Run(() => { lock ([|this|]) { } });")]
    public void ObjectOfOthers_IsReported(string body) => VerifyIn($"public void M(Objects other, string text, int number) {{ {body} }}");

    [Fact]
    public void BoxedValue_IsReported() => VerifyIn("public void M(int number) { [|Monitor.Enter((object)number)|]; }");

    /// <summary>An unresolved name with a question mark behind it is bound as a nullable struct.</summary>
    [Fact]
    public void WhatDoesNotCompile_IsSilent() => Assert.DoesNotContain(
        Analysis.Run(Analysis.Compile([("/Test.cs", "public class Objects { private readonly Missing<int>? _gate = null; public void M() { lock (_gate) { } } }")]), allowErrors: true),
        d => d.Id == "LOCK7001");

    [Theory]
    [InlineData("lock (_private) { }")]
    [InlineData("lock (Internal) { }")]
    [InlineData("lock (SyncRoot) { }")]
    [InlineData("object alias = _private; lock (alias) { }")]
    [InlineData("lock (given) { }")]
    [InlineData("lock (Protected) { }")]
    [InlineData("this.ToString();")]
    public void PrivateObject_IsSilent(string body) => VerifyIn($"public void M(object given) {{ {body} }}");

    [Theory]
    [InlineData("this", "'this' can be locked by whoever has the object: lock a private object instead")]
    [InlineData("typeof(Objects)", "A type can be locked by everybody in the process: lock a private object instead")]
    [InlineData("GetType().Assembly", "An object of reflection can be locked by everybody in the process: lock a private object instead")]
    [InlineData("Thread.CurrentThread", "A thread can be locked by everybody in the process: lock a private object instead")]
    [InlineData("\"gate\"", "Equal strings can be one object, shared by the whole process: lock a private object instead")]
    [InlineData("Public", "'Public' can be locked by whoever sees it: lock a private object instead")]
    public void Message_SaysWhoElse(string target, string message) => VerifyIn($"public void M() {{ lock ([|{target}|]) {{ }} }}", message);

    [Fact]
    public void FieldOfAnInternalType_IsSilent() => Verify(
        """
        internal class Inner
        {
            public readonly object Gate = new();

            public void M() { lock (Gate) { } }
        }
        """);

    [Fact]
    public void LockTypes_MayBePublic() => Verify(
        """
        public class Objects
        {
            public readonly Lock Lock = new();
            public readonly SemaphoreSlim Semaphore = new(1, 1);

            public void M()
            {
                lock (Lock)
                {
                }

                Semaphore.Wait();
                Semaphore.Release();
            }
        }
        """);

    [Fact]
    public void MonitorOfACollection_ThatIsPrivate_IsSilent() => Verify(
        """
        public class Objects
        {
            private readonly List<int> _items = new();

            public void M() { lock (_items) { _items.Add(1); } }
        }
        """);

    [Fact]
    public void ThisOfAnInternalType_IsSilent() => Verify(
        """
        internal class Inner
        {
            public void M() { lock (this) { } }
        }
        """);

    [Theory]
    [InlineData("\"order \" + number")]
    [InlineData("$\"order {number}\"")]
    [InlineData("names[0]")]
    [InlineData("names.Length > 1 ? names[1] : \"none\"")]
    [InlineData("(string)any")]
    [InlineData("new string('c', number)")]
    public void StringFromAnywhere_IsReported(string text) => Verify(
        $$"""
        public class Objects
        {
            public void M(int number, string[] names, object any)
            {
                lock ([|{{text}}|])
                {
                }
            }
        }
        """,
        "Equal strings can be one object, shared by the whole process: lock a private object instead");

    [Fact]
    public void StringInACall_IsReportedAtTheCall() => Verify(
        """
        public class Objects
        {
            public void M(string name)
            {
                [|Monitor.Enter("order " + name)|];
                bool taken = false;
                [|Monitor.Enter($"order {name}", ref taken)|];
            }
        }
        """);

    [Fact]
    public void OneObjectAtManyPlaces_IsToldAtEach() => Verify(
        """
        public class Table
        {
            public readonly object Gate = new();

            public void A() { lock ([|this|]) { } }
            public void B() { lock ([|this|]) { } }
            public void C() { lock ([|Gate|]) { } }
            public void D() { lock ([|this.Gate|]) { } }
        }
        """);
}
