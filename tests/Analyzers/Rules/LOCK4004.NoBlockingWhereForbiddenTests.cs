// LOCK4004: nothing blocks where it must not: under a spin lock, or where a contract forbids it.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class NoBlockingWhereForbiddenTests() : RuleTests("LOCK4004")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Callback
        {
            private readonly object _gate = new();
            private readonly SemaphoreSlim _semaphore = new(1, 1);
            private readonly List<int> _items = new();
            private SpinLock _spin = new(false);
            private SpinLock _second = new(false);

            {{member}}
            private void Locks() { lock (_gate) { } }
            private void Sleeps() => Thread.Sleep(1);
        }
        """,
        message);

    [Theory]
    [InlineData("[|Thread.Sleep(1)|];")]
    [InlineData("[|task.Wait()|];")]
    [InlineData("lock ([|_gate|]) { }")]
    [InlineData("[|_semaphore.Wait()|]; _semaphore.Release();")]
    [InlineData("[|Monitor.Enter(_gate)|]; Monitor.Exit(_gate);")]
    [InlineData("[|Locks()|];")]
    [InlineData("[|Sleeps()|];")]
    [InlineData("if (flag) [|Thread.Sleep(1)|];")]
    [InlineData("Local(); void Local() => [|Thread.Sleep(1)|];")]
    [InlineData("_items.ForEach(n => [|Thread.Sleep(n)|]);")]
    [InlineData("if ([|Monitor.TryEnter(_gate, 100)|]) Monitor.Exit(_gate);")]
    [InlineData("if ([|_semaphore.Wait(TimeSpan.FromSeconds(1))|]) _semaphore.Release();")]
    [InlineData("try { } finally { [|Thread.Sleep(1)|]; }")]
    public void BlockingInWhatMustNot_IsReported(string body) => VerifyIn($"[MustNotBlock] public void M(Task task, bool flag) {{ {body} }}");

    [Theory]
    [InlineData("Thread.Sleep(0);")]
    [InlineData("if (task.IsCompleted) task.Wait();")]
    [InlineData("if (Monitor.TryEnter(_gate)) Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.TryEnter(_gate, 0)) Monitor.Exit(_gate);")]
    [InlineData("if (_semaphore.Wait(0)) _semaphore.Release();")]
    [InlineData("Task.Run(Sleeps);")]
    [InlineData("Action later = () => Thread.Sleep(1);")]
    [InlineData("M(task, flag);")]
    [InlineData("bool taken = false; try { _spin.Enter(ref taken); } finally { if (taken) _spin.Exit(); }")]
    public void WhatDoesNotBlock_IsSilent(string body) => VerifyIn($"[MustNotBlock] public void M(Task task, bool flag) {{ {body} }}");

    [Theory]
    [InlineData("[|Thread.Sleep(1)|];")]
    [InlineData("lock ([|_gate|]) { }")]
    [InlineData("[|Locks()|];")]
    public void UnderASpinLock_IsReported(string body) => VerifyIn(
        $$"""public void M() { bool taken = false; try { _spin.Enter(ref taken); {{body}} } finally { if (taken) _spin.Exit(); } }""");

    [Theory]
    [InlineData("bool second = false; try { _second.Enter(ref second); } finally { if (second) _second.Exit(); }")]
    [InlineData("Task.Run(Sleeps);")]
    [InlineData("if (Monitor.TryEnter(_gate)) Monitor.Exit(_gate);")]
    public void UnderASpinLock_WhatSpinsOrTries_IsSilent(string body) => VerifyIn(
        $$"""public void M() { bool taken = false; try { _spin.Enter(ref taken); {{body}} } finally { if (taken) _spin.Exit(); } }""");

    [Fact]
    public void WhereASpinLockWasNotTaken_IsSilent() => VerifyIn(
        "public void M() { bool taken = false; try { _spin.TryEnter(ref taken); if (!taken) { Thread.Sleep(1); } } finally { if (taken) _spin.Exit(); } }");

    [Theory]
    [InlineData("[MustNotBlock] public void M() => [|Sleeps()|];", "'Thread.Sleep' may block in 'Sleeps', and 'M' must not block")]
    [InlineData("[MustNotBlock] public void M() { lock ([|_gate|]) { } }", "'acquiring '_gate'' may block, and 'M' must not block")]
    [InlineData(
        "public void M() { bool taken = false; try { _spin.Enter(ref taken); [|Thread.Sleep(1)|]; } finally { if (taken) _spin.Exit(); } }",
        "'Thread.Sleep' may block, and the spin lock '_spin' is held")]
    public void Message_SaysWhy(string member, string message) => VerifyIn(member, message);

    [Fact]
    public void AdditionalLocations_AreTheSpinLockAndTheCalls() => Verify(
        """
        public class Callback
        {
            private SpinLock _spin = new(false);

            public void M()
            {
                bool taken = false;
                try
                {
                    {|#0:_spin.Enter(ref taken)|};
                    [|One()|];
                }
                finally
                {
                    if (taken)
                    {
                        _spin.Exit();
                    }
                }
            }

            private void One() => {|#1:Thread.Sleep(1)|};
        }
        """);

    [Fact]
    public void ContractOfAnInterfaceOrBase_BindsImplementations() => Verify(
        """
        public interface INotifier
        {
            [MustNotBlock]
            void Invalidate();
        }

        public abstract class Handler
        {
            [MustNotBlock]
            public abstract void Handle();
        }

        public class Both : Handler, INotifier
        {
            public void Invalidate() => [|Thread.Sleep(1)|];

            public override void Handle() => [|Thread.Sleep(1)|];

            [MustNotBlock]
            public void CallsWhatMustNotEither(INotifier notifier) => notifier.Invalidate();
        }
        """);

    [Fact]
    public void AcquireThatMustNotBlock_IsTakenAtItsWord() => Verify(
        """
        [Capability("window")]
        public sealed class Window
        {
            [Acquires("this")]
            [MustNotBlock]
            public void Open() { }

            [Acquires("this")]
            public void Await() { }

            [Releases("this")]
            public void Close() { }
        }

        public class Space
        {
            private readonly Window _window = new();

            [MustNotBlock]
            public void Direct() { _window.Open(); _window.Close(); [|_window.Await()|]; _window.Close(); }

            [MustNotBlock]
            public void Through() { Opens(); [|Waits()|]; }

            private void Opens() { _window.Open(); _window.Close(); }

            private void Waits() { _window.Await(); _window.Close(); }
        }
        """);

    [Fact]
    public void ContractOfADelegateParameter_BindsTheLambda() => Verify(
        """
        public static class Callbacks
        {
            public static void Now([MustNotBlock] Action action) => action();

            public static void Use(Task task)
            {
                Now(() => [|task.Wait()|]);
                Now(() => { });
            }
        }
        """);

    [Fact]
    public void ConstructorsAccessorsAndOperators_AreBound() => Verify(
        """
        public class Callback
        {
            [MustNotBlock]
            public Callback() => [|Thread.Sleep(1)|];

            [MustNotBlock]
            public int Value
            {
                get
                {
                    [|Thread.Sleep(1)|];
                    return 1;
                }
            }

            [MustNotBlock]
            public static Callback operator !(Callback callback)
            {
                [|Thread.Sleep(1)|];
                return callback;
            }
        }
        """);

    [Fact]
    public void WaitOnAMonitor_Blocks() => VerifyIn("[MustNotBlock] [Requires(nameof(_gate))] public void M() { while (_items.Count == 0) { [|Monitor.Wait(_gate)|]; } }");

    [Fact]
    public void ReplacesLOCK4002() => VerifyIn("[MustNotBlock] [Requires(nameof(_gate))] public void M(Task task) => [|task.Wait()|];");

    [Fact]
    public void WriterOfASequenceLock_Spins() => Verify(
        """
        public class Clock
        {
            private readonly SeqLock _sequence = new();

            public void Run() { using (_sequence.EnterWrite()) { [|Thread.Sleep(1)|]; } }
        }
        """);
}
