// Guard objects that no contract declares: what their constructor keeps and their Dispose releases.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Summaries;

public sealed class GuardsByShapeTests() : RuleTests("LOCK1001")
{
    private void VerifyIn(string members) => Verify(
        $$"""
        public sealed class Ledger
        {
            private readonly object _gate = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            [GuardedBy(nameof(_gate))] private int _sum;
            [GuardedBy(nameof(_one))] private int _async;

            {{members}}
        }
        public sealed class Finally(Action undo) : IDisposable
        {
            public void Dispose() => undo();
        }
        """);

    [Theory]
    [InlineData("private readonly struct Scope : IDisposable { private readonly Ledger _of; public Scope(Ledger of) { _of = of; } public void Dispose() => Monitor.Exit(_of._gate); }")]
    [InlineData("private readonly struct Scope(Ledger of) : IDisposable { public void Dispose() => Monitor.Exit(of._gate); }")]
    [InlineData("private sealed class Scope(Ledger of) : IDisposable { private readonly object _lock = of._gate; private readonly Ledger _of = of; public void Dispose() { Monitor.Exit(_of._gate); } }")]
    [InlineData("private readonly record struct Scope(Ledger Of) : IDisposable { public void Dispose() => Monitor.Exit(Of._gate); }")]
    [InlineData("private sealed class Scope : IDisposable { private Ledger? _of; public Scope(Ledger of) => _of = of; public void Dispose() { if (_of is { } of) { _of = null; Monitor.Exit(of._gate); } } }")]
    public void TypeOfTheGuard(string scope) => VerifyIn(
        scope
        + """
          private Scope Take() { Monitor.Enter(_gate); return new Scope(this); }
          public void Using() { using (Take()) _sum++; }
          public void Declared(bool flag) { using var scope = Take(); if (flag) return; _sum++; }
          public void Finally() { var scope = Take(); try { _sum++; } finally { scope.Dispose(); } }
          public void Behind() { using (Take()) { } [|_sum|]++; }
          public void Dropped() { {|LOCK2001:Take()|}; _sum++; }
          """);

    [Fact]
    public void AcquiringConstructor_SeenAsDisposable() => VerifyIn(
        """
        private sealed class Scope : IDisposable
        {
            private readonly object _lock;
            public Scope(object gate) { _lock = gate; Monitor.Enter(gate); }
            public void Dispose() => Monitor.Exit(_lock);
        }
        private IDisposable Take() => new Scope(_gate);
        public void Made() { using (new Scope(_gate)) _sum++; }
        public void Taken() { using IDisposable scope = Take(); _sum++; }
        public void Behind() { using (Take()) { } [|_sum|]++; }
        """);

    [Fact]
    public void Awaited() => VerifyIn(
        """
        private sealed class Releaser(SemaphoreSlim one) : IDisposable { public void Dispose() => one.Release(); }
        private async Task<IDisposable> TakeAsync() { await _one.WaitAsync(); return new Releaser(_one); }
        public async Task Using() { using (await TakeAsync()) { _async++; } }
        public async Task Declared() { using var taken = await TakeAsync().ConfigureAwait(false); _async++; }
        public async Task Behind() { using (await TakeAsync()) { } [|_async|]++; }
        public async Task Forgotten(bool flag) { var taken = await {|LOCK2001:TakeAsync()|}; if (flag) return; taken.Dispose(); }
        """);

    [Theory]
    [InlineData("private IDisposable Take() { Monitor.Enter(_gate); return new Finally(() => Monitor.Exit(_gate)); }")]
    [InlineData("private IDisposable Take() { Monitor.Enter(_gate); return new Finally(Leave); } private void Leave() => Monitor.Exit(_gate);")]
    public void ReleasingFunction(string take) => VerifyIn(take + " public void Using() { using (Take()) _sum++; } public void Behind() { using (Take()) { } [|_sum|]++; }");

    [Theory]
    [InlineData("Scope")]
    [InlineData("IDisposable")]
    public void StructOverAParameter(string seenAs) => VerifyIn(
        $$"""
        private readonly struct Scope : IDisposable
        {
            private readonly object _lock;
            public Scope(object gate) { _lock = gate; }
            public void Dispose() => Monitor.Exit(_lock);
        }
        private static {{seenAs}} Take(object gate) { Monitor.Enter(gate); return new Scope(gate); }
        public void Using() { using (Take(_gate)) _sum++; }
        public void Behind() { using (Take(_gate)) { } [|_sum|]++; }
        public void Forgotten() { {|LOCK2001:Take(_gate)|}; }
        """);

