// LOCK2012: a body keeps the contract of its member.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ContractIsKeptTests() : RuleTests("LOCK2012")
{
    private void VerifyMember(string member, string? message = null) => Verify(
        $$"""
        public enum Answer { Busy = -1, Taken = 1 }

        public class Table
        {
            private readonly Gate _gate = new();
            private readonly Gate _other = new();
            private readonly RwGate _rw = new();
            private readonly SemaphoreSlim _one = new(1, 1);

            {{member}}

            private static void Log() { }
        }
        """, message);

    [Fact]
    public void CapabilityThatNoMemberRepresents_IsNotMeasuredInALockType() => Verify(
        """
        [Capability("lock")]
        [DeclaresCapability("Users", CapabilityKind.Reference)]
        public sealed class Both
        {
            private readonly object _inner = new();
            private int _users;

            [Acquires("this")] public void Enter() => Monitor.Enter(_inner);
            [Releases("this")] public void Exit() => Monitor.Exit(_inner);
            [Acquires("Users")] public void Get() => Interlocked.Increment(ref _users);
            [Releases("Users")] public void Put() => Interlocked.Decrement(ref _users);
        }
        """);

    [Theory]
    [InlineData("[Acquires(nameof(_gate))] public void [|Take|]() { }", "'Take' promises that '_gate' is held when it returns, and on some path it is not so")]
    [InlineData("[Acquires(nameof(_gate))] public void [|Take|](bool flag) { if (flag) _gate.Enter(); }", "'Take' promises that '_gate' is held when it returns, and on some path it is not so")]
    [InlineData("[Acquires(nameof(_rw))] public void [|Take|]() => _rw.EnterRead();", "'Take' promises that '_rw' is held when it returns, and on some path it is not so")]
    [InlineData("[AcquiresShared(nameof(_rw))] public void [|Take|]() { }", "'Take' promises that '_rw' is held shared when it returns, and on some path it is not so")]
    [InlineData("[Releases(nameof(_gate))] public void [|Give|]() { }", "'Give' promises that '_gate' is released when it returns, and on some path it is not so")]
    [InlineData("[Releases(nameof(_gate))] public void [|Give|](bool flag) { if (flag) _gate.Exit(); }", "'Give' promises that '_gate' is released when it returns, and on some path it is not so")]
    [InlineData("[Requires(nameof(_gate))] public void [|Use|]() => _gate.Exit();", "'Use' promises that '_gate' is still held when it returns, and on some path it is not so")]
    [InlineData("[TryAcquires(true, nameof(_gate))] public bool [|Try|]() => true;", "'Try' promises that '_gate' is held where it returns true when it returns, and on some path it is not so")]
    [InlineData("[TryAcquires(true, nameof(_gate))] public bool [|Try|](bool flag) { bool taken = {|LOCK2001:_gate.TryEnter()|}; return flag; }", null)]
    [InlineData("[TryAcquires(false, nameof(_gate))] public bool [|Try|]() => {|LOCK2001:_gate.TryEnter()|};", "'Try' promises that '_gate' is held where it returns false when it returns, and on some path it is not so")]
    [InlineData("[ReleasesWhen(true, nameof(_gate))] public bool [|Give|]() { _gate.Exit(); return false; }", null)]
    [InlineData("[ReleasesWhen(true, nameof(_gate))] public bool [|Give|]() => true;", "'Give' promises that '_gate' is released exactly where it returns true when it returns, and on some path it is not so")]
    [InlineData("[TryAcquires(Answer.Taken, nameof(_gate))] public Answer [|Ask|]() => Answer.Taken;", "'Ask' promises that '_gate' is held where it returns Taken when it returns, and on some path it is not so")]
    [InlineData("[TryAcquires(Result.NotNull, nameof(_gate))] public object? [|Open|]() => this;", "'Open' promises that '_gate' is held where it returns an object when it returns, and on some path it is not so")]
    [InlineData("[TryAcquires(Result.NonNegative, nameof(_gate))] public int [|Open|]() => 7;", "'Open' promises that '_gate' is held where it returns a number that is not negative when it returns, and on some path it is not so")]
    [InlineData("public void [|Try|]([TryAcquires(true, nameof(_gate))] out bool taken) => taken = true;", "'Try' promises that '_gate' is held where 'taken' is true when it returns, and on some path it is not so")]
    [InlineData("[TryAcquires(true, nameof(_one))] public Task<bool> [|Try|]() => Task.FromResult(true);", "'Try' promises that '_one' is held where it returns true when it returns, and on some path it is not so")]
    public void BrokenPromise_IsReportedAtTheName(string member, string? message) => VerifyMember(member, message);

    [Theory]
    [InlineData("[Acquires(nameof(_gate))] public void Take() => _gate.Enter();")]
    [InlineData("[Acquires(nameof(_gate))] public void Take() { _gate.Enter(); try { Log(); } catch { _gate.Exit(); throw; } }")]
    [InlineData("[Acquires(nameof(_gate))] public void Take() => throw new NotSupportedException();")]
    [InlineData("[Acquires(nameof(_gate))] public void Take(bool flag) { if (flag) throw new Exception(); _gate.Enter(); }")]
    [InlineData("[Acquires(nameof(_gate))] public void Take() { while (true) { } }")]
    [InlineData("[AcquiresShared(nameof(_rw))] public void Take() => _rw.EnterRead();")]
    [InlineData("[AcquiresShared(nameof(_rw))] public void Take() => _rw.EnterWrite();")]
    [InlineData("[Releases(nameof(_gate))] public void Give() => _gate.Exit();")]
    [InlineData("[Releases(nameof(_gate))] public void Give() { try { Log(); } finally { _gate.Exit(); } }")]
    [InlineData("[Releases(nameof(_rw)), AcquiresShared(nameof(_rw))] public void Downgrade() { _rw.ExitWrite(); _rw.EnterRead(); }")]
    [InlineData("[Releases(nameof(_gate)), Acquires(nameof(_gate))] public void Again() { _gate.Exit(); _gate.Enter(); }")]
    [InlineData("[Requires(nameof(_gate))] public void Use() { _gate.Exit(); _gate.Enter(); }")]
    [InlineData("[TryAcquires(true, nameof(_gate))] public bool Try() => _gate.TryEnter();")]
    [InlineData("[TryAcquires(true, nameof(_gate))] public bool Try() { if (!_gate.TryEnter()) return false; return true; }")]
    [InlineData("[TryAcquires(true, nameof(_gate))] public bool Try(bool flag) { if (!_gate.TryEnter()) return false; if (flag) { _gate.Exit(); return false; } return true; }")]
    [InlineData("[TryAcquires(true, nameof(_gate))] public bool Try() { bool taken = _gate.TryEnter(); return taken; }")]
    [InlineData("[TryAcquires(true, nameof(_gate))] public bool Try(bool flag) => flag && _gate.TryEnter();")]
    [InlineData("[TryAcquires(false, nameof(_gate))] public bool Fails() => !_gate.TryEnter();")]
    [InlineData("[TryAcquires(Answer.Taken, nameof(_gate))] public Answer Ask() => _gate.TryEnter() ? Answer.Taken : Answer.Busy;")]
    [InlineData("[TryAcquires(Result.NotNull, nameof(_gate))] public object? Open() => _gate.TryEnter() ? this : null;")]
    [InlineData("[TryAcquires(Result.NonNegative, nameof(_gate))] public int Open() { if (_gate.TryEnter()) return 0; return -1; }")]
    [InlineData("public void Try([TryAcquires(true, nameof(_gate))] out bool taken) => taken = _gate.TryEnter();")]
    [InlineData("[ReleasesWhen(true, nameof(_gate))] public bool Give(bool flag) { if (flag) { _gate.Exit(); return true; } return false; }")]
    [InlineData("[RequiresShared(nameof(_rw)), ReleasesWhen(-11, nameof(_rw))] public int Fault(bool flag) { if (flag) { _rw.ExitRead(); return -11; } return 0; }")]
    [InlineData("[NoThreadSafetyAnalysis(\"test\"), Acquires(nameof(_gate))] public void Take() { }")]
    [InlineData("[AssertsHeld(nameof(_gate))] public void Check() { }")]
    [InlineData("[Acquires(nameof(_one))] public async Task Take() => await _one.WaitAsync();")]
    [InlineData("[Acquires(nameof(_one))] public Task Take() => _one.WaitAsync();")]
    [InlineData("[Acquires(nameof(_gate))] public int Count { get { _gate.Enter(); return 1; } }")]
    public void KeptPromise_IsSilent(string member) => VerifyMember(member);

    [Theory]
    [InlineData("[Acquires(nameof(_gate))] public void [|Take|]() => {|LOCK2001:_other.Enter()|};")]
    [InlineData("[Releases(nameof(_gate))] public void [|Give|]() => {|LOCK2003:_other.Exit()|};")]
    [InlineData("[TryAcquires(true, nameof(_gate))] public bool Try() { {|LOCK2001:_gate.Enter()|}; return false; }")]
    [InlineData("public void Use() { [Acquires(nameof(_gate))] void [|Local|]() { } Local(); _gate.Exit(); }")]
    [InlineData("public void Use() { var lambda = [|[Acquires(nameof(_gate))] () => { }|]; }")]
    [InlineData("[Acquires(nameof(_gate))] public int Count { [|get|] => 1; }")]
    [InlineData("[Acquires(nameof(_gate))] public int [|Count|] => 1;")]
    public void WrongLockOrPlace_IsToldApart(string member) => VerifyMember(member);

    [Fact]
    public void InheritedContract_BindsTheOverride() => Verify(
        """
        public abstract class Base
        {
            protected readonly Gate Gate = new();

            [Acquires(nameof(Gate))]
            public abstract void Take();
        }

        public class Right : Base
        {
            public override void Take() => Gate.Enter();
        }

        public class Wrong : Base
        {
            public override void [|Take|]()
            {
            }
        }

        public interface ITaker
        {
            [Acquires("gate")]
            void Take(Gate gate);
        }

        public struct Taker : ITaker
        {
            public void [|Take|](Gate gate)
            {
            }
        }
        """);

    [Fact]
    public void ImplementationOfALock_IsTrusted() => Verify(
        """
        [Capability("spin")]
        public class Spin
        {
            private readonly Gate _inner = new();
            private int _word;

            [Acquires("this")]
            public void Enter() => Interlocked.Exchange(ref _word, 1);

            [Releases("this")]
            public void Exit() => _word = 0;

            [Acquires(nameof(_inner))]
            public void [|TakeInner|]()
            {
            }
        }
        """);

    [Fact]
    public void LambdaAndGenerics_AreTranslated() => Verify(
        """
        public class Table<T> where T : class
        {
            [Acquires("key")]
            public static void Take(T key) => Monitor.Enter(key);

            [Acquires("key")]
            public static void [|Wrong|](T key)
            {
            }

            [Acquires("pair.left")]
            public void Both(Pair pair) => pair.left.Enter();
        }

        public class Pair
        {
            public readonly Gate left = new();
        }
        """);

    private void VerifyWait(string member, string? message = null) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();
            private readonly Srcu _srcu = new();
            private readonly Srcu _other = new();
            private readonly object _done = new();
            private bool _isGone;

            {{member}}

            private void Unlink() => _isGone = true;

            private void Leave()
            {
                _gate.Enter();
                _isGone = true;
                _gate.Exit();
            }

            private void WaitByHand()
            {
                lock (_done)
                {
                    while (!_isGone) Monitor.Wait(_done);
                }
            }

            [Fence("callbacks")]
            private void WaitForCallbacks() => WaitByHand();
        }
        """, message);

    [Theory]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public void [|Close|]() => Unlink();", "'Close' promises that a grace period of '_srcu' has passed when it returns, and on some path it is not so")]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public void [|Close|](bool flag) { Unlink(); if (flag) _srcu.Synchronize(); }", null)]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public void [|Close|]() { Unlink(); _other.Synchronize(); }", null)]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public void [|Close|]() { Unlink(); WaitForCallbacks(); }", null)]
    [InlineData("[Fence(\"callbacks\")] public void [|Close|]() => Unlink();", "'Close' promises that callbacks have ended when it returns, and on some path it is not so")]
    [InlineData("[Fence(\"callbacks\")] public void [|Close|](bool flag) { Unlink(); if (flag) return; WaitForCallbacks(); }", null)]
    [InlineData("[Fence(\"handlers\")] public void [|Close|]() { _srcu.Enter(); Unlink(); _srcu.Exit(); }", "'Close' promises that handlers have ended when it returns, and on some path it is not so")]
    public void WaitThatIsPromisedAndNotMade_IsReportedAtTheName(string member, string? message) => VerifyWait(member, message);

    [Theory]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public void Close() { Unlink(); _srcu.Synchronize(); }")]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public void Close() { Unlink(); WaitByHand(); }")]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public async Task Close() { Unlink(); await Task.Yield(); }")]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public void Close(Action wait) { Unlink(); wait(); }")]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public void Close() { if (_isGone) throw new InvalidOperationException(); Unlink(); _srcu.Synchronize(); }")]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public virtual void Close() => Unlink();")]
    [InlineData("[AwaitsGracePeriod(nameof(_srcu))] public void Close() { }")]
    [InlineData("[Fence(\"callbacks\")] public void Close() { Unlink(); WaitForCallbacks(); }")]
    [InlineData("[Fence(\"callbacks\")] public void Close() { Unlink(); _srcu.Synchronize(); }")]
    [InlineData("[Fence(\"callbacks\")] public void Close() => Leave();")]
    [InlineData("[Fence(\"callbacks\")] public void Close() { _gate.Enter(); _isGone = true; _gate.Exit(); }")]
    [InlineData("[Fence(\"callbacks\")] public void Close() => GC.KeepAlive(this);")]
    [InlineData("[Fence(\"callbacks\")] public void Close(Thread worker) => worker.Join();")]
    [InlineData("[Fence(\"callbacks\", Waits = false)] public void Close() => Unlink();")]
    public void WaitThatIsMadeOrMayBe_IsSilent(string member) => VerifyWait(member);

    [Fact]
    public void WaitInAnotherType_IsSeen() => Verify(
        """
        public class Table(Worker worker)
        {
            [Fence("callbacks")]
            public void Close() => worker.Stop();
        }

        public class Worker
        {
            private readonly Thread _thread = new(static () => { });

            public void Stop() => _thread.Join();
        }
        """);

    [Fact]
    public void ReferenceOnWhatIsReturned_IsPartOfTheContract() => Verify(
        """
        public class Owner
        {
            private readonly Mm? _mm;

            [TryAcquires(Result.NotNull, "return.Users")]
            public Mm? Right() => _mm is { } mm && mm.TryGet() ? mm : null;

            [Acquires("return.Users")]
            public Mm [|Wrong|](Mm mm) => mm;
        }
        """);

    /// <summary>What is not there is neither held nor released.</summary>
    [Theory]
    [InlineData("[Releases(\"gate\")] public void Give(Gate? gate) => gate?.Exit();")]
    [InlineData("[Releases(\"gate\")] public void Give(Gate? gate) { if (gate is null) return; gate.Exit(); }")]
    [InlineData("[Releases(\"mm.Users\")] public void Give(Mm? mm) => mm?.Put();")]
    [InlineData("[Acquires(\"gate\")] public void Take(Gate? gate) => gate?.Enter();")]
    [InlineData("[Releases(\"gate\")] public void [|Give|](Gate? gate, bool flag) { if (flag) gate?.Exit(); }")]
    public void NothingIsPromisedOfNull(string member) => VerifyMember(member);

    [Theory]
    [InlineData("[Requires(nameof(_gate)), Acquires(nameof(_gate))] public void Again() => Monitor.Enter(_gate);")]
    [InlineData("[Requires(nameof(_gate)), Acquires(nameof(_gate))] public void [|Again|]() { }")]
    [InlineData("[Requires(nameof(_gate)), Releases(nameof(_gate)), Acquires(nameof(_gate))] public void Again() { Monitor.Exit(_gate); Monitor.Enter(_gate); }")]
    public void ReentrantLock_MayBeAcquiredOnceMore(string again) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();

            {{again}}
        }
        """);

    [Theory]
    [InlineData("[Requires(nameof(_gate)), Acquires({|LOCK0002:nameof(_gate)|})] public void Enter() { }")]
    [InlineData("[Requires(nameof(_gate)), Acquires({|LOCK0002:nameof(_gate)|})] public void Enter() => _gate.Enter();")]
    [InlineData("[Requires(nameof(_gate)), Releases({|LOCK0002:nameof(_gate)|})] public void Exit() { }")]
    public void ContractThatContradictsItself_IsOneMistake(string member) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();

            {{member}}
        }
        """);

    /// <summary>A body that is not asynchronous itself may return a task that is complete.</summary>
    [Theory]
    [InlineData("Task<bool> Try() => Task.FromResult(_gate.TryEnter());")]
    [InlineData("ValueTask<bool> Try() => new(_gate.TryEnter());")]
    [InlineData("ValueTask<bool> Try() => ValueTask.FromResult(_gate.TryEnter());")]
    [InlineData("Task<bool> Try() { if (_gate.TryEnter()) { return Task.FromResult(true); } return Task.FromResult(false); }")]
    [InlineData("Task<bool> [|Try|]() => Task.FromResult(true);")]
    [InlineData("ValueTask<bool> [|Try|]() => new(true);")]
    public void ResultInAFinishedTask_IsWhatTheContractIsAbout(string member) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();

            [TryAcquires(true, nameof(_gate))]
            public {{member}}
        }
        """);

    /// <summary>What a contract says of a parameter that hands something out is about what the body puts there.</summary>
    [Theory]
    [InlineData("mm = _mm; return mm.TryGet();", "Lend")]
    [InlineData("mm = _mm; return _mm.TryGet();", "Lend")]
    [InlineData("mm = other; return {|LOCK5002:_mm.TryGet()|};", "[|Lend|]")]
    [InlineData("mm = _mm; return true;", "[|Lend|]")]
    public void ReferenceOfWhatIsHandedOut_IsThatOfTheObjectThatTheBodyPutThere(string body, string name) => Verify(
        $$"""
        public class Owner
        {
            private readonly Mm _mm = new();

            [TryAcquires(true, "mm.Users")]
            public bool {{name}}(Mm other, out Mm mm) { {{body}} }
        }
        """);
}
