// Contracts in metadata: what one project promises, the projects that refer to it are held to.
using System;
using System.Collections.Generic;
using System.Linq;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.Summaries;

public sealed class AcrossAssembliesTests
{
    private const string Usings = "using System; using System.Threading; using System.Threading.Tasks; using Locking;\n";

    /// <summary>Builds projects one after the other, each refering to all before it; returns the marked source of each as it was found.</summary>
    private static void Verify(params string[] projects)
    {
        var built = new List<MetadataReference>();
        for (int i = 0; i < projects.Length; i++)
        {
            Markup code = Markup.Parse(projects[i], "");
            Compilation project = Analysis.Compile([("Test.cs", Usings + code.Text)], name: $"Project{i}", projects: built);
            var found = Analysis.Run(project)
                .Where(d => d.Severity >= DiagnosticSeverity.Warning)
                .Select(d => (d.Id, new Microsoft.CodeAnalysis.Text.TextSpan(d.Location.SourceSpan.Start - Usings.Length, d.Location.SourceSpan.Length)));
            Assert.Equal(Markup.Render(code.Text, code.Findings), Markup.Render(code.Text, found));
            built.Add(Analysis.Built(project));
        }
    }

    [Fact]
    public void CycleThroughTwoProjects_IsFoundInTheSecond() => Verify(
        """
        public sealed class Store
        {
            [LockClass("tests.store")]
            private readonly object _gate = new();

            [AcquiresInside("class:tests.store")]
            public void Read() { lock (_gate) { } }
        }

        public interface ICache
        {
            [AcquiresInside("class:tests.store")]
            void Reload();
        }
        """,
        """
        public sealed class Cache(Store store)
        {
            private readonly object _entries = new();

            public void Load() { lock (_entries) { {|LOCK3001:store.Read()|}; } }
            public void Evict() { lock (_entries) { } }
        }

        public sealed class Shrinker
        {
            [LockClass("tests.store")]
            private readonly object _pages = new();

            public void Shrink(Cache cache) { lock (_pages) { {|LOCK3001:cache.Evict()|}; } }
        }
        """);

    [Fact]
    public void OrderOfAReferencedProject_BindsTheNextTwo() => Verify(
        """
        [assembly: LockOrder("tests.first", "tests.second", "tests.third")]

        public sealed class First
        {
            [LockClass("tests.first")]
            private readonly object _gate = new();

            [AcquiresInside("class:tests.first")]
            public void Touch() { lock (_gate) { } }
        }
        """,
        """
        public sealed class Second
        {
            [LockClass("tests.second")]
            private readonly object _gate = new();

            [AcquiresInside("class:tests.second")]
            public void Touch() { lock (_gate) { } }
            public void Wrong(First first) { lock (_gate) { {|LOCK3002:first.Touch()|}; } }
        }
        """,
        """
        public sealed class Third
        {
            [LockClass("tests.third")]
            private readonly object _gate = new();

            public void Wrong(First first) { lock (_gate) { {|LOCK3002:first.Touch()|}; } }
            public void WrongToo(Second second) { lock (_gate) { {|LOCK3002:second.Touch()|}; } }
            public void Right(Second second) { second.Touch(); lock (_gate) { } }
        }
        """);

    [Fact]
    public void CycleThroughThreeProjects_IsFoundInTheThird() => Verify(
        """
        public sealed class A
        {
            [LockClass("tests.a")]
            private readonly object _gate = new();

            [AcquiresInside("class:tests.a")]
            public void Touch() { lock (_gate) { } }
        }
        """,
        """
        public sealed class B
        {
            [LockClass("tests.b")]
            private readonly object _gate = new();

            [AcquiresInside("class:tests.b", "class:tests.a")]
            public void Touch(A a) { lock (_gate) { a.Touch(); } }
        }
        """,
        """
        public sealed class C(A a, B b)
        {
            private readonly object _gate = new();

            public void One() { lock (_gate) { {|LOCK3001:b.Touch(a)|}; } }
            public void Two() { lock (_gate) { } }
        }

        public sealed class D
        {
            [LockClass("tests.a")]
            private readonly object _gate = new();

            public void Back(C c) { lock (_gate) { {|LOCK3001:c.Two()|}; } }
        }
        """);