    /// <summary>One releaser for all: each acquire returns it anew.</summary>
    [Theory]
    [InlineData("private readonly Releaser _releaser; public Ledger() => _releaser = new Releaser(_gate);", "object", "IDisposable")]
    [InlineData("private readonly Releaser _releaser; public Ledger() => _releaser = new(_gate);", "object", "Releaser")]
    [InlineData("private readonly IDisposable _releaser; public Ledger() { _releaser = new Releaser(this._gate); }", "object", "IDisposable")]
    [InlineData("private static readonly object s_gate = new(); private static readonly IDisposable s_releaser = new Releaser(s_gate); private IDisposable _releaser => s_releaser; private object _gate2 => s_gate;", "object", "IDisposable")]
    [InlineData("private IDisposable _releaser { get; } public Ledger() { _releaser = new Releaser(_gate); }", "object", "IDisposable")]
    public void MadeOnce(string made, string kept, string seenAs)
    {
        string gate = made.Contains("s_gate") ? "s_gate" : "_gate";
        VerifyIn(
            $$"""
            {{made}}
            private sealed class Releaser : IDisposable
            {
                private readonly {{kept}} _lock;
                public Releaser({{kept}} gate) => _lock = gate;
                public void Dispose() => Monitor.Exit(_lock);
            }
            [GuardedBy("{{gate}}")] private int _guarded;
            private {{seenAs}} Take() { Monitor.Enter({{gate}}); return _releaser; }
            public void Using() { using (Take()) _guarded++; }
            public void Twice() { using (Take()) { using (Take()) { _guarded++; } _guarded++; } [|_guarded|]++; }
            public void Behind() { using (Take()) { } [|_guarded|]++; }
            public void Forgotten() { {|LOCK2001:Take()|}; }
            public void ByHand() { Monitor.Enter({{gate}}); try { _guarded++; } finally { _releaser.Dispose(); } [|_guarded|]++; }
            """);
    }

    /// <summary>Nobody else makes or disposes of the releaser.</summary>
    [Theory]
    [InlineData("public IDisposable Take() { _one.Wait(); return _releaser; }")]
    [InlineData("public async Task<IDisposable> TakeAsync() { await _one.WaitAsync(); return _releaser; }")]
    [InlineData("public Task<IDisposable> TakeSoon() { Task taken = _one.WaitAsync(); return taken.IsCompleted ? _done : taken.ContinueWith((_, state) => (IDisposable)state!, _releaser); }")]
    [InlineData("public bool TryTake(out IDisposable? taken) { if (_one.Wait(0)) { taken = _releaser; return true; } taken = null; return false; }")]
    [InlineData("public bool TryTake(out IDisposable? taken) { taken = null; if ({|LOCK2001:_one.Wait(0)|}) { return true; } taken = _releaser; return false; }")]
    [InlineData("public async Task<IDisposable?> TryTakeAsync(int limit) => await _one.WaitAsync(limit) ? _releaser : null;")]
    [InlineData("public IDisposable Take(bool none) { if (none) { {|LOCK2001:_one.Wait()|}; return null!; } _one.Wait(); return _releaser; }")]
    public void MadeOnceAndOnlyReturned(string member) => VerifyIn(
        $$"""
        private readonly IDisposable _releaser;
        private readonly Task<IDisposable> _done;
        public Ledger() { _releaser = new Releaser(_one); _done = Task.FromResult(_releaser); }
        private sealed class Releaser(SemaphoreSlim one) : IDisposable { public void Dispose() => one.Release(); }
        {{member}}
        """);

    /// <summary>What the field may be at another time is no guard of what is held.</summary>
    [Theory]
    [InlineData("private Releaser _releaser; public Ledger() => _releaser = new Releaser(_gate);")]
    [InlineData("private readonly Releaser _releaser; public Ledger(bool other) => _releaser = other ? new Releaser(_gate) : new Releaser(new object());")]
    [InlineData("private readonly Releaser _releaser; public Ledger() => _releaser = new Releaser(new object());")]
    public void MadeOfSomethingElse(string made) => VerifyIn(
        $$"""
        {{made}}
        private sealed class Releaser : IDisposable
        {
            private readonly object _lock;
            public Releaser(object gate) => _lock = gate;
            public void Dispose() { lock (_lock) { } }
        }
        public void Using() { {|LOCK2001:Monitor.Enter(_gate)|}; Keep(_releaser); _sum++; }
        private static void Keep(Releaser releaser) => GC.KeepAlive(releaser);
        """);

