// LOCK6004: what is done under a lock is decided under it.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class CheckInsideLockTests() : RuleTests("LOCK6004")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Channel
        {
            private readonly object _gate = new();
            private readonly Queue<int> _items = new();
            private bool _closed;
            private int _sent;

            {{member}}

            public void Close()
            {
                lock (_gate)
                {
                    _closed = true;
                    _items.Clear();
                    _sent = 0;
                }
            }
        }
        """,
        message);

    [Theory]
    [InlineData("public void M() { if (![|_closed|]) { lock (_gate) { _sent++; } } }")]
    [InlineData("public void M() { if ([|_closed|]) { return; } lock (_gate) { _sent++; } }")]
    [InlineData("public void M() { if ([|_closed|]) throw new InvalidOperationException(); lock (_gate) { _items.Enqueue(1); } }")]
    [InlineData("public async Task M() { await Task.Yield(); if (![|_closed|]) { lock (_gate) { _sent++; } } }")]
    [InlineData("public void M() { if (![|_closed|]) { Monitor.Enter(_gate); try { _sent++; } finally { Monitor.Exit(_gate); } } }")]
    public void TestedOutsideAndActedInside_IsReported(string member) => VerifyIn(member);

    [Theory]
    [InlineData("public void M() { lock (_gate) { if (!_closed) { _sent++; } } }")]
    [InlineData("public void M() { if (!_closed) { lock (_gate) { if (!_closed) { _sent++; } } } }")]
    [InlineData("public void M() { lock (_gate) { if (_closed) return; } lock (_gate) { _sent++; } }")]
    public void TestedInside_IsSilent(string member) => VerifyIn(member);

    [Fact]
    public void Message_NamesFieldAndLock() => VerifyIn(
        "public void M() { if (![|_closed|]) { lock (_gate) { _sent++; } } }",
        "'_closed' is read without '_gate' and decides what is done under it; it may have changed by the time the lock is held");

    [Fact]
    public void FieldThatNobodyWrites_IsSilent() => Verify(
        """
        public class Channel(bool enabled)
        {
            private readonly object _gate = new();
            private readonly bool _enabled = enabled;
            private int _sent;

            public void M() { if (_enabled) { lock (_gate) { _sent++; } } }
        }
        """);

    [Fact]
    public void VolatileField_IsExempt() => Verify(
        """
        public class Channel
        {
            private readonly object _gate = new();
            private volatile bool _closed;
            private int _sent;

            public void M() { if (!_closed) { lock (_gate) { _sent++; } } }
            public void Close() { lock (_gate) { _closed = true; } }
        }
        """);

    /// <summary>No lock can be held while its own object is looked up; what is in the object is another matter.</summary>
    [Fact]
    public void TestOfWhatLeadsToTheLock_IsSilent() => Verify(
        """
        public class Session
        {
            private State? _state = new();
            private readonly List<int> _log = new();

            public void Stop()
            {
                if (_state != null)
                {
                    lock (_state.Gate)
                    {
                        _state.Count++;
                        _state = null;
                    }
                }
            }

            public void Start(State state)
            {
                lock (state.Gate)
                {
                    _state = state;
                }
            }

            public void Trim(int item)
            {
                if ([|_log.Count|] > 3)
                {
                    lock (_log)
                    {
                        _log.Add(item);
                    }
                }
            }

            public void Clear() { lock (_log) { _log.Clear(); } }

            public int Count() { lock (_log) { return _log.Count; } }

            public class State
            {
                internal readonly object Gate = new();
                internal int Count;
            }
        }
        """);

    private void VerifyTable(string field, string method) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            {{field}}

            public void Add(string key) { lock (_gate) { _rows[key] = 1; } }

            public void Remove(string key) { lock (_gate) { _rows.Remove(key); } }

            public bool Has(string key) { lock (_gate) { return _rows.ContainsKey(key); } }

            {{method}}
        }
        """);

    [Theory]
    [InlineData("public void M(string key) { if (![|_rows.ContainsKey(key)|]) { lock (_gate) { _rows.Add(key, 1); } } }")]
    [InlineData("public void M(string key) { if ([|_rows.TryGetValue(key, out int row)|]) { return; } lock (_gate) { _rows[key] = 2; } }")]
    [InlineData("public void M() { if ([|_rows.Count|] > 9) { lock (_gate) { _rows.Clear(); } } }")]
    public void CollectionLookedIntoOutsideAndChangedInside_IsReported(string method)
    {
        VerifyTable("private readonly Dictionary<string, int> _rows = new();", method);
        VerifyTable("private Dictionary<string, int> _rows = new();", method);
    }

    [Theory]
    [InlineData("public void M() { if (_rows.Count > 0) { lock (_gate) { foreach (var row in _rows) { } } } }")]
    [InlineData("public void M(string key) { if (!{|LOCK1102:_rows.ContainsKey(key)|}) { lock (_gate) { if (!_rows.ContainsKey(key)) { _rows.Add(key, 1); } } } }")]
    [InlineData("public void M(string key) { if (!{|LOCK6005:_rows.ContainsKey(key)|}) { lock (_gate) { if (!_rows.ContainsKey(key)) { _rows = new(_rows) { [key] = 1 }; } } } }")]
    public void CollectionLookedIntoAgain_IsNoCheckThatDecides(string method) => VerifyTable("private Dictionary<string, int> _rows = new();", method);

    [Theory]
    [InlineData("bool isOpen = ![|_closed|]; if (isOpen)")]
    [InlineData("bool isOpen = [|_closed|] == false; if (isOpen)")]
    [InlineData("bool isOpen = [|_closed|] is false; if (isOpen)")]
    public void TestKeptInALocal_IsTheSameTest(string test) => Verify(
        $$"""
        public class Door
        {
            private readonly object _gate = new();
            private bool _closed;
            private int _passed;

            public void Pass()
            {
                {{test}}
                {
                    lock (_gate)
                    {
                        _passed++;
                    }
                }
            }

            public void Close()
            {
                lock (_gate)
                {
                    _closed = true;
                    _passed = 0;
                }
            }
        }
        """);

    [Fact]
    public void SwitchThatDecides_IsReported() => Verify(
        """
        public class Engine
        {
            private readonly object _gate = new();
            private int _state;
            private int _starts;

            public void Start()
            {
                switch ([|_state|])
                {
                    case 0:
                        lock (_gate)
                        {
                            _state = 1;
                            _starts++;
                        }

                        break;
                }
            }

            public void Restart() { switch (_state) { case 0: lock (_gate) { if (_state == 0) { _starts++; } } break; } }

            public void Stop() { lock (_gate) { _state = 0; } }
        }
        """);

    [Fact]
    public void TestThatOthersDoNotKeepTo_IsAnOrdinaryRead() => Verify(
        """
        public class Tally
        {
            private readonly object _gate = new();
            private readonly List<int> _parts = new();

            public void Drain() { if ({|LOCK1102:_parts.Count|} > 0) { lock (_gate) { _parts.Clear(); } } }

            public void Add(int part) { lock (_gate) { _parts.Add(part); } }

            public int Sum() { lock (_gate) { return _parts.Sum(); } }

            public int First() { lock (_gate) { return _parts[0]; } }

            public void Forget(int part) => {|LOCK1101:_parts.Remove(part)|};
        }
        """);

    [Theory]
    [InlineData("public void M() { bool closed = [|_closed|]; if (!closed) { lock (_gate) { _closed = true; _sent++; } } }")]
    [InlineData("public void M() { bool closed = [|_closed|]; if (!closed) { lock (_gate) { if (!closed) { _closed = true; _sent++; } } } }")]
    public void DecidesThroughALocal_IsReported(string member) => VerifyIn(member);

    [Theory]
    [InlineData("public void M() { bool closed; lock (_gate) { closed = _closed; } if (!closed) { lock (_gate) { _closed = true; } } }")]
    [InlineData("public void M() { lock (_gate) { if (!_closed) Finish(); } } private void Finish() { lock (_gate) { _closed = true; _sent++; } }")]
    public void DecidesUnderTheLock_IsSilent(string member) => VerifyIn(member);

    [Theory]
    [InlineData("public void M() { if (![|_closed|]) Put(); } private void Put() { lock (_gate) { _items.Enqueue(1); } }")]
    [InlineData("public void M() { if ([|_closed|]) return; Put(); } private void Put() { lock (_gate) { _sent++; } }")]
    [InlineData("public void M() { if ([|_closed|]) Open(); } private void Open() { lock (_gate) { _closed = false; } }")]
    [InlineData("public bool M() => ![|_closed|] && Put(); private bool Put() { lock (_gate) { _sent++; return true; } }")]
    [InlineData("public void M() { if (![|_closed|]) Put(); } private void Put() => Add(); private void Add() { lock (_gate) { _closed = true; } }")]
    [InlineData("public void M() { if ([|_closed|]) return; Locked(() => { _sent++; }); } private void Locked(Action run) { lock (_gate) { run(); } }")]
    [InlineData("public void M() { if (![|_closed|]) { Enter(); _sent++; Exit(); } } private void Enter() => Monitor.Enter(_gate); private void Exit() => Monitor.Exit(_gate);")]
    public void TestedOutsideAndActedInAHelper_IsReported(string members) => VerifyIn(members);

    /// <summary>A helper that tests again knows what it does; what others may call without the test does not hang on it.</summary>
    [Theory]
    [InlineData("public void M() { if (!_closed) Put(); } private void Put() { lock (_gate) { if (!_closed) _items.Enqueue(1); } }")]
    [InlineData("public void M() { if (!_closed) Put(); } public void Put() { lock (_gate) { _items.Enqueue(1); } }")]
    [InlineData("public void M() { if (!_closed) Look(); } private int Look() { lock (_gate) { return _sent; } }")]
    public void HelperThatTestsAgainOrStandsAlone_IsSilent(string members) => VerifyIn(members);

    [Theory]
    [InlineData("public int M() => [|_closed|] switch { true => 0, false => Put() }; private int Put() { lock (_gate) { return ++_sent; } }")]
    [InlineData("public void M() { if (([|_closed|]) switch { true => false, _ => true }) { lock (_gate) { _sent++; } } }")]
    public void SwitchExpression_IsATest(string members) => VerifyIn(members);

    private void VerifyRows(string members, string? message = null) => Verify(
        $$"""
        public class Table
        {
            private readonly ReaderWriterLockSlim _access = new();
            private readonly ReaderWriterLock _old = new();
            private readonly object _gate = new();
            private readonly Dictionary<string, object> _rows = new();
            private readonly List<string> _names = new();
            private readonly HashSet<string> _seen = new();

            {{members}}
        }
        """,
        message);

    [Theory]
    [InlineData("public void M(string k) { lock (_gate) { if ([|_rows.ContainsKey(k)|]) return; } lock (_gate) { _rows.Add(k, new()); } }")]
    [InlineData("public void M(string k) { _access.EnterReadLock(); try { if ([|_rows.TryGetValue(k, out _)|]) return; } finally { _access.ExitReadLock(); } _access.EnterWriteLock(); try { _rows.Add(k, new()); } finally { _access.ExitWriteLock(); } }")]
    [InlineData("public void M(string k) { _old.AcquireReaderLock(-1); try { if (![|_rows.ContainsKey(k)|]) { _old.UpgradeToWriterLock(-1); _rows.Add(k, new()); } } finally { _old.ReleaseLock(); } }")]
    [InlineData("public void M(string k) { lock (_gate) { if ([|_names.Contains(k)|]) return; } lock (_gate) { _names.Add(k); } }")]
    public void KeyAddedWhenTheLockWasGivenUp_IsReported(string member) => VerifyRows(member);

    [Theory]
    [InlineData("public void M(string k) { lock (_gate) { if (_rows.ContainsKey(k)) return; _rows.Add(k, new()); } }")]
    [InlineData("public void M(string k) { lock (_gate) { if (_rows.ContainsKey(k)) return; lock (_gate) { _rows.Add(k, new()); } } }")]
    [InlineData("public void M(string k) { lock (_gate) { if (_rows.ContainsKey(k)) return; } lock (_gate) { if (!_rows.ContainsKey(k)) _rows.Add(k, new()); } }")]
    [InlineData("public void M(string k) { lock (_gate) { if (_rows.ContainsKey(k)) return; } lock (_gate) { _rows[k] = new(); } }")]
    [InlineData("public void M(string k, string l) { lock (_gate) { if (_rows.ContainsKey(k)) return; } lock (_gate) { _rows.Add(l, new()); } }")]
    [InlineData("public void M(string k) { lock (_gate) { if (_seen.Contains(k)) return; } lock (_gate) { _seen.Add(k); } }")]
    [InlineData("public void M(string k) { _access.EnterUpgradeableReadLock(); try { if (_rows.ContainsKey(k)) return; _access.EnterWriteLock(); try { _rows.Add(k, new()); } finally { _access.ExitWriteLock(); } } finally { _access.ExitUpgradeableReadLock(); } }")]
    public void KeyLookedForUnderTheSameHoldOrAgain_IsSilent(string member) => VerifyRows(member);

    [Theory]
    [InlineData("public void M(string k) { bool has; lock (_gate) { has = [|_rows.ContainsKey(k)|]; } if (!has) { lock (_gate) { _rows.Add(k, new()); } } }")]
    [InlineData("public void M(string[] all) { foreach (string k in all) { bool has; lock (_gate) { has = [|_rows.ContainsKey(k)|]; } if (has) continue; lock (_gate) { _rows.Add(k, new()); } } }")]
    [InlineData("public void M(string k) { bool fails = false; lock (_gate) { fails = [|_names.Contains(k)|]; } if (fails) throw new ArgumentException(k); lock (_gate) { _names.Add(k); } }")]
    public void KeyWhoseAnswerIsKeptInALocal_IsReported(string member) => VerifyRows(member);

    private const string Helpers = """
        private bool Has(string k) { lock (_gate) { return _rows.ContainsKey(k); } }
        public bool Contains(string k) => Has(k);
        private void Put(string k) { lock (_gate) { _rows.Add(k, new()); } }
        private void Set(string k) { lock (_gate) { _rows[k] = new(); } }
        private void PutIfAbsent(string k) { lock (_gate) { if (!_rows.ContainsKey(k)) _rows.Add(k, new()); } }
        """;

    [Theory]
    [InlineData("public void M(string k) { if (![|Has(k)|]) Put(k); }")]
    [InlineData("public void M(string k) { if ([|Contains(k)|]) return; Put(k); }")]
    [InlineData("public void M(string k) { bool has = [|this.Has(k)|]; if (has) return; Put(k); }")]
    [InlineData("public void M(string k) { if (![|Has(k)|]) { lock (_gate) { _rows.Add(k, new()); } } }")]
    [InlineData("public void M(string k) { lock (_gate) { if ([|_rows.ContainsKey(k)|]) return; } Put(k); }")]
    [InlineData("public void M(string[] all) { foreach (string k in all) { if (![|Has(k)|]) { Put(k); } } }")]
    [InlineData("public void M(string k) { if (Has(k)) return; Console.Write(k); if ([|Has(k)|]) return; Put(k); }")]
    [InlineData("public void M(string k) { if (![|Has(k)|]) Pass(k); } private void Pass(string name) => Put(name);")]
    [InlineData("public async Task M(string k) { if (!await [|HasAsync(k)|]) Put(k); } private async Task<bool> HasAsync(string k) { await Task.Yield(); return Has(k); }")]
    [InlineData("public async Task M(string k) { bool has = await [|HasAsync(k)|].ConfigureAwait(false); if (!has) Put(k); } private async Task<bool> HasAsync(string k) { await Task.Yield(); return Has(k); }")]
    public void KeyThatHelpersLookForAndAdd_IsReported(string member) => VerifyRows(Helpers + member);

    [Theory]
    [InlineData("public void M(string k) { lock (_gate) { if (!Has(k)) Put(k); } }")]
    [InlineData("public void M(string k) { if (!Has(k)) PutIfAbsent(k); }")]
    [InlineData("public void M(string k) { if (!Has(k)) Set(k); }")]
    [InlineData("public void M(string k, string l) { if (!Has(k)) Put(l); }")]
    [InlineData("public void M(string k, Table other) { if (!other.Has(k)) Put(k); }")]
    [InlineData("public void M(string k) { if (Has(k)) Console.Write(k); Put(k); }")]
    [InlineData("public void M(string k) { bool has = Has(k); Put(k); Console.Write(has); }")]
    public void KeyThatHelpersLookForUnderOneHold_OrThatNothingHangsOn_IsSilent(string member) => VerifyRows(Helpers + member);

    [Fact]
    public void MessageOfALateAddition_NamesCollectionAndLock() => VerifyRows(
        "public void M(string k) { lock (_gate) { if ([|_rows.ContainsKey(k)|]) return; } lock (_gate) { _rows.Add(k, new()); } }",
        "'_rows' is read under an earlier hold of '_gate' and decides what is done under it; it may have changed by the time the lock is held");

    [Fact]
    public void TestedAgainBeforeAHelperChangesIt_IsAnotherRule() => VerifyIn(
        """
        private object? _made;

        public object Get(int sent)
        {
            if ({|LOCK6005:_made|} != null && Same(sent))
            {
                return {|LOCK1102:_made|};
            }

            lock (_gate)
            {
                if (_made == null)
                {
                    Make();
                }

                return _made!;
            }
        }

        private static bool Same(int sent) => sent > 0;

        private void Make() => _made = new();

        public void Renew()
        {
            lock (_gate)
            {
                Make();
            }
        }
        """);
}
