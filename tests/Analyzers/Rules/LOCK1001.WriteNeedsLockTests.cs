// LOCK1001: a write to guarded data needs its lock.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class WriteNeedsLockTests() : RuleTests("LOCK1001")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Counter
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            [GuardedBy(nameof(_gate))]
            private string? _name;

            [GuardedBy(nameof(_gate))]
            private Point _point;

            [GuardedBy(nameof(_gate))]
            public int Level { get; set; }

            [GuardedBy(nameof(_gate))]
            private event Action? Changed;

            public void Use(Counter other, bool flag, int[] numbers)
            {
                {{body}}
            }

            public struct Point
            {
                public int X;

                public void Move() => X++;
            }
        }
        """);

    [Theory]
    [InlineData("_gate?.Enter(); _count++; _gate?.Exit();")]
    [InlineData("if (_gate == null) { _count++; return; } _gate.Enter(); _count++; _gate.Exit();")]
    [InlineData("if (_gate == null) { return; } [|_count|]++;")]
    [InlineData("_gate?.Enter(); _gate?.Exit(); [|_count|]++;")]
    public void LockThatIsNotThere_LocksNobodyOut(string body) => Verify(
        $$"""
        public class Counter
        {
            private readonly Gate? _gate;

            [GuardedBy(nameof(_gate))]
            private int _count;

            public Counter(bool isShared) => _gate = isShared ? new Gate() : null;

            public void M() { {{body}} }
        }
        """);

    [Theory]
    [InlineData("var pair = (A: one, 1); pair.A.Gate.Enter(); one.Count++; one.Gate.Exit();")]
    [InlineData("var pair = (one, two); one.Gate.Enter(); pair.Item1.Count++; pair.one.Gate.Exit();")]
    [InlineData("var pair = (one, two); pair.one.Gate.Enter(); [|two.Count|]++; one.Gate.Exit();")]
    [InlineData("var pair = (A: one, B: two); pair.A = two; pair.A.Gate.Enter(); two.Count++; [|one.Count|]++; two.Gate.Exit();")]
    [InlineData("var pair = (A: one, B: two); var copy = pair; copy.A = two; pair.A.Gate.Enter(); one.Count++; [|copy.A.Count|]++; one.Gate.Exit();")]
    [InlineData("var nested = (A: (B: one, 1), 2); nested.A.B.Gate.Enter(); one.Count++; one.Gate.Exit();")]
    [InlineData("var pair = (new Counter(), 1); pair.Item1.Count++;")]
    [InlineData("var pair = (one, 1); [|pair.Item1.Count|]++;")]
    public void PartOfATupleInALocal_IsWhatItWasMadeOf(string body) => Verify(
        $$"""
        public class Counter
        {
            public readonly Gate Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Count;

            public static void Move(Counter one, Counter two) { {{body}} }
        }
        """);

    [Fact]
    public void HelperOfAHelperOfTheTypeInitialiser_WritesWhatNobodyElseHas() => Verify(
        """
        public static class Table
        {
            private static readonly object s_gate = new();

            [GuardedBy(nameof(s_gate))]
            private static int s_rows;

            [GuardedBy(nameof(s_gate))]
            private static int s_turns;

            static Table() => Fill();

            public static void Again() => Turn();

            private static void Fill() => FillRows();

            private static void FillRows() => s_rows = 3;

            private static void Turn() => TurnOnce();

            private static void TurnOnce() => [|s_turns|] = 3;
        }
        """);

    [Fact]
    public void WriteWithoutLock_IsReported() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Add() => [|_count|]++;
        }
        """,
        "'_count' is written without holding '_gate', which guards it");

    [Theory]
    [InlineData("[|_count|] = 1;")]
    [InlineData("[|this._count|] = 1;")]
    [InlineData("[|_count|] += 2;")]
    [InlineData("--[|_count|];")]
    [InlineData("[|_name|] ??= \"x\";")]
    [InlineData("([|_count|], int x) = (1, 2);")]
    [InlineData("(int x, (int y, [|_count|])) = (1, (2, 3));")]
    [InlineData("int x = [|_count|] = 1;")]
    [InlineData("for ([|_count|] = 0; flag;) { }")]
    [InlineData("Interlocked.Increment(ref [|_count|]);")]
    [InlineData("Volatile.Write(ref [|_count|], 1);")]
    [InlineData("[|_point|].X = 1;")]
    [InlineData("[|_point|].Move();")]
    [InlineData("[|Level|] = 1;")]
    [InlineData("[|Level|]++;")]
    [InlineData("[|Changed|] += () => { };")]
    [InlineData("[|Changed|] = null;")]
    [InlineData("unchecked { [|_count|]--; }")]
    [InlineData("if (flag && ([|_count|] = 1) > 0) { }")]
    [InlineData("numbers[[|_count|] = 0] = 1;")]
    [InlineData("_ = flag switch { true => [|_count|] = 1, _ => 0 };")]
    [InlineData("try { } finally { [|_count|] = 0; }")]
    [InlineData("try { Console.Write(1); } catch (Exception) when (([|_count|] = 1) > 0) { }")]
    [InlineData("foreach (int n in numbers) [|_count|] += n;")]
    public void EveryFormOfWrite_IsReported(string statement) => VerifyIn(statement);

    [Theory]
    [InlineData("lock (_gate) _count = 1;")]
    [InlineData("lock (this._gate) { Level = _count; }")]
    [InlineData("lock ((_gate)) { lock (other) { _count++; } }")]
    [InlineData("Monitor.Enter(_gate); try { _count++; } finally { Monitor.Exit(_gate); }")]
    [InlineData("bool taken = false; try { Monitor.Enter(_gate, ref taken); _count++; } finally { if (taken) Monitor.Exit(_gate); }")]
    [InlineData("if (Monitor.TryEnter(_gate)) { try { _count++; } finally { Monitor.Exit(_gate); } }")]
    [InlineData("if (!Monitor.TryEnter(_gate, 10)) return; try { _count++; } finally { Monitor.Exit(_gate); }")]
    [InlineData("var gate = _gate; lock (gate) { _count++; }")]
    [InlineData("lock (flag ? _gate : _gate) { _count++; }")]
    [InlineData("lock (other._gate) { other._count = 1; }")]
    [InlineData("Counter same = this; lock (same._gate) { _count = 1; }")]
    [InlineData("lock (_gate) { Action add = () => _count++; add(); }")]
    [InlineData("lock (_gate) { Add(); void Add() => _count++; }")]
    [InlineData("lock (_gate) { new List<int>().ForEach(n => _count += n); }")]
    [InlineData("lock (_gate) { if (flag) goto done; _count = 1; done: _count = 2; }")]
    [InlineData("lock (_gate) { (_count, _name) = (1, \"\"); }")]
    public void WriteUnderTheLock_IsSilent(string statement) => VerifyIn(statement);

    /// <summary>An object that nobody else has yet, in a helper that gets it.</summary>
    [Theory]
    [InlineData("Set(made);", "made._count = 2;", "counter._count = 1;")]
    [InlineData("Set(made); SetMore(1, made);", "made._count = 2;", "counter._count = 1; SetMore(counter._count, counter);")]
    [InlineData("Set(made);", "", "counter._count = 1; s_last = counter; counter.[|_count|] = 2;")]
    [InlineData("Set(made);", "made.[|_count|] = 2;", "s_last = counter;")]
    [InlineData("Set(made);", "made.[|_count|] = 2;", "counter._count = 1; Task.Run(() => counter.[|_count|]++);")]
    [InlineData("Set(made);", "made.[|_count|] = 2;", "s_all.Add(counter);")]
    [InlineData("Set(made);", "made.[|_count|] = 2;", "var box = new List<Counter>(); box.Add(counter); s_all = box;")]
    [InlineData("Set(made);", "made.[|_count|] = 2;", "object same = counter; s_any = same;")]
    [InlineData("Set(s_last); Set(made);", "made._count = 2;", "counter.[|_count|] = 1;")]
    [InlineData("s_last = made; Set(made);", "", "counter.[|_count|] = 1;")]
    [InlineData("Action<Counter> set = Set; set(made);", "made._count = 2;", "counter._count = 1;")]
    [InlineData("new List<Action<Counter>> { Set }[0](made);", "", "counter.[|_count|] = 1;")]
    public void ObjectThatIsPassedOnWhileItIsNew(string use, string then, string body) => Verify(
        $$"""
        public class Counter
        {
            private static Counter s_last;
            private static object s_any;
            private static List<Counter> s_all = new();
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _count;

            public static Counter Make()
            {
                var made = new Counter();
                {{use}}
                {{then}}
                return made;
            }

            private static void Set(Counter counter)
            {
                {{body}}
            }

            private static void SetMore(int by, Counter counter) => counter._count += {{(use.Contains("SetMore") ? "by" : "0")}};
        }
        """.Replace("made.[|_count|]", "[|made._count|]").Replace("counter.[|_count|]", "[|counter._count|]").Replace("private static void SetMore(int by, Counter counter) => counter._count += 0;", ""));

    [Fact]
    public void LockOfAnotherObject_IsReported() => VerifyIn("lock (other._gate) { [|_count|] = 1; }");

    [Fact]
    public void FieldOfAnotherObject_IsReported() => VerifyIn("lock (_gate) { [|other._count|] = 1; }");

    [Fact]
    public void BehindTheLockStatement_IsReported() => VerifyIn("lock (_gate) { } [|_count|] = 1;");

    [Fact]
    public void OneBranchOnly_IsReported() => VerifyIn("if (flag) Monitor.Enter(_gate); [|_count|] = 1; if (flag) Monitor.Exit(_gate);");

    [Fact]
    public void FailedTry_IsReported() => VerifyIn("if (Monitor.TryEnter(_gate)) { Monitor.Exit(_gate); } else { [|_count|] = 1; }");

    [Fact]
    public void SwapWithoutLock_IsOneWriteAndOneRead() => VerifyIn("([|_count|], Level) = ({|LOCK1002:Level|}, _count);");

    [Fact]
    public void GotoOutOfTheLock_IsReported() => VerifyIn("lock (_gate) { if (flag) goto done; _count = 1; } done: [|_count|] = 2;");

    [Fact]
    public void LambdaWithoutLock_IsReported() => VerifyIn("Action add = () => [|_count|]++; Task.Run(add);");

    [Fact]
    public void CapturedLockThatChangesLater_IsReported() =>
        VerifyIn("object gate = _gate; Task.Run(() => { lock (gate) { [|_count|] = 1; } }); gate = other;");

    [Fact]
    public void LockThatALambdaReplaces_IsReported() =>
        VerifyIn("object gate = _gate; Action replace = () => gate = other; gate = _gate; Task.Run(replace); lock (gate) { [|_count|] = 1; }");

    [Fact]
    public void LockThatALambdaReads_IsSilent() =>
        VerifyIn("object gate = _gate; Action read = () => GC.KeepAlive(gate); gate = _gate; Task.Run(read); lock (gate) { _count = 1; }");

    [Fact]
    public void CapturedLockThatStays_IsSilent() => VerifyIn("object gate = _gate; Task.Run(() => { lock (gate) { _count = 1; } });");

    [Fact]
    public void RefLocal_IsReportedWhereItIsUsed() => VerifyIn("ref int count = ref _count; [|count|] = 1;");

    [Fact]
    public void RefLocalUnderTheLock_IsSilent() => VerifyIn("ref int count = ref _count; lock (_gate) { count = 1; }");

    [Fact]
    public void WaitGivesTheLockBack_IsSilent() => VerifyIn("lock (_gate) { while (_count == 0) Monitor.Wait(_gate); _count = 1; }");

    [Fact]
    public void AwaitedSemaphore_IsSilent() => Verify(
        """
        public class Counter
        {
            private readonly SemaphoreSlim _gate = new(1, 1);

            [GuardedBy(nameof(_gate))]
            private int _count;

            public async Task Add()
            {
                await _gate.WaitAsync().ConfigureAwait(false);
                try
                {
                    _count++;
                    await Task.Yield();
                    _count++;
                }
                finally
                {
                    _gate.Release();
                }

                [|_count|]++;
            }
        }
        """);

    [Fact]
    public void GuardObject_CountsAsLong_AsItHolds() => Verify(
        """
        public class Counter
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Declaration()
            {
                using var scope = new Scope(_gate);
                _count++;
            }

            public void Statement()
            {
                using (new Scope(_gate))
                {
                    _count++;
                }

                [|_count|]++;
            }

            public void LetGoEarly()
            {
                using Scope scope = new(_gate);
                _count++;
                scope.Exit();
                [|_count|]++;
            }
        }
        """);

    [Fact]
    public void Constructors_AreFreeForTheirOwnObjectOnly() => Verify(
        """
        public class Counter
        {
            private static readonly object s_gate = new();
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count = 1;

            [GuardedBy(nameof(s_gate))]
            private static int s_all = 1;

            static Counter() => s_all = 2;

            public Counter(Counter parent)
            {
                _count = 2;
                [|parent._count|] = 3;
                {|LOCK1001:s_all|}++;
                Task.Run(() => {|LOCK1001:_count|}++);
            }

            ~Counter() => [|_count|] = 0;

            public int Start { init => _count = value; }

            public int Level { set => [|_count|] = value; }

            public static Counter Create(Counter parent)
            {
                var counter = new Counter(parent) { _count = 4 };
                counter._count = 5;
                Publish(counter);
                [|counter._count|] = 6;
                return counter;
            }

            private static void Publish(Counter counter) => s_last = counter;

            private static volatile Counter? s_last;
        }
        """);

    [Fact]
    public void HelperThatIsAlwaysCalledUnderTheLock_IsSilent() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Add()
            {
                lock (_gate)
                {
                    AddCore();
                }
            }

            public void AddTwice()
            {
                lock (_gate)
                {
                    AddCore();
                    AddCore();
                }
            }

            private void AddCore() => _count++;
        }
        """);

    [Fact]
    public void HelperThatIsOnceCalledWithout_IsReported() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Add()
            {
                lock (_gate)
                {
                    AddCore();
                }
            }

            public void AddFast() => AddCore();

            private void AddCore() => [|_count|]++;
        }
        """);

    [Fact]
    public void HelperThatIsAlsoADelegate_IsReported() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Add()
            {
                lock (_gate)
                {
                    AddCore();
                }
            }

            public Action Adder => AddCore;

            private void AddCore() => [|_count|]++;
        }
        """);

    [Fact]
    public void PartialGenericAndInherited_AreOneClass() => Verify(
        """
        public partial class Box<T>
        {
            private protected readonly object Gate = new();
        }

        public partial class Box<T>
        {
            [GuardedBy("Gate")]
            protected T? Value;

            public void Set(T value)
            {
                lock (Gate)
                {
                    Value = value;
                }
            }
        }

        public class Name : Box<string>
        {
            public void Clear() => [|Value|] = null;

            public void Reset()
            {
                lock (base.Gate)
                {
                    base.Value = "";
                }
            }
        }
        """);

    [Fact]
    public void PrimaryConstructorParameter_IsALock() => Verify(
        """
        public class Counter(object gate)
        {
            [GuardedBy("gate")]
            private int _count;

            public void Add()
            {
                lock (gate)
                {
                    _count++;
                }

                [|_count|]++;
            }
        }
        """);

    [Fact]
    public void RecordAndStruct_AreTypesLikeOthers() => Verify(
        """
        public record Counter(object Gate)
        {
            [GuardedBy(nameof(Gate))]
            public int Count { get; set; }

            public void Add() => [|Count|]++;

            public void AddLocked()
            {
                lock (Gate)
                {
                    Count++;
                }
            }
        }

        public struct Cell
        {
            private readonly object _gate;

            [GuardedBy(nameof(_gate))]
            private int _count;

            public Cell(object gate) => _gate = gate;

            public void Add() => [|_count|]++;
        }
        """);

    [Fact]
    public void AllOfSeveralGuards_AreNeeded() => Verify(
        """
        public class Counter
        {
            private readonly object _a = new();
            private readonly object _b = new();

            [GuardedBy(nameof(_a)), GuardedBy(nameof(_b))]
            private int _both;

            [GuardedBy(nameof(_a), nameof(_b))]
            private int _any;

            public void Write()
            {
                lock (_a)
                {
                    [|_both|] = 1;
                    [|_any|] = 1;
                    lock (_b)
                    {
                        _both = 2;
                        _any = 2;
                    }
                }
            }
        }
        """);

    [Fact]
    public void Iterator_IsCheckedLikeAnyBody() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public IEnumerable<int> Numbers()
            {
                [|_count|] = 0;
                lock (_gate)
                {
                    _count = 1;
                }

                yield return 1;
            }
        }
        """);

    [Fact]
    public void TopLevelStatements_PublishWhatTheyCapture() => Verify(
        """
        var counter = new Counter();
        counter.Count = 1;
        Task work = Task.Run(() => [|counter.Count|] = 2);
        [|counter.Count|] = 3;
        lock ({|LOCK7001:counter.Gate|})
        {
            counter.Count = 4;
        }

        await work;

        public class Counter
        {
            public readonly object Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Count;
        }
        """);

    [Fact]
    public void Contracts_StandForTheLock() => Verify(
        """
        public class Counter
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            [Requires(nameof(_gate))]
            public void Required() => _count++;

            public void Asserted()
            {
                _gate.AssertHeld();
                _count++;
            }

            [NoThreadSafetyAnalysis("only one thread runs yet")]
            public void Unchecked() => _count++;
        }
        """);

    [FactSince("4.14", "Null-conditional assignment")]
    public void NullConditionalAssignment_IsReported() => VerifyIn("Counter? maybe = flag ? other : null; maybe?[|._count|] = 1;");

    [Theory]
    [InlineData("ref int x = ref _pair.X; [|x|] = 1;")]
    [InlineData("ref Pair pair = ref _pair; [|pair|].X = 1;")]
    [InlineData("ref int x = ref _pair.Inner.X; [|x|]++;")]
    [InlineData("ref readonly int x = ref _pair.X; int y = {|LOCK1002:x|};")]
    [InlineData("lock (_gate) { ref int x = ref _pair.X; x = 1; }")]
    public void FieldOfAStructThroughARefLocal_LiesInTheGuardedVariable(string body) => Verify(
        $$"""
        public struct Point
        {
            public int X;
        }

        public struct Pair
        {
            public int X;
            public Point Inner;
        }

        public class Shape
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private Pair _pair;

            public void Move() { {{body}} }
        }
        """);

    [Theory]
    [InlineData("private static void Fail() => throw new InvalidOperationException();")]
    [InlineData("private static void Fail() { Console.WriteLine(); throw new InvalidOperationException(); }")]
    [InlineData("private static void Fail() => FailWith(1); private static void FailWith(int code) => throw new InvalidOperationException(code.ToString());")]
    [InlineData("private static int Fail() { Console.WriteLine(); return FailWith<int>(1); } private static T FailWith<T>(int code) => throw new InvalidOperationException(code.ToString());")]
    public void BehindAHelperThatNeverReturns_NothingIsWritten(string helper) => Verify(
        $$"""
        public class Counter
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void M()
            {
                Fail();
                _count = 1;
            }

            {{helper}}
        }
        """);

    [Theory]
    [InlineData("private static void Fail(bool really) { if (!really) return; throw new InvalidOperationException(); }")]
    [InlineData("private static void Fail(bool really) => FailIf(really); private static void FailIf(bool really) { if (really) throw new InvalidOperationException(); }")]
    [InlineData("private static Task Fail(bool really) => FailLater(); private static async Task FailLater() => throw new InvalidOperationException();")]
    public void BehindAHelperThatMayReturn_IsReported(string helper) => Verify(
        $$"""
        public class Counter
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void M(bool really)
            {
                Fail(really);
                [|_count|] = 1;
            }

            {{helper}}
        }
        """);

    [Theory]
    [InlineData("try { lock (_gate) { _count = 1; } } catch (Exception) { throw; }")]
    [InlineData("try { if (really) { lock (_gate) { _count = 1; } } } catch { }")]
    [InlineData("try { lock (_gate) _count = 1; } catch { }")]
    [InlineData("try { using (_gate.EnterScope()) { _count = 1; } } catch { }")]
    public void LockStatementInATryWithAHandler_HoldsItsLock(string body) => Verify(
        $$"""
        public class Counter
        {
            private readonly Lock _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void M(bool really) { {{body}} }
        }
        """);

    private void VerifyRun(string members) => Verify(
        $$"""
        public class Counter
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            private Action? _kept;

            {{members}}
        }
        """);

    [Theory]
    [InlineData("var copy = action; _gate.Enter(); copy(); _gate.Exit();")]
    [InlineData("var copy = action; if (copy is not null) { _gate.Enter(); copy.Invoke(); _gate.Exit(); }")]
    [InlineData("_gate.Enter(); Body(); _gate.Exit(); void Body() => action();")]
    [InlineData("Body(); void Body() { _gate.Enter(); action(); _gate.Exit(); }")]
    [InlineData("Action body = () => { _gate.Enter(); action(); _gate.Exit(); }; body();")]
    public void DelegateByAnotherName_RunsUnderTheLock(string body) =>
        VerifyRun($"private void Locked(Action action) {{ {body} }} public void M() => Locked(() => _count = 1);");

    [Theory]
    [InlineData("var copy = action; copy();")]
    [InlineData("var copy = action; _gate.Enter(); copy(); _gate.Exit(); _kept = copy;")]
    [InlineData("_gate.Enter(); Body(); _gate.Exit(); _kept = Body; void Body() => action();")]
    public void DelegateThatIsKeptOrRunWithoutTheLock_IsReported(string body) =>
        VerifyRun($"private void Locked(Action action) {{ {body} }} public void M() => Locked(() => [|_count|] = 1);");

    [Theory]
    [InlineData("Node node = flag ? new Node() : new Node { Value = 1 }; node.Value = 2;")]
    [InlineData("Node node; if (flag) { node = new Node(); } else { node = new Node(); } node.Value = 2;")]
    [InlineData("Node? node = flag ? new Node() : null; if (node != null) { node.Value = 2; }")]
    [InlineData("Node? last = null; for (int i = 0; i < 9; i++) { var node = new Node { Next = last }; last = node; } last!.Value = 2;")]
    [InlineData("var node = new Node(); node.Next = new Node(); node.Next.Value = 2;")]
    [InlineData("var node = new Node { Next = new Node() }; node.Next.Value = 2;")]
    [InlineData("Node node = flag ? new Node() : _kept; [|node.Value|] = 2;")]
    [InlineData("Node node = flag ? new Node() : new Node(); _kept = node; [|node.Value|] = 2;")]
    [InlineData("Node one = new Node(); Node node = flag ? one : new Node(); _kept = one; [|node.Value|] = 2;")]
    [InlineData("Node node = new Node(); if (flag) { _kept = node; } [|node.Value|] = 2;")]
    [InlineData("var node = new Node(); node.Next = new Node(); _kept = node; [|node.Next.Value|] = 2;")]
    [InlineData("var node = new Node(); _kept.Next = node; [|node.Value|] = 2;")]
    [InlineData("Node node = _kept; while (flag) { node = new Node(); flag = false; } [|node.Value|] = 2;")]
    public void ObjectThatIsNewOnEveryWay_IsFreeUntilOthersHaveIt(string body) => Verify(
        $$"""
        public class Node
        {
            public readonly object Gate = new();
            [GuardedBy(nameof(Gate))] public int Value;
            public Node? Next;
        }

        public class Graph
        {
            private Node _kept = new();

            public void M(bool flag) { {{body}} }
        }
        """);

    [Theory]
    [InlineData("while (link != null) { object gate = link.Gate; if (flag) { flag = false; } lock (gate) { link.Data++; } link = link.Next; }")]
    [InlineData("while (link != null) { object gate = link.Gate; if (flag) { flag = false; } lock (gate) { link.Data++; link = link.Next; } }")]
    [InlineData("object gate = link!.Gate; if (flag) { link = link.Next; gate = link!.Gate; } lock (gate) { link.Data++; }")]
    [InlineData("object gate = link!.Gate; if (flag) { link = link.Next; } lock (gate) { [|link!.Data|]++; }")]
    [InlineData("object gate = link!.Gate; if (flag) { link = link.Next; gate = link!.Gate; } lock (gate) { link = link.Next; [|link!.Data|]++; }")]
    [InlineData("while (link != null) { object gate = link.Gate; if (flag) { flag = false; } lock (gate) { link = link.Next; [|link!.Data|]++; } }")]
    public void LockThatWasReadOffAnObject_IsThatObjectsWhereWaysMeet(string body) => Verify(
        $$"""
        internal class Link
        {
            public readonly object Gate = new();
            [GuardedBy(nameof(Gate))] public int Data;
            public Link? Next;

            public static void M(Link? link, bool flag) { {{body}} }
        }
        """);

    [Theory]
    [InlineData("private static Account Make() => new();", "")]
    [InlineData("private static Account Make() { return new Account(); }", "")]
    [InlineData("private static Account Make() { var made = new Account(); made._balance = 2; return made; }", "")]
    [InlineData("private static Account Make() { if (s_first == null) return new Account { _balance = 1 }; var made = new Account(); made._balance = 2; return made; }", "")]
    [InlineData("private static Account Make() { var made = new Account(); made._balance = 2; s_first = made; return made; }", "told")]
    [InlineData("private static Account Make() { if (s_first == null) return new Account { _balance = 1 }; return s_first; }", "told")]
    [InlineData("private static Account Make() => s_first!;", "told")]
    public void ObjectThatAHelperHasJustMade_IsNobodyElses(string helper, string told) => Verify(
        $$"""
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _balance;
            private static Account? s_first;

            {{helper}}

            public static Account Open() { Account made = Make(); {{(told == "" ? "made._balance" : "[|made._balance|]")}} = 1; return made; }
        }
        """);

    [Theory]
    [InlineData("object same = this; lock (_gate) { (same as Counter)!._n = 1; }")]
    [InlineData("object same = this; lock ((same as Counter)!._gate) { _n = 1; }")]
    [InlineData("lock (_gate as object) { _n = 1; }")]
    [InlineData("object same = this; var typed = same as Counter; lock (typed!._gate) { ((Counter)same)._n = 1; }")]
    [InlineData("object same = this; lock (_gate) { } [|(same as Counter)!._n|] = 1;")]
    [InlineData("object same = other; lock (_gate) { [|(same as Counter)!._n|] = 1; }")]
    public void ByAnotherType_IsTheSameObject(string body) => VerifyOwner(body);

    [Theory]
    [InlineData("Counter a = this, b = other; (a, b) = (b, a); lock (b._gate) { _n = 1; }")]
    [InlineData("Counter a = this, b = other; (a, b) = (b, a); lock (a._gate) { [|_n|] = 1; }")]
    [InlineData("Counter a = this, b = other; (a, b) = (b, a); lock (b._gate) { [|a._n|] = 1; }")]
    public void Swapped_IsTheOther(string body) => VerifyOwner(body);

    [Theory]
    [InlineData("var set = [NoThreadSafetyAnalysis(\"checked by hand\")] () => { _n = 1; }; set();")]
    [InlineData("Set(); [NoThreadSafetyAnalysis(\"checked by hand\")] void Set() { _n = 1; }")]
    [InlineData("Task.Run([NoThreadSafetyAnalysis(\"checked by hand\")] () => { _n = 1; });")]
    [InlineData("Task.Run([NoThreadSafetyAnalysis(\"checked by hand\")] () => { Task.Run(() => _n = 1); });")]
    [InlineData("var set = [NoThreadSafetyAnalysis(\"checked by hand\")] () => { _n = 1; }; set(); [|_n|] = 2;")]
    public void FunctionThatIsNotAnalysed_IsSilent(string body) => VerifyOwner(body);

    [Theory]
    [InlineData("if (true == Monitor.TryEnter(_gate)) { _n = 1; Monitor.Exit(_gate); }")]
    [InlineData("if (false == Monitor.TryEnter(_gate)) { [|_n|] = 1; return; } Monitor.Exit(_gate);")]
    [InlineData("if (true != Monitor.TryEnter(_gate)) { return; } _n = 1; Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.TryEnter(_gate) ^ true) { return; } _n = 1; Monitor.Exit(_gate);")]
    public void ConstantOnEitherSide_IsCompared(string body) => VerifyOwner(body);

    private void VerifyOwner(string body) => Verify(
        $$"""
        public class Counter
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _n;

            public void M(Counter other) { {{body}} }
        }
        """);

    /// <summary>A method that does nothing but return a member, or what it was passed, stands for that.</summary>
    [Theory]
    [InlineData("Own().Gate.Enter(); Own().Balance = 1; Own().Gate.Exit();")]
    [InlineData("Own().Gate.Enter(); _own.Balance = 1; _own.Gate.Exit();")]
    [InlineData("OwnAt(1).Gate.Enter(); OwnAt(2).Balance = 1; OwnAt(3).Gate.Exit();")]
    [InlineData("Same(other).Gate.Enter(); other.Balance = 1; Same(other).Gate.Exit();")]
    [InlineData("bank.Own().Gate.Enter(); bank._own.Balance = 1; bank.Own().Gate.Exit();")]
    [InlineData("Own().Gate.Enter(); [|other.Balance|] = 1; Own().Gate.Exit();")]
    [InlineData("bank.Own().Gate.Enter(); [|Own().Balance|] = 1; bank.Own().Gate.Exit();")]
    [InlineData("Own().Gate.Enter(); _own = other; [|Own().Balance|] = 1; {|LOCK2011:Own().Gate.Exit()|};")]
    public void MethodThatReturnsAMember_IsThatMember(string body) => Verify(
        $$"""
        public class Account
        {
            public readonly Gate Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Balance;
        }

        public class Bank
        {
            private Account _own = new();

            private Account Own() => _own;

            private Account OwnAt(int n) { return this._own; }

            private static Account Same(Account account) => account;

            public void M(Bank bank, Account other) { {{body}} }
        }
        """);

    /// <summary>Two calls that get the same return the same, as far as anybody knows.</summary>
    [Theory]
    [InlineData("Find(n).Gate.Enter(); Find(n).Balance = 1; Find(n).Gate.Exit();")]
    [InlineData("_all[n].Gate.Enter(); _all[n].Balance = 1; _all[n].Gate.Exit();")]
    [InlineData("Account one = Find(n); one.Gate.Enter(); Find(n).Balance = 1; one.Gate.Exit();")]
    [InlineData("Find(n).Gate.Enter(); [|Find(m).Balance|] = 1; Find(n).Gate.Exit();")]
    [InlineData("Find(0).Gate.Enter(); [|Find(1).Balance|] = 1; Find(0).Gate.Exit();")]
    [InlineData("Find(n).Gate.Enter(); [|other.Find(n).Balance|] = 1; Find(n).Gate.Exit();")]
    [InlineData("Find(n).Gate.Enter(); Find(n).Gate.Exit(); [|Find(n).Balance|] = 1;")]
    [InlineData("Account one = Find(n), two = Find(n); one.Gate.Enter(); [|two.Balance|] = 1; one.Gate.Exit();")]
    public void CallThatGetsTheSame_ReturnsTheSame(string body) => Verify(
        $$"""
        public class Account
        {
            public readonly Gate Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Balance;
        }

        public class Bank
        {
            private readonly Dictionary<int, Account> _all = new();

            private Account Find(int n) => _all[n];

            public void M(Bank other, int n, int m) { {{body}} }
        }
        """);

    /// <summary>A copy is as new as an object that a constructor made, and no longer than that.</summary>
    [Theory]
    [InlineData("public Part M() { var copy = (Part)MemberwiseClone(); copy._size = 1; return copy; }")]
    [InlineData("public Part M() { var copy = MemberwiseClone() as Part; copy!._size = 1; return copy; }")]
    [InlineData("public Part M() { Part copy = this with { _size = 1 }; copy._size = 2; return copy; }")]
    [InlineData("public Part M(Part other) => other with { _size = 1 };")]
    [InlineData("public void M() { var copy = (Part)MemberwiseClone(); s_last = copy; [|copy._size|] = 1; }")]
    [InlineData("public void M() { s_last = this with { _size = 1 }; [|s_last._size|] = 2; }")]
    [InlineData("public void M() { Part same = this; [|same._size|] = 1; }")]
    public void Copy_IsNew(string member) => Verify(
        $$"""
        public record Part
        {
            private static Part? s_last;

            [GuardedBy(nameof(_gate))]
            private int _size;

            private readonly object _gate = new();

            {{member}}
        }
        """);

    private void VerifyNode(string members) => Verify(
        $$"""
        public class Node
        {
            private static List<Node> s_all = new();
            private static Node[] s_array = new Node[0];

            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _size;

            {{members}}
        }
        """);

    /// <summary>What is in a collection that nobody else has, nobody else has either.</summary>
    [Theory]
    [InlineData("public List<Node> M() { var all = new List<Node>(); for (int i = 0; i < 3; i++) { var node = new Node(); all.Add(node); node._size = i; } return all; }")]
    [InlineData("public Node[] M() { var all = new Node[1]; var node = new Node(); all[0] = node; node._size = 1; return all; }")]
    [InlineData("public void M() { var node = new Node(); var all = new Dictionary<int, Node>(); all[1] = node; all.Add(2, node); node._size = 1; }")]
    [InlineData("public void M() { var node = new Node(); var all = new List<Node> { node }; node._size = 1; s_all = all; [|node._size|] = 2; }")]
    [InlineData("public void M() { var node = new Node(); var all = new Node[1]; all[0] = node; s_array = all; [|node._size|] = 1; }")]
    [InlineData("public void M(bool flag) { var node = new Node(); var all = new List<Node>(); if (flag) all.Add(node); node._size = 1; s_all = all; [|node._size|] = 2; }")]
    [InlineData("public void M() { var node = new Node(); s_all.Add(node); [|node._size|] = 1; }")]
    [InlineData("public void M(List<Node> all) { var node = new Node(); all.Add(node); [|node._size|] = 1; }")]
    public void NewCollection_KeepsItsItemsToItself(string members) => VerifyNode(members);

    /// <summary>A helper that only those call who make the object is part of that.</summary>
    [Theory]
    [InlineData("public Node() { Start(); } private void Start() { _size = 1; }")]
    [InlineData("public Node() { Start(); } private void Start() { _size = 1; Go(); } private void Go() { _size = 2; }")]
    [InlineData("public static Node M() { var node = new Node(); node.Start(); return node; } private void Start() { _size = 1; }")]
    [InlineData("public Node() { Start(); } public void M() { lock (_gate) { Start(); } } private void Start() { _size = 1; }")]
    [InlineData("public Node() { Start(); } public void M() { Start(); } private void Start() { [|_size|] = 1; }")]
    [InlineData("public Node() { Start(); } public void M() { Go(); } private void Go() { Start(); } private void Start() { [|_size|] = 1; }")]
    [InlineData("public static Node M() { var node = new Node(); s_all.Add(node); node.Start(); return node; } private void Start() { [|_size|] = 1; }")]
    [InlineData("public Node(Node other) { other.Start(); } private void Start() { [|_size|] = 1; }")]
    [InlineData("public Node() { Start(null); } private void Start(Node? other) { _size = 1; if (other != null) [|other._size|] = 1; }")]
    [InlineData("public Node() { Task.Run(Start); } private void Start() { [|_size|] = 1; }")]
    [InlineData("public Node() { Start(); } private void Start() { Task.Run(() => [|_size|] = 1); }")]
    [InlineData("public Node() { Start(); } protected virtual void Start() { [|_size|] = 1; }")]
    [InlineData("private void Start() { [|_size|] = 1; }")]
    [InlineData("public Node() { _ = Start(); } private async Task Start() { _size = 1; await Task.Yield(); [|_size|] = 2; }")]
    public void HelperOfConstructors_MakesTheObject(string members) => VerifyNode(members);

    [Theory]
    [InlineData("public static Node M() { Node node = Activator.CreateInstance<Node>(); node._size = 1; return node; }")]
    [InlineData("public static Node M() { var node = (Node)Activator.CreateInstance(typeof(Node))!; node._size = 1; return node; }")]
    public void ObjectByReflection_IsNew(string members) => VerifyNode(members);

    [Theory]
    [InlineData("_head = new Node(); _head.Next = new Node(); _head.Next.Value = 1;")]
    [InlineData("var node = new Node(); _head = node; node.Value = 1; _head.Value = 2;")]
    [InlineData("_head = new Node(); Console.WriteLine(_head); [|_head.Value|] = 1;")]
    [InlineData("_head = new Node(); s_last = _head; [|_head.Value|] = 1;")]
    [InlineData("_head = given; [|_head.Value|] = 1;")]
    [InlineData("_head = new Node(); new Thread(() => [|_head.Value|] = 2).Start();")]
    public void PartOfWhatIsConstructed_IsFree(string body) => Verify(
        $$"""
        public class Node
        {
            public readonly Gate Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Value;

            [GuardedBy(nameof(Gate))]
            public Node? Next;
        }

        public class Chain
        {
            private static Node? s_last;
            private readonly Node _head;

            public Chain(Node given) { {{body}} }
        }
        """);

    [Theory]
    [InlineData("Row first = a, second = b; if (b.Id < a.Id) (first, second) = (second, first); lock (first.Gate) lock (second.Gate) { a.Value++; b.Value++; }")]
    [InlineData("Row first = a, second = b; if (b.Id < a.Id) { first = b; second = a; } lock (first.Gate) lock (second.Gate) { a.Value++; b.Value++; }")]
    [InlineData("var first = a.Id < b.Id ? a : b; var second = first == a ? b : a; lock (first.Gate) lock (second.Gate) { a.Value++; b.Value++; }")]
    [InlineData("var (first, second) = a.Id < b.Id ? (a, b) : (b, a); lock (first.Gate) lock (second.Gate) { a.Value++; b.Value++; }")]
    [InlineData("var (first, second) = InOrder(a, b); lock (first.Gate) lock (second.Gate) { a.Value++; b.Value++; }")]
    [InlineData("object first = a.Gate, second = b.Gate; if (b.Id < a.Id) (first, second) = (second, first); lock (first) lock (second) { a.Value++; b.Value++; }")]
    [InlineData("Row first = a, second = b; if (b.Id < a.Id) (first, second) = (second, first); lock (first.Gate) lock (second.Gate) { [|c.Value|]++; }")]
    [InlineData("Row first = a, second = b; if (b.Id < a.Id) (first, second) = (second, first); lock (first.Gate) { [|a.Value|]++; }")]
    [InlineData("var first = a.Id < b.Id ? a : b; lock (first.Gate) { [|a.Value|]++; }")]
    [InlineData("Row first = a, second = b; if (b.Id < a.Id) (first, second) = (second, first); lock (first.Gate) lock (second.Gate) { } [|a.Value|]++;")]
    public void TwoThatWerePutInOrder_AreHeldUnderTheirOtherNames(string body) => Verify(
        $$"""
        public class Row
        {
            internal readonly object Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Value;

            public int Id => 1;
        }

        public class Table
        {
            public void Use(Row a, Row b, Row c) { {{body}} }

            private static (Row, Row) InOrder(Row a, Row b) => a.Id < b.Id ? (a, b) : (b, a);
        }
        """);

    /// <summary>What an asynchronous factory makes is its caller's own, if that awaits it on the spot.</summary>
    [Theory]
    [InlineData("var c = await MakeAsync(); c._n = 1; return c;")]
    [InlineData("var c = await MakeAsync().ConfigureAwait(false); c._n = 1; return c;")]
    [InlineData("var c = await MakeSoonAsync(); c._n = 1; return c;")]
    [InlineData("var c = await SharedAsync(); [|c._n|] = 1; return c;")]
    [InlineData("var c = await KeptAsync(); [|c._n|] = 1; return c;")]
    [InlineData("var c = await MakeAsync(); s_last = c; [|c._n|] = 1; return c;")]
    [InlineData("s_opening = MakeAsync(); var c = await s_opening; [|c._n|] = 1; return c;")]
    [InlineData("Task<Connection> made = MakeAsync(); s_opening = made; var c = await made; [|c._n|] = 1; return c;")]
    public void ObjectOfAnAsynchronousFactory(string body) => Verify(
        $$"""
        public class Connection
        {
            private static Connection s_last = new();
            private static Task<Connection> s_opening = MakeAsync();
            private readonly Lock _gate = new();
            [GuardedBy(nameof(_gate))] private int _n;

            private Connection() { }

            public static Task<Connection> Opening => s_opening;

            public static async Task<Connection> OpenAsync() { {{body}} }

            private static async Task<Connection> MakeAsync() { await Task.Yield(); var c = new Connection(); c._n = 3; return c; }

            private static async Task<Connection> MakeSoonAsync() { await Task.Yield(); return new Connection(); }

            private static async Task<Connection> SharedAsync() { await Task.Yield(); return s_last; }

            private static async Task<Connection> KeptAsync() { await Task.Yield(); var c = new Connection(); s_last = c; return c; }
        }
        """);

    /// <summary>What a reference is taken of is not used yet.</summary>
    [Theory]
    [InlineData("ref int one = ref first ? ref _one : ref _two; {|LOCK1001:one|} = 1;")]
    [InlineData("ref int one = ref first ? ref _one : ref _two; _gate.Enter(); one = 1; _gate.Exit();")]
    public void ReferenceToOneOfTwo_IsUsedWhereItIsWrittenThrough(string statements) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();
            [GuardedBy(nameof(_gate))] private int _one;
            [GuardedBy(nameof(_gate))] private int _two;

            public void M(bool first)
            {
                {{statements}}
            }
        }
        """);

    /// <summary>Behind a lock statement, a local function runs without the lock, even where the call is the first thing there.</summary>
    [Theory]
    [InlineData("lock (_gate) { } Add(); void Add() => [|_count|]++;")]
    [InlineData("lock (_gate) { } Add(); void Add() { lock (_gate) { _count++; } }")]
    [InlineData("lock (_gate) { Add(); } void Add() => _count++;")]
    [InlineData("if (_isOpen) { lock (_gate) { } } Add(); void Add() => [|_count|]++;")]
    [InlineData("lock (_gate) { } Action add = () => [|_count|]++; add();")]
    public void LocalFunctionBehindALockStatement_RunsWithoutTheLock(string body) => Verify(
        $$"""
        public class Counter
        {
            private readonly Lock _gate = new();
            private readonly bool _isOpen = Environment.Is64BitProcess;
            [GuardedBy(nameof(_gate))] private int _count;

            public void Run() { {{body}} }
        }
        """);

    /// <summary>A contract on a local function may name the parameters of the member that it lies in.</summary>
    [Theory]
    [InlineData("table.Gate.Enter(); Add(); table.Gate.Exit(); [Requires(\"table.Gate\")] void Add() => table.Count++;")]
    [InlineData("{|LOCK1005:Add()|}; [Requires(\"table.Gate\")] void Add() => table.Count++;")]
    [InlineData("other.Gate.Enter(); {|LOCK1005:Add()|}; other.Gate.Exit(); [Requires(\"table.Gate\")] void Add() => table.Count++;")]
    [InlineData("other.Gate.Enter(); Add(); other.Gate.Exit(); [Requires(\"other.Gate\")] void Add() => [|table.Count|]++;")]
    [InlineData("Take(); table.Count++; Leave(); [|table.Count|]++; [Acquires(\"table.Gate\")] void Take() => table.Gate.Enter(); [Releases(\"table.Gate\")] void Leave() => table.Gate.Exit();")]
    [InlineData("Take(); table.Count++; table.Gate.Exit(); [Acquires(\"table.Gate\")] void {|LOCK2012:Take|}() { }")]
    [InlineData("{|LOCK2001:Take()|}; table.Count++; [Acquires(\"table.Gate\")] void Take() => table.Gate.Enter();")]
    [InlineData("Add(other); [Requires({|LOCK0001:\"table.Gate\"|})] static void Add(Table given) { }")]
    [InlineData("{|LOCK1005:Add()|}; [Requires(\"table.Gate\")] void Add() { }")]
    public void ContractOfALocalFunction_NamesWhatIsCaptured(string body) => Verify(
        $$"""
        public class Table
        {
            public readonly Gate Gate = new();
            [GuardedBy(nameof(Gate))] public int Count;
        }

        public static class Tables
        {
            public static void Run(Table table, Table other) { {{body}} }
        }
        """);

    /// <summary>The type initialiser has its statics for itself, and so has a helper that only it calls.</summary>
    [Theory]
    [InlineData("", "s_rows")]
    [InlineData("public static void Later() => Fill();", "[|s_rows|]")]
    [InlineData("public static readonly Thread Worker = new(Fill);", "[|s_rows|]")]
    public void HelperOfATypeInitializer_HasTheStaticsForItself(string member, string rows) => Verify(
        $$"""
        public static class Table
        {
            private static readonly Gate s_gate = new();
            [GuardedBy(nameof(s_gate))] private static int s_rows;

            static Table() => Fill();

            {{member}}

            private static void Fill() => {{rows}}++;
        }
        """);

    [Fact]
    public void AttributeOnTheFieldBehindAProperty_IsMeantForTheProperty() => Verify(
        """
        public class Pool
        {
            [field: LockClass("pool")] public object Sync { get; } = new();
            [field: GuardedBy(nameof(Sync))] public int Count { get; set; }

            [Requires("class:pool")] public void Clear() { }

            public void Right() { lock (Sync) { Count++; Clear(); } }

            public void Wrong() { [|Count|]++; {|LOCK1005:Clear()|}; }
        }
        """);
}
