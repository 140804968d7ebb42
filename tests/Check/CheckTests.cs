// The program as it is called: exit codes, output, files.
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace Locking.Check.Tests;

public sealed class CheckTests : IDisposable
{
    private const string Deadlock = """
        public sealed class Transfers
        {
            private readonly System.Threading.Lock _from = new(), _to = new();

            public void Send() { lock (_from) { lock (_to) { } } }

            public void Return() { lock (_to) { lock (_from) { } } }
        }
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
        </Project>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("locking-tests");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Project_IsBuiltAndItsFindingsCounted()
    {
        Write("Bank.csproj", Project);
        Write("Transfers.cs", Deadlock);
        (int exit, string output, string errors) = await RunAsync(_folder.FullName, "--list");
        Assert.True(exit == ExitCode.Found, output + errors);
        Assert.Contains("Transfers.cs(5,47): warning LOCK3001: '_to' is acquired while holding '_from'", output, StringComparison.Ordinal);
        Assert.Matches(@"Bank\W+LOCK3001\W+Locks are acquired.*warning\W+2", output);
    }

    [Fact]
    public async Task ProjectThatDoesNotBuild_IsOneLineAndNoVerdict()
    {
        Write("Bank.csproj", Project);
        Write("Transfers.cs", "class {");
        (int exit, _, string errors) = await RunAsync(_folder.FullName);
        Assert.Equal(ExitCode.NotLoaded, exit);
        Assert.Contains("Transfers.cs(1,7): error CS1001", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FolderOfSources_NeedsNoProject()
    {
        Write("Transfers.cs", Deadlock);
        (int exit, string output, _) = await RunAsync(_folder.FullName, "--folder");
        Assert.Equal(ExitCode.Found, exit);
        Assert.Contains("LOCK3001", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LongPath_IsNotWrapped()
    {
        string path = Path.Combine(new string('a', 100), new string('b', 100));
        _folder.CreateSubdirectory(path);
        Write(Path.Combine(path, "Transfers.cs"), Deadlock);
        Assert.Contains("Building " + path + Environment.NewLine, (await RunAsync(path, "--folder")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CleanFolder_IsZero()
    {
        Write("Nothing.cs", "class Nothing { }");
        Assert.Equal(ExitCode.Clean, (await RunAsync(_folder.FullName, "--folder")).Exit);
    }

    [Theory]
    [InlineData("missing", "'missing' does not exist")]
    [InlineData(".", "has no solution and no C# project")]
    [InlineData("notes.md", "'notes.md' is neither a solution nor a C# project")]
    public async Task WrongPath_IsOneLine(string path, string message)
    {
        Write("notes.md", "");
        (int exit, _, string errors) = await RunAsync(path);
        Assert.Equal(ExitCode.NotLoaded, exit);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingSdk_IsNamedWithTheFileThatWantsIt()
    {
        Write("Store.csproj", Project);
        Write("Store.cs", "class Store { }");
        Write("global.json", """{ "sdk": { "version": "6.0.100", "rollForward": "disable" } }""");
        (int exit, _, string errors) = await RunAsync(".");
        Assert.Equal(ExitCode.NotLoaded, exit);
        Assert.Contains("A compatible .NET SDK was not found. '", errors, StringComparison.Ordinal);
        Assert.Contains("global.json' asks for 6.0.100.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FolderOfTheSarif_IsMade()
    {
        Write("Store.cs", Deadlock);
        (int exit, _, _) = await RunAsync(".", "--folder", "--sarif", Path.Combine(_folder.FullName, "a", "b", "found.sarif"));
        Assert.Equal(ExitCode.Found, exit);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "a", "b", "found.sarif")));
    }

    [Fact]
    public async Task FolderThatCannotBe_IsToldBeforeTheBuild()
    {
        Write("Store.csproj", "no project");
        (int exit, string output, string errors) = await RunAsync(".", "--sarif", Path.Combine(_folder.FullName, "Store.csproj", "found.sarif"));
        Assert.Equal(ExitCode.NotLoaded, exit);
        Assert.Empty(output);
        Assert.DoesNotContain("MSB4025", errors, StringComparison.Ordinal);
        Assert.Contains("Store.csproj", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sarif_HasRulesRelatedPlacesAndFingerprintsThatStay()
    {
        Write("Transfers.cs", Deadlock);
        JsonNode before = await SarifAsync();
        JsonNode result = before["runs"]![0]!["results"]![0]!;
        Assert.Equal("LOCK3001", (string?)result["ruleId"]);
        Assert.Equal("Transfers.cs", (string?)result["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]);
        Assert.Equal(5, (int?)result["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]);
        Assert.NotEmpty(result["relatedLocations"]!.AsArray());
        Assert.EndsWith("/LOCK3001.md", (string?)before["runs"]![0]!["tool"]!["driver"]!["rules"]![0]!["helpUri"], StringComparison.Ordinal);

        Write("Transfers.cs", "// a line more\n" + Deadlock);
        JsonNode after = await SarifAsync();
        Assert.Equal(Fingerprints(before), Fingerprints(after));
        Assert.Equal(2, Fingerprints(after).Distinct().Count());
    }

    [Theory]
    [InlineData("order.dot", "\"Transfers._from\" -> \"Transfers._to\" [tooltip=\"Transfers.cs:5\", color=red];")]
    [InlineData("order.mmd", "linkStyle 0,1 stroke:red")]
    [InlineData("order.svg", "stroke=\"red\" marker-end=\"url(#red)\"><title>Transfers._from -&gt; Transfers._to at Transfers.cs:5</title>")]
    [InlineData("order.txt", "edge\tTransfers._from\tTransfers._to\tEN\tTransfers.cs:5\tTransfers.cs:5")]
    public async Task Graph_IsWrittenWithItsCycleInRed(string name, string expected)
    {
        Write("Transfers.cs", Deadlock);
        await RunAsync(_folder.FullName, "--folder", "--graph", name);
        Assert.Contains(expected, Read(name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ObservedGraph_IsComparedAndDrawn()
    {
        Write("Transfers.cs", Deadlock);
        Write("seen.txt", "locking-graph 1\tobserved\nclass\tA\nclass\tB\nedge\tA\tB\tEN\t\t\n");
        (_, string output, _) = await RunAsync(_folder.FullName, "--folder", "--against", "seen.txt");
        Assert.Contains("only derived: Transfers._from -> Transfers._to (EN)", output, StringComparison.Ordinal);
        Assert.Contains("only observed: A -> B (EN)", output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Clean, (await RunAsync("draw", "seen.txt", "seen.dot")).Exit);
        Assert.Contains("\"A\" -> \"B\" [tooltip=\"\"];", Read("seen.dot"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileThatIsNoGraph_IsOneLine()
    {
        Write("seen.txt", "nonsense");
        (int exit, _, string errors) = await RunAsync("draw", "seen.txt", "seen.svg");
        Assert.Equal(ExitCode.NotLoaded, exit);
        Assert.Contains("'seen.txt' is no lock-order graph. Line 1:", errors, StringComparison.Ordinal);
    }

    private static string[] Fingerprints(JsonNode sarif) =>
        [.. sarif["runs"]![0]!["results"]!.AsArray().Select(r => (string)r!["partialFingerprints"]!["locking/v1"]!)];

    private async Task<JsonNode> SarifAsync()
    {
        await RunAsync(_folder.FullName, "--folder", "--sarif", "findings.sarif");
        return JsonNode.Parse(Read("findings.sarif"))!;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder.FullName, name));

    private async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        start.ArgumentList.Add(typeof(CheckCommand).Assembly.Location);
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process program = Process.Start(start)!;
        Task<string> errors = program.StandardError.ReadToEndAsync();
        string output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return (program.ExitCode, output, await errors);
    }
}
