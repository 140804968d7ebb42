// Code of which some types are missing: a file that is being written, a project without one of its packages. What it locks is seen all the same.
using System.Linq;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.Robustness;

public sealed class UnboundCodeTests
{
    private static string[] Findings(string members) => Analysis.Run(
            Analysis.Compile([("/Test.cs", $$"""
                using System;
                using System.Collections.Generic;
                using System.Linq;
                using System.Threading;
                using System.Threading.Tasks;
                public class Table
                {
                    private readonly object _gate = new();
                    private readonly SemaphoreSlim _semaphore = new(1, 1);
                    private readonly ReaderWriterLockSlim _rows = new();
                    private readonly List<string> _names = new();
                    private readonly List<Plugin> _plugins = new();
                    private readonly Dictionary<string, Plugin> _map = new();
                    private int _count;

                    public void Add(Plugin plugin)
                    {
                        lock (_gate)
                        {
                            _names.Add("");
                            _plugins.Add(plugin);
                            _map[""] = plugin;
                            _count++;
                        }
                    }

                    public void Remove(Plugin plugin)
                    {
                        lock (_gate)
                        {
                            _names.Remove("");
                            _plugins.Remove(plugin);
                            _map.Remove("");
                            _count--;
                        }
                    }

                    {{members}}
                }
                """)]),
            allowErrors: true)
        .Where(d => d.Severity >= DiagnosticSeverity.Warning)
        .Select(d => d.Id)
        .ToArray();

    [Theory]
    [InlineData("public void M() { foreach (Plugin plugin in _plugins) { plugin.Run(); } }", "LOCK1102")]
    [InlineData("public void M() { foreach (var plugin in _plugins) { } }", "LOCK1102")]
    [InlineData("public bool M() => _names.Contains(Missing.Name);", "LOCK1102")]
    [InlineData("public bool M() => _names.Any(n => Missing.Is(n));", "LOCK1102")]
    [InlineData("public object M() => (from n in _names where Missing.Is(n) select n).ToList();", "LOCK1102")]
    [InlineData("public void M(Plugin plugin) { if (_map.TryGetValue(Missing.Name, out plugin)) { } }", "LOCK1102")]
    [InlineData("public object M() => _map[Missing.Name];", "LOCK1102")]
    [InlineData("public void M() { _names.Missing(); }", "LOCK1102")]
    [InlineData("private readonly Plugin _plugin = new(); public void M1() { lock (_plugin) { _plugin.Run(); } } public void M2() { lock (_plugin) { _plugin.Stop(); } } public void M3() { _plugin.Run(); }", "LOCK1101")]
    [InlineData("public void M() { _map[Missing.Name] = null; }", "LOCK1101")]
    [InlineData("public void M() { _names.Add(Missing.Name()); }", "LOCK1101")]
    [InlineData("public void M() { _names?.Add(Missing.Name()); }", "LOCK1101")]
    [InlineData("public void M() { _map.Add(Missing.Name, new Plugin()); }", "LOCK1101")]
    [InlineData("public void M() { try { Missing.Run(); } catch (MissingException) { _names.Clear(); } }", "LOCK1101")]
    [InlineData("public void M() { Helper(Missing.Count); } private void Helper(int by) { _count += by; }", "LOCK1101")]
    [InlineData("public void M() { this.Helper(1, Missing.Count()); } private void Helper(int times, int by) { _count += times * by; }", "LOCK1101")]
    [InlineData("public async Task M() { await _semaphore.WaitAsync(Missing.Token); if (Missing.IsClosed) { return; } _semaphore.Release(); }", "LOCK2001")]
    public void WhatStandsBesideAMissingType_IsReported(string member, string id) => Assert.Equal([id], Findings(member));

    [Theory]
    [InlineData("public void M() { lock (_gate) { foreach (Plugin plugin in _plugins) { plugin.Run(); } } }")]
    [InlineData("public void M() { lock (_gate) { _names.RemoveAll(n => Missing.Is(n, _count)); } }")]
    [InlineData("public void M() { lock (_gate) { Missing.Each(() => _count++); } }")]
    [InlineData("public void M() { lock (_gate) { Helper(Missing.Count); } } private void Helper(int by) { _count += by; }")]
    [InlineData("public void M() { lock (_gate) { Helper(Missing.Count); } } private void Helper(int by) { _count += by; } private void Helper(string by) { _count += by.Length; }")]
    [InlineData("public async Task M() { await _semaphore.WaitAsync(Missing.Token); try { } finally { _semaphore.Release(); } }")]
    [InlineData("public async Task M() { await _semaphore.WaitAsync(Missing.Token).ConfigureAwait(false); try { } finally { _semaphore.Release(); } }")]
    [InlineData("public async Task M() { if (!await _semaphore.WaitAsync(Missing.Limit)) { return; } try { } finally { _semaphore.Release(); } }")]
    [InlineData("public void M() { if (_rows.TryEnterReadLock(Missing.Limit)) { try { } finally { _rows.ExitReadLock(); } } }")]
    [InlineData("public void M() { Missing.Use(_names); }")]
    public void WhatIsRightBesideAMissingType_IsSilent(string member) => Assert.Empty(Findings(member));
}
