// LOCK5003: nothing is used after its last put.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class NoUseAfterPutTests() : RuleTests("LOCK5003")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Walker
        {
            {{member}}
        }
        """,
        message);

    [Theory]
    [InlineData("mm.Get(); mm.Put(); [|mm.Walk()|];")]
    [InlineData("if (!mm.TryGet()) return; mm.Put(); [|mm.Walk()|];")]
    [InlineData("mm.Get(); if (flag) mm.Put(); [|mm.Walk()|]; if (!flag) mm.Put();")]
    [InlineData("mm.Get(); try { } finally { mm.Put(); } [|mm.Walk()|];")]
    [InlineData("mm.Get(); mm.Get(); mm.Put(); mm.Put(); [|mm.Walk()|];")]
    [InlineData("mm.Get(); Drop(mm); [|mm.Walk()|];")]
    [InlineData("mm.Get(); Mm same = mm; same.Put(); [|mm.Walk()|];")]
    public void UseAfterThePut_IsReported(string body) => VerifyIn($"public void M(Mm mm, bool flag) {{ {body} }} private void Drop(Mm mm) => mm.Put();");

    [Theory]
    [InlineData("mm.Get(); mm.Walk(); mm.Put();")]
    [InlineData("mm.Get(); mm.Get(); mm.Put(); mm.Walk(); mm.Put();")]
    [InlineData("mm.Get(); mm.Put(); mm.Get(); mm.Walk(); mm.Put();")]
    [InlineData("mm.Get(); mm.Put(); mm.ToString();")]
    public void UseBeforeThePut_IsSilent(string body) => VerifyIn($"public void M(Mm mm) {{ {body} }}");

    [Fact]
    public void NeverHeld_IsLOCK5004() => VerifyIn("public int M(Mm mm) => {|LOCK5004:mm.Walk()|};");

    [Fact]
    public void Message_NamesCallAndReference() => VerifyIn(
        "public int M(Mm mm) { mm.Get(); mm.Put(); return [|mm.Walk()|]; }", "'Walk' needs the reference 'mm.Users', which has been put");

    [Fact]
    public void SecondPut_IsLOCK2003() => VerifyIn("public void M(Mm mm) { mm.Get(); mm.Put(); {|LOCK2003:mm.Put()|}; }");

    [Fact]
    public void ReferenceThatAnOwnerKept_MayBePut() => Verify(
        """
        public class Owner(Mm first) : IDisposable
        {
            private readonly Mm _mm = first;

            public void Dispose() => _mm.Put();

            public void Twice()
            {
                _mm.Get();
                _mm.Put();
                {|LOCK2003:_mm.Put()|};
            }
        }
        """);

    /// <summary>What is not there was never held, and is never used.</summary>
    [Theory]
    [InlineData("mm?.Get(); mm?.Put(); [|mm?.Walk()|];")]
    [InlineData("if (mm != null) mm.Get(); if (mm != null) mm.Put(); if (mm != null) [|mm.Walk()|];")]
    [InlineData("mm?.Get(); mm?.Walk(); mm?.Put();")]
    public void UseOfWhatMayBeNull_IsReportedAsAnyOther(string body) => VerifyIn($"public void M(Mm? mm) {{ {body.Replace("[|mm?.Walk()|]", "mm?[|.Walk()|]")} }}");
}
