// Fixes over code that was not written for them: whatever is offered can be applied, and nothing throws.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class EveryFixTests
{
    private static readonly LockingCodeFix[] s_fixes = typeof(LockingCodeFix).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(LockingCodeFix)))
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (LockingCodeFix)Activator.CreateInstance(t)!)
        .ToArray();

    public static TheoryData<string> Suites => new(Directory.GetFiles(Repository.PathOf("tests", "Conformance"), "T*.cs").Select(Path.GetFileName).Order()!);

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Conformance_WhateverIsOfferedCompiles(string file)
    {
        string source = await File.ReadAllTextAsync(Repository.PathOf("tests", "Conformance", file));
        var workspace = new FixWorkspace(source, Shared(), "", withRuntime: false);
        Document document = workspace.Solution.GetDocument(workspace.Test)!;
        SyntaxTree tree = (await document.GetSyntaxTreeAsync())!;

        // One finding of each rule: there are many, and those of one rule are much alike.
        foreach (Diagnostic finding in workspace.Find(workspace.Solution).Where(d => d.Location.SourceTree == tree).GroupBy(d => d.Id).Select(g => g.First()))
        {
            foreach (LockingCodeFix fix in s_fixes.Where(f => f.FixableDiagnosticIds.Contains(finding.Id)))
            {
                foreach (Offer offer in await fix.OffersAsync(document, finding, CancellationToken.None))
                {
                    Document changed = offer.Changed.GetDocument(workspace.Test)!;
                    IEnumerable<Diagnostic> errors = (await changed.GetSemanticModelAsync())!.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error);
                    Assert.True(!errors.Any(), $"{offer.Title}, for {finding}:\n{string.Join("\n", errors)}\n{await changed.GetTextAsync()}");
                }
            }
        }
    }

    /// <summary>What the files of the suite share.</summary>
    private static (string, string)[] Shared() =>
        [.. new[] { "Attributes.cs", "LocksA.cs", "LocksB.cs" }.Select(f => (f, File.ReadAllText(Repository.PathOf("tests", "Conformance", f))))];
}
