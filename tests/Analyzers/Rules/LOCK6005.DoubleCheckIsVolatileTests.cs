// LOCK6005: the field of a double-checked lock is volatile.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class DoubleCheckIsVolatileTests() : RuleTests("LOCK6005")
{
    private void VerifyIn(string modifiers, string member, string? message = null) => Verify(
        $$"""
        public class Plugin
        {
            private readonly object _gate = new();
            private {{modifiers}} bool _loaded;
            private int _loads;

            {{member}}
            private void Load() => Interlocked.Increment(ref _loads);
        }
        """,
        message);

    private const string Test = "if (!_loaded) { lock (_gate) { if (!_loaded) { Load(); _loaded = true; } } }";

    [Fact]
    public void PlainField_IsReportedAtTheFirstTest() => VerifyIn("", $"public void M() {{ {Test.Replace("if (!_loaded) { lock", "if (![|_loaded|]) { lock")} }}");

    [Fact]
    public void EarlyReturn_IsReported() => VerifyIn("", "public void M() { if ([|_loaded|]) return; lock (_gate) { if (_loaded) return; Load(); _loaded = true; } }");

    [Theory]
    [InlineData("", "public void M() { if (![|_loaded|]) First(); } private void First() { lock (_gate) { if (_loaded) return; Load(); _loaded = true; } }")]
    [InlineData("", "public void M() { if ([|_loaded|]) return; First(); } private void First() { lock (_gate) { if (!_loaded) { Load(); _loaded = true; } } }")]
    [InlineData("", "public bool M() => [|_loaded|] || First(); private bool First() { lock (_gate) { if (!_loaded) { Load(); _loaded = true; } return true; } }")]
    [InlineData("", "public bool M() => [|_loaded|] ? true : First(); private bool First() { lock (_gate) { if (!_loaded) { Load(); _loaded = true; } return true; } }")]
    [InlineData("", "public void M() { if (![|_loaded|]) Locked(() => { if (_loaded) return; Load(); _loaded = true; }); } private void Locked(Action run) { lock (_gate) { run(); } }")]
    [InlineData("volatile", "public void M() { if (!_loaded) Locked(() => { if (_loaded) return; Load(); _loaded = true; }); } private void Locked(Action run) { lock (_gate) { run(); } }")]
    [InlineData("volatile", "public void M() { if (!_loaded) First(); } private void First() { lock (_gate) { if (_loaded) return; Load(); _loaded = true; } }")]
    [InlineData("", "public void M() { lock (_gate) { if (!_loaded) First(); } } private void First() { lock (_gate) { if (_loaded) return; Load(); _loaded = true; } }")]
    public void SecondTestInAHelper_IsADoubleCheck(string modifiers, string members) => VerifyIn(modifiers, members);

    [Fact]
    public void HelperThatCoalesces_IsTheSecondTest() => Verify(
        """
        public static class Plugin
        {
            private static readonly object s_gate = new();
            private static object? s_instance;

            public static object Instance => [|s_instance|] ?? Make();

            private static object Make() { lock (s_gate) { return s_instance ??= new(); } }
        }
        """);

    [Fact]
    public void ThroughALocal_IsReported() => VerifyIn(
        "", "public void M() { bool loaded = [|_loaded|]; if (!loaded) { lock (_gate) { loaded = _loaded; if (!loaded) { Load(); _loaded = true; } } } }");

    [Fact]
    public void StaticField_IsReported() => Verify(
        """
        public static class Plugin
        {
            private static readonly object s_gate = new();
            private static bool s_loaded;

            public static void M() { if (![|s_loaded|]) { lock (s_gate) { if (!s_loaded) { s_loaded = true; } } } }
        }
        """);

    [Fact]
    public void VolatileField_IsSilent() => VerifyIn("volatile", $"public void M() {{ {Test} }}");

    [Fact]
    public void VolatileRead_IsSilent() => VerifyIn(
        "", "public void M() { if (!Volatile.Read(ref _loaded)) { lock (_gate) { if (!_loaded) { Load(); Volatile.Write(ref _loaded, true); } } } }");

    [Fact]
    public void OnlyUnderTheLock_IsSilent() => VerifyIn("", "public void M() { lock (_gate) { if (!_loaded) { Load(); _loaded = true; } } }");

    [Fact]
    public void Message_NamesFieldAndLock() => VerifyIn(
        "",
        $"public void M() {{ {Test.Replace("if (!_loaded) { lock", "if (![|_loaded|]) { lock")} }}",
        "'_loaded' is tested without '_gate' and set under it, and is not volatile: what is set before it may be seen after it");

    [Fact]
    public void WhatIsOnlyTakenAway_PublishesNothing() => Verify(
        """
        public class Pipe(System.IO.Stream stream)
        {
            private readonly object _gate = new();
            private System.IO.Stream? _stream = stream;

            public void Close()
            {
                if (_stream != null)
                {
                    lock (_gate)
                    {
                        if (_stream != null)
                        {
                            _stream.Dispose();
                            _stream = null;
                        }
                    }
                }
            }
        }
        """);

    /// <summary>A flag that others set, taken back, and a number that is counted say only that there is nothing to do.</summary>
    [Theory]
    [InlineData("private bool _dirty;", "if (_dirty) { lock (_gate) { if (_dirty) { Save(); _dirty = false; } } }")]
    [InlineData("private bool _dirty;", "if (!_dirty) return; lock (_gate) { if (!_dirty) return; Save(); _dirty = false; }")]
    [InlineData("private bool _dirty;", "if (_dirty) Write();")]
    [InlineData("private bool _dirty = true;", "if ([|_dirty|]) { lock (_gate) { if (_dirty) { Save(); _dirty = false; } } }")]
    [InlineData("private bool _dirty; public Page() => _dirty = true;", "if ([|_dirty|]) { lock (_gate) { if (_dirty) { Save(); _dirty = false; } } }")]
    [InlineData("private bool _dirty; public Page(bool isNew) => _dirty = isNew;", "if ([|_dirty|]) Write();")]
    public void FlagThatIsTakenBack_PublishesNothing(string field, string body) => Verify(
        $$"""
        public class Page
        {
            private readonly object _gate = new();
            {{field}}
            private int _saved;

            public void Change() { lock (_gate) { _dirty = true; } }

            public void M() { {{body}} }

            private void Write() { lock (_gate) { if (_dirty) { Save(); _dirty = false; } } }

            private void Save() => Interlocked.Increment(ref _saved);
        }
        """);

    [Theory]
    [InlineData("if (_free > 0) { lock (_gate) { if (_free > 0) { _free--; } } }")]
    [InlineData("if (_free >= 2) { lock (_gate) { if (_free >= 2) { _free -= 2; } } }")]
    [InlineData("if ([|_free|] == 0) { lock (_gate) { if (_free == 0) { _free = 8; } } }")]
    public void NumberThatIsCounted_PublishesNothing(string body) => Verify(
        $$"""
        public class Pool
        {
            private readonly object _gate = new();
            private int _free;

            public void Return() { lock (_gate) { _free++; } }

            public void Rent() { {{body}} }
        }
        """);

    [Fact]
    public void FieldOfWhichOnlyTheContentsChangeUnderTheLock_IsNoDoubleCheck() => Verify(
        """
        public class Listeners
        {
            private readonly object _gate = new();
            private List<string>? _all;

            public void Add(string name) { lock (_gate) { (_all ??= new()).Add(name); } }

            public bool Remove(string name)
            {
                if (_all is null)
                {
                    return false;
                }

                lock (_gate)
                {
                    return _all is not null && _all.Remove(name);
                }
            }
        }
        """);

    [Fact]
    public void HelperThatChecksTwice_IsToldOnce() => Verify(
        """
        public class Context
        {
            private readonly object _gate = new();
            private object? _data;

            public object One() => Data();

            public object Two() => Data();

            private object Data()
            {
                if ([|_data|] is null)
                {
                    lock (_gate)
                    {
                        if (_data is null)
                        {
                            _data = new();
                        }
                    }
                }

                return _data;
            }
        }
        """);

    [Fact]
    public void SwitchThatIsMadeSureOf_IsReported() => Verify(
        """
        public class Settings
        {
            private readonly object _gate = new();
            private string? _text;

            public void Load()
            {
                switch ([|_text|])
                {
                    case null:
                        lock (_gate)
                        {
                            if (_text == null) _text = new string('x', 3);
                        }

                        break;
                }
            }
        }
        """);

    [Theory]
    [InlineData("", "public void M() { if ([|_loaded|]) return; Slow(); } private void Slow() { lock (_gate) { if (_loaded) return; Load(); _loaded = true; } }")]
    [InlineData("", "public void M() { if (![|_loaded|]) Slow(); } private void Slow() { lock (_gate) { if (!_loaded) { Load(); _loaded = true; } } }")]
    [InlineData("volatile", "public void M() { if (!_loaded) Slow(); } private void Slow() { lock (_gate) { if (!_loaded) { Load(); _loaded = true; } } }")]
    [InlineData("", "public void M() { Slow(); } private void Slow() { lock (_gate) { if (!_loaded) { Load(); _loaded = true; } } }")]
    public void HelperThatTestsAgain_IsADoubleCheck(string modifiers, string member) => VerifyIn(modifiers, member);

    [Theory]
    [InlineData("[|_made|] ?? Make()", "private object Make() { lock (_gate) { return _made ??= new object(); } }")]
    [InlineData("[|_made|] ?? Make()", "private object Make() { lock (_gate) { if (_made == null) _made = new object(); return _made; } }")]
    [InlineData("Make()", "private object Make() { lock (_gate) { return _made ??= new object(); } }")]
    public void AlternativeThatTestsAgain_IsADoubleCheck(string value, string helper) => Verify(
        $$"""
        public class Lazily
        {
            private readonly object _gate = new();
            private object? _made;

            public object Value => {{value}};
            {{helper}}
        }
        """);

    /// <summary>A method that others can call as well tests for them, too.</summary>
    [Theory]
    [InlineData("", "public void M() { if (![|_loaded|]) First(); } public void First() { lock (_gate) { if (_loaded) return; Load(); _loaded = true; } }")]
    [InlineData("", "public bool M() => [|_loaded|] || First(); public bool First() { lock (_gate) { if (!_loaded) { Load(); _loaded = true; } return true; } }")]
    [InlineData("volatile", "public void M() { if (!_loaded) First(); } public void First() { lock (_gate) { if (_loaded) return; Load(); _loaded = true; } }")]
    public void SecondTestInAPublicMethod_IsADoubleCheck(string modifiers, string members) => VerifyIn(modifiers, members);
}