    /// <summary>A lock of another type, by what that returns: in a build, a second acquire is told, and an upgrade.</summary>
    [Theory]
    [InlineData("public void M() { using (_lock.Write()) using ({|LOCK2004:_lock.Write()|}) { } }")]
    [InlineData("public void M() { using (_lock.Read()) using ({|LOCK2010:_lock.Write()|}) { } }")]
    [InlineData("public async Task M() { using (await _one.TakeAsync()) using (await {|LOCK2004:_one.TakeAsync()|}) { } }")]
    [InlineData("public async Task M() { using (await _one.TakeAsync()) using ({|LOCK2004:_one.Take()|}) { } }")]
    [InlineData("public async Task M() { using (await _one.TakeAsync()) { } using (await _one.TakeAsync()) { } }")]
    [InlineData("public async Task M() { using (await _one.TakeAsync()) { await {|LOCK2004:Inner()|}; } } private async Task Inner() { using (await _one.TakeAsync()) { } }")]
    [InlineData("public void M() { using (_lock.Write()) { } using (_lock.Read()) { } }")]
    [InlineData("public void M() { {|LOCK2001:_lock.Write()|}; }")]
    [InlineData("public async Task M() { await {|LOCK2001:_one.TakeAsync()|}; }")]
    [InlineData("public async Task M() { await {|LOCK2001:_one.TakeAsync()|}.ConfigureAwait(false); }")]
    [InlineData("public async Task M(bool soon) { IDisposable taken = await {|LOCK2001:_one.TakeAsync()|}; if (soon) return; taken.Dispose(); }")]
    [InlineData("public void M(bool soon) { IDisposable taken = {|LOCK2001:_lock.Read()|}; if (soon) return; taken.Dispose(); }")]
    [InlineData("public IDisposable M(bool soon) { IDisposable taken = _lock.Read(); if (soon) return taken; taken.Dispose(); return null!; }")]
    [InlineData("private IDisposable? _kept; public void M() { _kept = _lock.Read(); } public void N() => _kept?.Dispose();")]
    [InlineData("public Task<IDisposable> M() => _one.TakeAsync();")]
    [InlineData("public async Task M() { using (await _one.TakeSoon()) { } }")]
    [InlineData("public void M() { if (_one.TryTake(out IDisposable? taken)) { using (taken) { } } }")]
    [InlineData("public void M(bool soon) { if ({|LOCK2001:_one.TryTake(out IDisposable? taken)|}) { if (soon) return; taken!.Dispose(); } }")]
    [InlineData("public async Task M() { using IDisposable taken = await _one.TakeSoon().ConfigureAwait(false); await Task.Yield(); }")]
    [InlineData("public async Task M() { using (await _one.TakeSoon()) using (await {|LOCK2004:_one.TakeSoon()|}) { } }")]
    [InlineData("public async Task M(bool soon) { IDisposable taken = await {|LOCK2001:_one.TakeSoon()|}; if (soon) return; taken.Dispose(); }")]
    public void OfAnotherType(string members) => Verify(
        $$"""
        public sealed class TwoReleasers
        {
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly Reading _read;
            private readonly Writing _write;

            public TwoReleasers() { _read = new(_rw); _write = new(_rw); }

            public IDisposable Read() { _rw.EnterReadLock(); return _read; }

            public IDisposable Write() { _rw.EnterWriteLock(); return _write; }

            private sealed class Reading(ReaderWriterLockSlim rw) : IDisposable { public void Dispose() => rw.ExitReadLock(); }

            private sealed class Writing(ReaderWriterLockSlim rw) : IDisposable { public void Dispose() => rw.ExitWriteLock(); }
        }

        public sealed class OneAtATime
        {
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly IDisposable _releaser;
            private readonly Task<IDisposable> _done;

            public OneAtATime() { _releaser = new Releaser(_one); _done = Task.FromResult(_releaser); }

            public async Task<IDisposable> TakeAsync() { await _one.WaitAsync(); return _releaser; }

            public Task<IDisposable> TakeSoon()
            {
                Task taken = _one.WaitAsync();
                return taken.IsCompleted ? _done : taken.ContinueWith((_, state) => (IDisposable)state!, _releaser);
            }

            public IDisposable Take() { _one.Wait(); return _releaser; }

            public bool TryTake(out IDisposable? taken) { if (_one.Wait(0)) { taken = _releaser; return true; } taken = null; return false; }

            private sealed class Releaser(SemaphoreSlim one) : IDisposable { public void Dispose() => one.Release(); }
        }

        public class User
        {
            private readonly TwoReleasers _lock = new();
            private readonly OneAtATime _one = new();

            {{members}}
        }
        """);

    [Theory]
    [InlineData("var scope = Take(); try { _sum++; Use(ref scope); _sum++; } finally { scope.Dispose(); } [|_sum|]++;")]
    [InlineData("var scope = Take(); try { Unseen.Use(ref scope); _sum++; } finally { scope.Dispose(); } [|_sum|]++;")]
    [InlineData("var scope = {|LOCK2001:Take()|}; Use(ref scope); _sum++;")]
    public void PassedByReference_StaysTheGuard(string body) => Verify(
        $$"""
        public sealed class Ledger
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _sum;
            private int _uses;

            public struct Scope(Ledger of) : IDisposable { public int Uses; public void Dispose() => Monitor.Exit(of._gate); }

            private Scope Take() { Monitor.Enter(_gate); return new Scope(this); }

            private void Use(ref Scope scope) { scope.Uses++; _uses++; }

            public void M() { {{body}} }
        }

        public abstract class Unseen
        {
            public static void Use(ref Ledger.Scope scope) => s_one?.Take(ref scope);

            private static readonly Unseen? s_one = null;

            protected abstract void Take(ref Ledger.Scope scope);
        }
        """);
}
