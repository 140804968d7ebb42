// LOCK5002: a reference that is taken is put on every path.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class PutOnEveryPathTests() : RuleTests("LOCK5002")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Walker
        {
            {{member}}
            private void Take(Mm mm) => mm.Get();
        }
        """,
        message);

    [Theory]
    [InlineData("[|mm.Get()|];")]
    [InlineData("[|mm.Get()|]; if (flag) return; mm.Put();")]
    [InlineData("if ([|mm.TryGet()|]) { mm.Walk(); }")]
    [InlineData("if ([|mm.TryGet()|] && mm.Walk() > 0) { mm.Put(); }")]
    [InlineData("[|mm.Get()|]; switch (mm.Walk()) { case 0: return; default: mm.Put(); break; }")]
    [InlineData("foreach (Mm one in all) { if (![|one.TryGet()|]) continue; if (one.Walk() == 0) break; one.Put(); }")]
    [InlineData("[|Take(mm)|];")]
    [InlineData("[|mm.Get()|]; goto end; end: ;")]
    public void ForgottenPut_IsReported(string body) => VerifyIn($"public void M(Mm mm, bool flag, List<Mm> all) {{ {body} }}");

    [Theory]
    [InlineData("mm.Get(); mm.Put();")]
    [InlineData("mm.Get(); try { mm.Walk(); } finally { mm.Put(); }")]
    [InlineData("mm.Get(); mm.Get(); mm.Put(); mm.Put();")]
    [InlineData("mm.Get(); if (flag) { mm.Put(); return; } mm.Put();")]
    [InlineData("if (flag) mm.Get(); mm.ToString(); if (flag) mm.Put();")]
    [InlineData("Mm same = mm; mm.Get(); same.Put();")]
    [InlineData("foreach (Mm one in all) { if (!one.TryGet()) continue; one.Walk(); one.Put(); }")]
    [InlineData("Take(mm); mm.Put();")]
    [InlineData("mm.Get(); Local(); void Local() => mm.Put();")]
    [InlineData("mm.Get(); try { mm.Walk(); } catch { mm.Put(); throw; } mm.Put();")]
    public void BalancedOnEveryPath_IsSilent(string body) => VerifyIn($"public void M(Mm mm, bool flag, List<Mm> all) {{ {body} }}");

    [Theory]
    [InlineData("[Acquires(\"mm.Users\")] public void M(Mm mm) => mm.Get();")]
    [InlineData("[TryAcquires(true, \"mm.Users\")] public bool M(Mm mm) { if (!mm.TryGet()) return false; if (mm.Walk() > 0) { mm.Put(); return false; } return true; }")]
    [InlineData("public Mm? M(Mm mm) { if (mm.TryGet()) { return mm; } return null; }")]
    [InlineData("public Mm? M(List<Mm> all) { foreach (Mm mm in all) { if (mm.TryGet()) return mm; } return null; }")]
    [InlineData("public async Task<Mm?> M(Mm mm) { await Task.Yield(); return mm.TryGet() ? mm : null; }")]
    [InlineData("public bool M(Mm mm, out Mm? found) { found = null; if (!mm.TryGet()) return false; found = mm; return true; }")]
    [InlineData("public Mm M() { var mm = new Mm(); mm.Get(); return mm; }")]
    [InlineData("public void M(Mm mm) { mm.Get(); Task.Run(() => mm.Put()); }")]
    [InlineData("public void M(Mm mm) { mm.Get(); ThreadPool.QueueUserWorkItem(_ => { try { mm.Walk(); } finally { mm.Put(); } }); }")]
    [InlineData("public void M(Mm mm) { mm.Get(); Consume(mm); } [Releases(\"mm.Users\")] public void Consume(Mm mm) => mm.Put();")]
    public void HandedOver_IsSilent(string member) => VerifyIn(member);

    [Fact]
    public void KeptByAnOwnerThatPuts_IsSilent() => Verify(
        """
        public class Owner : IDisposable
        {
            private Mm? _mm;

            public bool Attach(Mm mm)
            {
                if (!mm.TryGet())
                {
                    return false;
                }

                _mm = mm;
                return true;
            }

            public void Dispose()
            {
                Mm? mm = _mm;
                _mm = null;
                mm?.Put();
            }
        }
        """);

    [Fact]
    public void KeptByAnOwnerThatNeverPuts_IsReported() => Verify(
        """
        public class Owner
        {
            private Mm? _mm;

            public void Attach(Mm mm)
            {
                [|mm.Get()|];
                _mm = mm;
            }

            public bool IsAttached => _mm is not null;
        }
        """);

    [Fact]
    public void Message_NamesTheReference() => VerifyIn("public void M(Mm mm) { [|mm.Grab()|]; }", "The reference 'mm.Grabs' is not put on every path");

    [Fact]
    public void Miss_OnlyByThrow_IsSilent() => VerifyIn("public void M(Mm mm) { mm.Get(); mm.Walk(); mm.Put(); }");

    [Fact]
    public void GuardObject_PutsWhatItTook() => Verify(
        """
        [ScopedCapability]
        public sealed class Use : IDisposable
        {
            private readonly Mm _mm;

            [Acquires("mm.Users")]
            public Use(Mm mm)
            {
                _mm = mm;
                mm.Get();
            }

            [Releases("this")]
            public void Dispose() => _mm.Put();
        }

        public static class Walker
        {
            public static int Right(Mm mm)
            {
                using var use = new Use(mm);
                return mm.Walk();
            }

            public static int Wrong(Mm mm)
            {
                var use = [|new Use(mm)|];
                return mm.Walk();
            }
        }
        """);

    [Fact]
    public void AsyncIteratorAndGeneric_AreChecked() => Verify(
        """
        public class Walker<T>
        {
            public async Task Async(Mm mm) { [|mm.Get()|]; await Task.Yield(); mm.Walk(); }
            public IEnumerable<int> Right(Mm mm) { mm.Get(); try { yield return mm.Walk(); } finally { mm.Put(); } }
            public IEnumerable<int> Wrong(Mm mm, T value) { [|mm.Get()|]; yield return mm.Walk(); }
        }
        """);

    [Fact]
    public void ReferenceThatComesWithAResult_IsNamedAfterIt() => Verify(
        """
        public class Maker
        {
            [Acquires("return.Users")]
            [NoThreadSafetyAnalysis("The first one.")]
            public static Mm Make() => new();

            public static Mm? Wrong(bool isGood)
            {
                Mm made = [|Make()|];
                return isGood ? made : null;
            }

            public static Mm? Right(bool isGood)
            {
                Mm made = Make();
                if (isGood)
                {
                    return made;
                }

                made.Put();
                return null;
            }

            public static int Use()
            {
                Mm made = Make();
                int found = made.Walk();
                made.Put();
                return found;
            }
        }
        """, "The reference 'made.Users' is not put on every path");

    /// <summary>What comes with a result that nobody keeps can be put by nobody.</summary>
    [Theory]
    [InlineData("[|Page.Lookup(1)|];")]
    [InlineData("_ = [|Page.Lookup(1)|];")]
    [InlineData("[|Page.Lookup(1)|].Use();")]
    [InlineData("[|Page.Find(1)|]?.Use();")]
    [InlineData("{|LOCK5001:Page.Find(1)|};")]
    [InlineData("Page.Lookup(1).Put();")]
    public void ResultThatIsDropped_IsReported(string statement) => Verify(
        $$"""
        [DeclaresCapability("Users", CapabilityKind.Reference)]
        public sealed class Page
        {
            [Acquires("return.Users")]
            [NoThreadSafetyAnalysis("implements the count")]
            public static Page Lookup(int id) => new();

            [TryAcquires(Result.NotNull, "return.Users")]
            [NoThreadSafetyAnalysis("implements the count")]
            public static Page? Find(int id) => null;

            [Releases("Users")]
            [NoThreadSafetyAnalysis("implements the count")]
            public void Put()
            {
            }

            [Requires("Users")]
            public void Use()
            {
            }

            public static void M()
            {
                {{statement}}
            }
        }
        """);
}
