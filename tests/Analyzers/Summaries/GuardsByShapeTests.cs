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
}
