// Bodies whose locks or ways are not written where they are: synchronized methods, handlers, asynchronous local functions.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Flow;

public sealed class OddBodiesTests() : RuleTests("LOCK1001")
{
    private void VerifyIn(string members) => Verify(
        $$"""
        using System.Runtime.CompilerServices;
        internal sealed class Ledger
        {
            private readonly object _gate = new();
            private readonly ManualResetEventSlim _ready = new();
            [GuardedBy("this")] private int _sum;
            [GuardedBy(nameof(_gate))] private int _total;

            {{members}}
        }
        """);

    [Fact]
    public void SynchronizedMethod_HoldsItsObject() => VerifyIn(
        """
        [MethodImpl(MethodImplOptions.Synchronized)] public void Add() { if (_sum > 3) return; _sum++; }
        [MethodImpl(MethodImplOptions.Synchronized)] public void Wait() { while (_sum == 0) Monitor.Wait(this); }
        [MethodImpl(MethodImplOptions.Synchronized)] public void Block() => {|LOCK4002:_ready.Wait()|};
        [MethodImpl(MethodImplOptions.NoInlining)] public void Forget() => [|_sum|] = 0;
        """);

    [Fact]
    public void SynchronizedMethod_HasAPlaceInTheOrder() => VerifyIn(
        """
        [MethodImpl(MethodImplOptions.Synchronized)] public void One() { lock ({|LOCK3001:_gate|}) _total++; }
        public void Other() { lock (_gate) {|LOCK3001:Add()|}; }
        [MethodImpl(MethodImplOptions.Synchronized)] private void Add() => _sum++;
        """);

    [Fact]
    public void Synchronized_ThatOthersCanLock() => Verify(
        """
        using System.Runtime.CompilerServices;
        public class Ledger
        {
            private int _sum;
            [{|LOCK7001:MethodImpl(MethodImplOptions.Synchronized)|}] public void Add() => _sum++;
            [{|LOCK7001:MethodImpl(MethodImplOptions.Synchronized)|}] public static void Clear() { }
        }
        """);

    [Fact]
    public void Handler_OfWhatIsNotSeenToThrow() => VerifyIn(
        """
        public void Catch() { try { lock (_gate) { _total++; } } catch (Exception) { [|_total|] = 0; } }
        """);

    [Fact]
    public void AbandonedMutex_IsAcquired() => VerifyIn(
        """
        private readonly Mutex _mutex = new();
        public void Add()
        {
            try { _mutex.WaitOne(); } catch (AbandonedMutexException) { }
            try { _ready.Set(); } finally { _mutex.ReleaseMutex(); }
        }
        """);

    [Fact]
    public void AsyncLocalFunction_GivesItsTaskBackAtItsAwait() => VerifyIn(
        """
        public void Start()
        {
            lock (_gate)
            {
                Task later = Later();
                _total++;
            }

            static async Task Later() => await Task.Yield();
        }
        """);

    [Fact]
    public void SemaphoreThatIsDisposed_IsHeldByNobody() => VerifyIn(
        """
        private readonly SemaphoreSlim _one = new(1, 1);
        public async ValueTask DisposeAsync() { await _one.WaitAsync(); _ready.Dispose(); _one.Dispose(); }
        public async Task Forget() { await {|LOCK2001:_one.WaitAsync()|}; _ready.Dispose(); }
        """);

    [Fact]
    public void MutexThatMayBeAcquiredAlready_IsReleased() => VerifyIn(
        """
        private readonly Mutex _mutex = new();
        public void Owned(bool mine) { using var m = new Mutex(mine, "ledger", out bool isNew); if (isNew) m.ReleaseMutex(); }
        public void NotOwned() { using var m = new Mutex(initiallyOwned: false); {|LOCK2003:m.ReleaseMutex()|}; }
        public void One(WaitHandle stop) { if (WaitHandle.WaitAny(new[] { _mutex, stop }) == 0) _mutex.ReleaseMutex(); }
        public void All(Mutex other) { WaitHandle.WaitAll(new WaitHandle[] { _mutex, other }); other.ReleaseMutex(); _mutex.ReleaseMutex(); }
        public void Exchange(WaitHandle asked) { WaitHandle.SignalAndWait(asked, _mutex); _mutex.ReleaseMutex(); }
        """);

    [Fact]
    public void ReaderWriterLock_IsLeftInAnyMode() => VerifyIn(
        """
        private readonly ReaderWriterLock _rw = new();
        public void Write() { _rw.AcquireWriterLock(9); try { _ready.Set(); } finally { _rw.ReleaseLock(); } }
        public void Pause() { _rw.AcquireReaderLock(9); LockCookie cookie = _rw.ReleaseLock(); _rw.RestoreLock(ref cookie); _rw.ReleaseReaderLock(); }
        public void Forget() { _rw.AcquireReaderLock(9); LockCookie cookie = _rw.ReleaseLock(); {|LOCK2001:_rw.RestoreLock(ref cookie)|}; }
        """);
}