    [Fact]
    public void VisibleContracts_BindCallers() => Verify(
        """
        [Capability("gate")]
        public sealed class Gate
        {
            private readonly object _inner = new();

            [Acquires("this")]
            public void Enter() => Monitor.Enter(_inner);

            [Releases("this")]
            public void Exit() => Monitor.Exit(_inner);
        }

        public class Counter
        {
            public Gate Gate { get; } = new();

            [GuardedBy(nameof(Gate))]
            public int Count { get; set; }

            [Requires(nameof(Gate))]
            public void Add() => Count++;

            [Excludes(nameof(Gate))]
            public void Reset() { Gate.Enter(); Count = 0; Gate.Exit(); }

            [MayBlock]
            public void Flush() { }
        }
        """,
        """
        public sealed class User(Counter counter)
        {
            public void Right()
            {
                counter.Gate.Enter();
                counter.Add();
                counter.Count++;
                counter.Gate.Exit();
                counter.Reset();
            }

            public void Wrong()
            {
                {|LOCK1005:counter.Add()|};
                {|LOCK1001:counter.Count|}++;
                counter.Gate.Enter();
                {|LOCK1006:counter.Reset()|};
                {|LOCK4002:counter.Flush()|};
                counter.Gate.Exit();
            }

            public void Leaks(bool flag)
            {
                {|LOCK2001:counter.Gate.Enter()|};
                if (flag)
                {
                    return;
                }

                counter.Gate.Exit();
            }
        }
        """);

    [Fact]
    public void OverrideInAnotherProject_InheritsTheContract() => Verify(
        """
        public abstract class Shape
        {
            protected internal readonly object Gate = new();

            [Requires(nameof(Gate))]
            public abstract void Draw();
        }
        """,
        """
        public sealed class Circle : Shape
        {
            [GuardedBy(nameof(Gate))]
            private int _radius;

            public override void Draw() => _radius++;

            public void Wrong() => {|LOCK1005:Draw()|};
        }
        """);

    [Fact]
    public void LifetimesAndTokens_CrossProjects() => Verify(
        """
        [DeclaresCapability("Users", CapabilityKind.Reference)]
        public class Mm
        {
            [TryAcquires(true, "Users")]
            [NoThreadSafetyAnalysis("implements the count")]
            public bool TryGet() => true;

            [Releases("Users")]
            [NoThreadSafetyAnalysis("implements the count")]
            public void Put() { }

            [Requires("Users")]
            public int Walk() => 0;
        }
        """,
        """
        public static class Walker
        {
            public static int Wrong(Mm mm) => {|LOCK5004:mm.Walk()|};

            public static int Right(Mm mm)
            {
                if (!mm.TryGet())
                {
                    return 0;
                }

                int result = mm.Walk();
                mm.Put();
                return result;
            }

            [Requires("mm.Users")]
            public static int Demands(Mm mm) => mm.Walk();
        }
        """,
        """
        public static class Caller
        {
            public static int Wrong(Mm mm) => {|LOCK5004:Walker.Demands(mm)|};
        }
        """);

    [Fact]
    public void CycleThroughACallback_IsFoundWhereTheCallbackIs() => Verify(
        """
        public interface IListener
        {
            [Requires("class:tests.store")]
            void Changed();
        }

        public sealed class Store
        {
            [LockClass("tests.store")]
            private readonly object _gate = new();

            [AcquiresInside("class:tests.store")]
            public void Read() { lock (_gate) { } }

            public void Notify(IListener listener) { lock (_gate) { listener.Changed(); } }
        }
        """,
        """
        public sealed class Cache(Store store) : IListener
        {
            private readonly object _entries = new();

            public void Changed() { lock ({|LOCK3001:_entries|}) { } }
            public void Load() { lock (_entries) { {|LOCK3001:store.Read()|}; } }
        }
        """);

    [Fact]
    public void Miss_WithoutContracts_NothingIsKnownOfTheOtherProject() => Verify(
        """
        public interface IListener
        {
            void Changed();
        }

        public sealed class Store
        {
            private readonly object _gate = new();

            public void Read() { lock (_gate) { } }
            public void Notify(IListener listener) { lock (_gate) { listener.Changed(); } }
        }
        """,
        """
        public sealed class Cache(Store store) : IListener
        {
            private readonly object _entries = new();

            public void Changed() { lock (_entries) { } }
            public void Load() { lock (_entries) { store.Read(); } }
        }
        """);

    [Fact]
    public void RebuiltProject_IsSeenAnew()
    {
        const string user = """
            public sealed class User
            {
                [LockClass("tests.inner")]
                private readonly object _gate = new();

                public void M(Store store) { lock (_gate) { MARK; } }
            }
            """;
        const string store = """
            [assembly: LockOrder("tests.outer", "tests.inner")]
            public sealed class Store
            {
                CONTRACT
                public void Read() { }
            }
            """;
        Verify(store.Replace("CONTRACT", "", StringComparison.Ordinal), user.Replace("MARK", "store.Read()", StringComparison.Ordinal));
        Verify(
            store.Replace("CONTRACT", "[AcquiresInside(\"class:tests.outer\")]", StringComparison.Ordinal),
            user.Replace("MARK", "{|LOCK3002:store.Read()|}", StringComparison.Ordinal));
    }
}
