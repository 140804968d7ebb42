// Fixes in shapes of source that are easily forgotten: what is offered is good there, too, one by one and all at once.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class OddShapesTests
{
    private const string Guarded = "private readonly object _gate = new(); [GuardedBy(nameof(_gate))] private int _count; ";

    /// <summary>Each stands for a shape, with the rules that warn of it.</summary>
    public static TheoryData<string, string, string> Shapes => new()
    {
        { "expression-bodied method", $"class A {{ {Guarded} public int M() => _count; }}", "LOCK1002" },
        { "expression-bodied property", $"class A {{ {Guarded} public int P => _count; }}", "LOCK1002" },
        { "expression-bodied indexer", $"class A {{ {Guarded} public int this[int i] => _count + i; }}", "LOCK1002" },
        { "accessors", $"class A {{ {Guarded} public int P {{ get => _count; set => _count = value; }} }}", "LOCK1001 LOCK1002" },
        { "accessor blocks", $"class A {{ {Guarded} public int P {{ get {{ return _count; }} init {{ }} }} }}", "LOCK1002" },
        { "event accessors", $"class A {{ {Guarded} public event Action E {{ add => _count++;\n remove {{ _count--; }} }} }}", "LOCK1001 LOCK1001" },
        { "operator", "class A { private readonly object _gate = new(); [GuardedBy(nameof(_gate))] private int _count; public static int operator +(A a, int b) => a._count + b; }", "LOCK1002" },
        { "finalizer", $"class A {{ {Guarded} ~A() => _count = 0; }}", "LOCK1001" },
        { "file-scoped namespace", $"namespace N.M;\n\nclass A {{ {Guarded} public void M() {{ _count++; }} }}", "LOCK1001" },
        { "nested types of one name", $"class A {{ public class B {{ {Guarded} public void M() {{ _count++; }} }} }}\nclass C {{ public class B {{ {Guarded} public void M() {{ _count++; }} }} }}", "LOCK1001 LOCK1001" },
        { "partial type", $"partial class A {{ {Guarded} }}\npartial class A {{ public void M() {{ _count++; }} }}", "LOCK1001" },
        { "record with primary constructor", $"record A(int X) {{ {Guarded} public int M() => _count + X; }}", "LOCK1002" },
        { "struct", "struct A { private readonly object _gate; [GuardedBy(nameof(_gate))] private int _count; public A(object gate) => _gate = gate; public void M() { _count++; } }", "LOCK1001" },
        { "local function", $"class A {{ {Guarded} public int M() {{ return L(); int L() => _count; }} }}", "LOCK1002" },
        { "static local function", $"class A {{ {Guarded} public int M() {{ return L(this); static int L(A a) => a._count; }} }}", "LOCK1002" },
        { "lambda", $"class A {{ {Guarded} public Func<int> M() => () => _count; }}", "LOCK1002" },
        { "async lambda", $"class A {{ {Guarded} public Func<Task> M() => async () => {{ _count++; await Task.Yield(); }}; }}", "LOCK1001" },
        { "regions", $"class A {{ {Guarded}\n#if true\n    public void M()\n    {{\n        #region inside\n        _count++; // at the end\n        #endregion\n    }}\n#else\n    public void M() {{ }}\n#endif\n}}", "LOCK1001" },
        { "directives inside a statement", $"class A {{ {Guarded}\n    public void M()\n    {{\n        _count =\n#if true\n            1;\n#else\n            2;\n#endif\n    }}\n}}", "LOCK1001" },
        { "comments everywhere", $"class A {{ {Guarded}\n    public /* a */ int /* b */ M( /* c */ ) => /* d */ _count /* e */ ; // f\n}}", "LOCK1002" },
        { "switch section", $"class A {{ {Guarded} public void M(int i) {{ switch (i) {{ case 1: _count++; break; default: break; }} }} }}", "LOCK1001" },
        { "switch expression", $"class A {{ {Guarded} public int M(int i) => i switch {{ 1 => _count, _ => 0 }}; }}", "LOCK1002" },
        { "embedded statement", $"class A {{ {Guarded} public void M(bool b) {{ if (b) _count++;\n else _count--; }} }}", "LOCK1001 LOCK1001" },
        { "label", $"class A {{ {Guarded} public void M(bool b) {{ again: _count++; if (b) goto again; }} }}", "LOCK1001" },
        { "using declaration", $"class A {{ {Guarded} public void M() {{ using var s = new System.IO.MemoryStream(_count); s.Flush(); }} }}", "LOCK1002" },
        { "out variable", $"class A {{ {Guarded} public int M(string t) {{ if (int.TryParse(t, out int n) && _count > n) return n; return 0; }} }}", "LOCK1002" },
        { "pattern variable", $"class A {{ {Guarded} public int M() {{ if (_count is var n) {{ }} return n; }} }}", "LOCK1002" },
        { "top-level statements", $"var a = new A();\nMonitor.Enter(a.Gate);\na.Count++;\nConsole.WriteLine();\nclass A {{ public readonly object Gate = new(); public int Count; }}", "LOCK2001" },
        { "generic type", $"class A<T> where T : class {{ {Guarded} public T? M(T t) => _count > 0 ? t : null; }}", "LOCK1002" },
        { "interface implementation", $"interface I {{ void M(); }} class A : I {{ {Guarded} void I.M() {{ _count++; }} }}", "LOCK1001" },
        { "this in a record", "public record A(int X) { private int _n; public void M() { lock (this) { _n++; } } }", "LOCK7001" },
        { "this in an interface", "public interface IA { void M() { lock (this) { Console.WriteLine(); } } }", "LOCK7001" },
        { "this in a type without braces' lines", "public class A { public void M() { lock (this) { } }\n public class B { public void M() { lock (this) { } } } }", "LOCK7001 LOCK7001" },
        { "type of a generic", "public class A<T> { public void M() { lock (typeof(A<T>)) { } } }", "LOCK7001" },
        { "verbatim names", "class @class { private readonly object @lock = new(); [GuardedBy(nameof(@lock))] private int @int; public void @void() { @int++; } }", "LOCK1001" },
        { "Monitor in a switch", "public class A { private readonly object _gate = new(); public void M(int i) { switch (i) { case 1: Monitor.Enter(_gate); Console.WriteLine(); break; } } }", "LOCK2001" },
        { "maybe in a local function", "class A { private readonly object _gate = new(); public void M(bool b) { L(); void L() { if (b) Monitor.Enter(_gate); Console.WriteLine(); Monitor.Exit(_gate); } } }", "LOCK2005" },
        { "wait in an accessor", "class A { private readonly object _gate = new(); private bool _ready; public bool P { get { lock (_gate) { if (!_ready) Monitor.Wait(_gate); return _ready; } } } }", "LOCK2009" },
        { "await in a lambda", "class A { private readonly Lock _gate = new(); public Func<Task> M() => async () => { _gate.Enter(); await Task.Yield(); _gate.Exit(); }; }", "LOCK4001" },
        { "double check in a property", "class A { private static readonly object s_gate = new(); private static A? s_a; public static A P { get { if (s_a == null) { lock (s_gate) { if (s_a == null) s_a = new A(); } } return s_a; } } }", "LOCK6005" },
    };

    private static readonly LockingCodeFix[] s_fixes = typeof(LockingCodeFix).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(LockingCodeFix)))
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (LockingCodeFix)Activator.CreateInstance(t)!)
        .ToArray();

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task WhateverIsOffered_IsGood(string shape, string source, string ids)
    {
        foreach (string end in new[] { "\n", "\r\n" })
        {
            var workspace = new FixWorkspace((source + "\n").ReplaceLineEndings(end), [("Usings.cs", RuleTests.Usings)], "");
            ImmutableArray<Diagnostic> found = workspace.Find(workspace.Solution);
            Assert.Equal(ids, string.Join(" ", found.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.Id).Order(StringComparer.Ordinal)));
            foreach ((LockingCodeFix fix, Diagnostic finding) in s_fixes.SelectMany(f => found.Where(d => f.FixableDiagnosticIds.Contains(d.Id)).Select(d => (f, d))))
            {
                foreach (Offer offer in await fix.OffersAsync(workspace.Solution.GetDocument(workspace.Test)!, finding, CancellationToken.None))
                {
                    string text = await TextAsync(offer.Changed, workspace);
                    AssertBetter(shape, offer, finding, found, workspace.Find(offer.Changed), text);
                    Assert.Equal(text.ReplaceLineEndings(end), text);
                    AssertAll(workspace, fix, finding, offer, found);
                }
            }
        }
    }

    /// <summary>The finding is gone, and of what was not there before nothing is worse than it was.</summary>
    private static void AssertBetter(string shape, Offer offer, Diagnostic finding, ImmutableArray<Diagnostic> before, ImmutableArray<Diagnostic> after, string text)
    {
        int old = before.Count(d => d.Id == finding.Id);
        Assert.True(after.Count(d => d.Id == finding.Id) < old, $"{shape}: '{offer.Title}' leaves {finding.Id}\n{text}\n{string.Join("\n", after)}");
        IEnumerable<Diagnostic> others = after.Where(d => d.Severity >= DiagnosticSeverity.Warning && before.All(b => b.Id != d.Id));
        Assert.True(!others.Any() || offer.Key == nameof(RequireTheLock) || offer.Key == nameof(WriteTheGuard), $"{shape}: '{offer.Title}' brings {string.Join("\n", others)}\n{text}");
    }

    private static void AssertAll(FixWorkspace workspace, LockingCodeFix fix, Diagnostic finding, Offer offer, ImmutableArray<Diagnostic> before)
    {
        CodeAction all = workspace.FixAll(fix, finding.Id, FixAllScope.Document, offer.Key)!;
        Solution after = all.GetOperationsAsync(CancellationToken.None).GetAwaiter().GetResult().OfType<ApplyChangesOperation>().Single().ChangedSolution;
        Assert.True(workspace.Find(after).Count(d => d.Id == finding.Id) < before.Count(d => d.Id == finding.Id));
    }

    private static async Task<string> TextAsync(Solution solution, FixWorkspace workspace) => (await solution.GetDocument(workspace.Test)!.GetTextAsync()).ToString();
}
