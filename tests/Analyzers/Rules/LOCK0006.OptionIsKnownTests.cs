// LOCK0006: an option exists, and has one of its values.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class OptionIsKnownTests() : RuleTests("LOCK0006")
{
    private void VerifyOption(string option, string? message = null) =>
        Verify(message is null ? "public class Table;" : "[||]public class Table;", message, editorConfig: option);

    [Theory]
    [InlineData("locking.infered_share = 80", "In the options of this file, 'locking.infered_share' is no option")]
    [InlineData("lock2009.timed_wait = report", "In the options of this file, 'lock2009.timed_wait' is no option")]
    [InlineData("lock9999.anything = 1", "In the options of this file, 'lock9999.anything' is no option")]
    [InlineData("lock2009.timed_waits = sometimes", "In the options of this file, 'sometimes' is no value of 'lock2009.timed_waits', which takes 'ignore' or 'report'; 'ignore' counts")]
    [InlineData("lock7002.fields = all", "In the options of this file, 'all' is no value of 'lock7002.fields', which takes 'reassigned' or 'mutable'; 'reassigned' counts")]
    [InlineData("locking.inferred_share = most", "In the options of this file, 'most' is no value of 'locking.inferred_share', which takes a whole number; '80' counts")]
    [InlineData("build_property.LockingInferredShare = most", "In the options of this file, 'most' is no value of 'locking.inferred_share', which takes a whole number; '80' counts")]
    [InlineData("locking.inferred_share = -1", "In the options of this file, '-1' is no value of 'locking.inferred_share', which takes a whole number; '80' counts")]
    [InlineData("locking.inferred_share = 99999999999", "In the options of this file, '99999999999' is no value of 'locking.inferred_share', which takes a whole number; '80' counts")]
    public void UnknownOptionOrValue_IsReportedAtTheStartOfTheFile(string option, string message) => VerifyOption(option, message);

    [Theory]
    [InlineData("locking.inferred_share = 75")]
    [InlineData("lock2009.timed_waits = report")]
    [InlineData("LOCK2009.Timed_Waits = Report")]
    [InlineData("lock7002.fields = mutable")]
    [InlineData("lock7002.fields =")]
    [InlineData("build_property.Lock7002Fields =")]
    [InlineData("build_property.Lock7002Fields = mutable")]
    [InlineData("dotnet_diagnostic.LOCK1001.severity = error")]
    [InlineData("dotnet_code_quality.anything = 1")]
    [InlineData("locksmith.trade = 1")]
    [InlineData("lock.it = 1")]
    [InlineData("locked123.it = 1")]
    public void KnownOptionOrSomebodyElses_IsSilent(string option) => VerifyOption(option);

    [Fact]
    public void SeveralMistakes_AreOneFindingEach() => Verify(
        "[|[|[||]|]|]public class Table;".Replace("[|[|[||]|]|]", "[||][||]"),
        editorConfig: "locking.infered_share = 1\nlock2009.timed_waits = never");

    /// <summary>A value that does not count leaves the default in force.</summary>
    [Theory]
    [InlineData("lock2009.timed_waits = sometimes", "Monitor.Wait(_gate, 10)")]
    [InlineData("lock2009.timed_waits = ignore", "Monitor.Wait(_gate, 10)")]
    [InlineData("build_property.Lock2009TimedWaits = report", "{|LOCK2009:Monitor.Wait(_gate, 10)|}")]
    [InlineData("build_property.Lock2009TimedWaits = report\nlock2009.timed_waits = ignore", "Monitor.Wait(_gate, 10)")]
    [InlineData("lock2009.timed_waits = REPORT", "{|LOCK2009:Monitor.Wait(_gate, 10)|}")]
    public void Value_HasItsEffect(string option, string wait) => Verify(
        (option.Contains("sometimes", System.StringComparison.Ordinal) ? "[||]" : "") + $$"""
        public class Table
        {
            private readonly object _gate = new();

            public void Use()
            {
                lock (_gate)
                {
                    {{wait}};
                }
            }
        }
        """, editorConfig: option);
}
