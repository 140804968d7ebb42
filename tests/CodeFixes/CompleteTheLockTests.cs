// What completion offers in the strings of contracts.
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class CompleteTheLockTests
{
    private const string Account = """
        public class Owner { public readonly Lock Gate = new(); public int Age; }
        [DeclaresCapability("Users", CapabilityKind.Reference)]
        public class Account
        {
            private readonly object _gate = new();
            private readonly Owner _owner = new();
            private readonly List<string> _names = new();
            private string _name = "";
            private int _balance;
            $$
        }
        """;

    [Theory]
    [InlineData("""[GuardedBy("[||]")] private int _other;""")]
    [InlineData("""[GuardedBy("_g[||]")] private int _other;""")]
    [InlineData("""[Requires(@"[||]")] public void M() { }""")]
    [InlineData("""[Requires("_gate", "[||]")] public void M() { }""")]
    [InlineData("""[Requires("_gate", capabilities: "[||]")] public void M() { }""")]
    [InlineData("""[TryAcquires(true, "[||]")] public bool M() => false;""")]
    [InlineData("""[TryAcquires(true, "Users", Until = "[||]")] public bool M() => false;""")]
    public void MembersOfTheType_AreOffered(string member) => Assert.Equal(["_gate", "Users", "_owner", "this", "_names"], Offered(member));

    [Fact]
    public void Parameters_AreOffered() => Assert.Equal(
        ["_gate", "gate", "Users", "_owner", "owner", "this", "_names"],
        Offered("""[Requires("[||]")] public void M(Lock gate, Owner owner, int count) { }"""));

    [Fact]
    public void BehindADot_ItsMembers_AreOffered() => Assert.Equal(["Gate"], Offered("""[GuardedBy("_owner.[||]")] private int _other;"""));

    [Fact]
    public void BehindADot_WordIsReplaced()
    {
        CompletionContext context = Complete("""[GuardedBy("_owner.Ga[||]x")] private int _other;""");
        Assert.True(context.Document.TryGetText(out SourceText? text));
        Assert.Equal("Ga", text.ToString(context.CompletionListSpan));
        Assert.True(context.IsExclusive);
    }

    [Fact]
    public void ClosingQuoteMayBeMissing() => Assert.Equal(["_gate", "Users", "_owner", "this", "_names"], Offered("""[GuardedBy("[||]"""));

    [Theory]
    [InlineData("""[GuardedBy([||]"_gate")] private int _other;""")]
    [InlineData("""[GuardedBy("_gate"[||])] private int _other;""")]
    [InlineData("""[GuardedBy("_nowhere.[||]")] private int _other;""")]
    [InlineData("""[Unguarded("[||]")] private int _other;""")]
    [InlineData("""[LockClass("[||]")] private readonly object _other = new();""")]
    [InlineData("""[NestedLock(By = "[||]")] private readonly object _other = new();""")]
    [InlineData("""[Obsolete("[||]")] private int _other;""")]
    [InlineData("""private string _other = "[||]";""")]
    public void ElsewhereNothing_IsOffered(string member) => Assert.Empty(Offered(member));

    [Fact]
    public void StartOfTheFile_OffersNothing() => Assert.Empty(Offered("", "[||]\"x\""));

    [Theory]
    [InlineData('"', true)]
    [InlineData('.', true)]
    [InlineData('g', false)]
    public void QuoteAndDot_Trigger(char typed, bool expected) =>
        Assert.Equal(expected, new CompleteTheLock().ShouldTriggerCompletion(SourceText.From("x"), 1, CompletionTrigger.CreateInsertionTrigger(typed), null!));

    private static string[] Offered(string member, string source = Account) =>
        [.. Items(Complete(member, source)).OrderBy(i => i.SortText, System.StringComparer.Ordinal).Select(i => i.DisplayText)];

    /// <summary>Which a context shows to editors only.</summary>
    private static IReadOnlyList<CompletionItem> Items(CompletionContext context) =>
        (IReadOnlyList<CompletionItem>)typeof(CompletionContext).GetProperty("Items", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(context)!;

    private static CompletionContext Complete(string member, string source = Account)
    {
        Markup code = Markup.Parse(source.Replace("$$", member, System.StringComparison.Ordinal), "");
        var workspace = new FixWorkspace(code.Text, [("Usings.cs", RuleTests.Usings)], "");
        Document document = workspace.Solution.GetDocument(workspace.Test)!;
        var provider = new CompleteTheLock();
        int position = code.Marks[0].Span.Start;
        var context = new CompletionContext(provider, document, position, new TextSpan(position, 0), CompletionTrigger.Invoke, document.Project.Solution.Options, CancellationToken.None);
        provider.ProvideCompletionsAsync(context).GetAwaiter().GetResult();
        return context;
    }
}
