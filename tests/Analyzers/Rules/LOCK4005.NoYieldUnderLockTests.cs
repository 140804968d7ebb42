// LOCK4005: an iterator does not hand out elements while it holds a lock.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class NoYieldUnderLockTests() : RuleTests("LOCK4005")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Source
        {
            private readonly object _gate = new();
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly SemaphoreSlim _semaphore = new(1, 1);
            private readonly SemaphoreSlim _ready = new(0);
            private readonly Gate _own = new();
            private readonly Srcu _srcu = new();

            {{member}}
        }
        """,
        message);

    [Theory]
    [InlineData("lock (_gate) { [|yield return 1;|] }")]
    [InlineData("Monitor.Enter(_gate); try { [|yield return 1;|] } finally { Monitor.Exit(_gate); }")]
    [InlineData("_rw.EnterReadLock(); try { foreach (int n in numbers) { [|yield return n;|] } } finally { _rw.ExitReadLock(); }")]
    [InlineData("_semaphore.Wait(); try { [|yield return 1;|] } finally { _semaphore.Release(); }")]
    [InlineData("using var scope = new Scope(_own); [|yield return 1;|]")]
    [InlineData("_srcu.Enter(); try { [|yield return 1;|] } finally { _srcu.Exit(); }")]
    [InlineData("bool any = numbers.Length > 0; if (any) Monitor.Enter(_gate); [|yield return 1;|] if (any) Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.TryEnter(_gate)) { try { [|yield return 1;|] } finally { Monitor.Exit(_gate); } }")]
    public void YieldUnderALock_IsReported(string body) => VerifyIn($"public IEnumerable<int> M(int[] numbers) {{ {body} }}");

    [Theory]
    [InlineData("int value; lock (_gate) { value = 1; } yield return value;")]
    [InlineData("_ready.Wait(); yield return 1;")]
    [InlineData("lock (_gate) { yield break; }")]
    [InlineData("yield return 1; lock (_gate) { } yield return 2;")]
    [InlineData("if (Monitor.TryEnter(_gate)) { Monitor.Exit(_gate); } else { yield return 1; }")]
    public void YieldWithoutALock_IsSilent(string body) => VerifyIn($"public IEnumerable<int> M() {{ {body} }}");

    [Fact]
    public void Message_NamesTheLock() => VerifyIn(
        "public IEnumerator<int> M() { lock ({|#0:_gate|}) { [|yield return 1;|] } }", "yield return while holding '_gate': it stays held for as long as the caller likes");

    [Fact]
    public void RequiredLock_IsHeld() => VerifyIn("[Requires(nameof(_gate))] public IEnumerable<int> M() { [|yield return 1;|] }");

    [Fact]
    public void AsyncIterator_IsReported() => VerifyIn(
        "public async IAsyncEnumerable<int> M() { await _semaphore.WaitAsync(); try { [|yield return 1;|] } finally { _semaphore.Release(); } }");

    [Fact]
    public void LocalFunction_IsReported() => VerifyIn("public IEnumerable<int> M() { return Local(); IEnumerable<int> Local() { lock (_gate) { [|yield return 1;|] } } }");

    [Fact]
    public void OwnLockOfTheCaller_IsNotTheIterators() => VerifyIn(
        """
        public List<int> M() { lock (_gate) { return Numbers().ToList(); } }
        private IEnumerable<int> Numbers() { yield return 1; }
        """);
}
