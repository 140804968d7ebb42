// LOCK2002: a lock is released when a call between acquire and release throws.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ReleasedWhenThrownTests() : RuleTests("LOCK2002")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();
            private readonly object _monitor = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private int[] _cells = new int[1];
            private int _count;

            public async Task<int> Use(bool flag, string? name, Table? other)
            {
                {{body}}
                await Task.Yield();
                return 0;
            }
        }
        """);

    [Fact]
    public void CallBetweenAcquireAndRelease_IsReported() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            public void Use(Action action)
            {
                [|Monitor.Enter(_gate)|];
                action();
                Monitor.Exit(_gate);
            }
        }
        """,
        "'_gate' is still held when an exception leaves the method: release it in a finally block");

    [Theory]
    [InlineData("[|_gate.Enter()|]; Console.Write(1); _gate.Exit();")]
    [InlineData("[|_gate.Enter()|]; _cells[0] = 1; _gate.Exit();")]
    [InlineData("[|_gate.Enter()|]; var x = new object(); _gate.Exit();")]
    [InlineData("[|_gate.Enter()|]; int n = name!.Length; _gate.Exit();")]
    [InlineData("[|_gate.Enter()|]; if (flag) throw new Exception(); _gate.Exit();")]
    [InlineData("if ([|_gate.TryEnter()|]) { Console.Write(1); _gate.Exit(); }")]
    [InlineData("await [|_one.WaitAsync()|]; await Task.Delay(1); _one.Release();")]
    [InlineData("[|_gate.Enter()|]; try { Console.Write(1); } catch (FormatException) { } _gate.Exit();")]
    [InlineData("[|_gate.Enter()|]; Act(); _gate.Exit(); void Act() => throw new Exception();")]
    [InlineData("[|_gate.Enter()|]; using (var s = new System.IO.StringReader(\"\")) { } _gate.Exit();")]
    public void WhatMayThrow_IsReported(string statement) => VerifyIn(statement);

    [Theory]
    [InlineData("_gate.Enter(); _count++; _gate.Exit();")]
    [InlineData("_gate.Enter(); _gate.Exit();")]
    [InlineData("_gate.Enter(); Monitor.Enter(_monitor); Monitor.Exit(_monitor); _gate.Exit();")]
    [InlineData("_gate.Enter(); try { Console.Write(1); } finally { _gate.Exit(); }")]
    [InlineData("_gate.Enter(); try { Console.Write(1); } catch { } _gate.Exit();")]
    [InlineData("_gate.Enter(); try { Console.Write(1); } catch (Exception) { _gate.Exit(); throw; } _gate.Exit();")]
    [InlineData("using (new Scope(_gate)) Console.Write(1);")]
    [InlineData("lock (_monitor) Console.Write(1);")]
    [InlineData("Console.Write(1); _gate.Enter(); _count = 1; _gate.Exit(); Console.Write(2);")]
    public void NothingToThrowOrAFinally_IsSilent(string statement) => VerifyIn(statement);

    [Fact]
    public void LeakOnAnOrdinaryPath_IsTheWorseRule() => VerifyIn("if (flag) { {|LOCK2001:_gate.Enter()|}; Console.Write(1); return 1; }");

    [Fact]
    public void CancellableAcquireInsideTry_IsAnotherRule() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1);

            public void Use(CancellationToken token)
            {
                try
                {
                    {|LOCK2005:_gate.Wait(token)|};
                    Console.Write(1);
                }
                finally
                {
                    _gate.Release();
                }
            }

            public void Right(CancellationToken token)
            {
                _gate.Wait(token);
                try
                {
                    Console.Write(1);
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        """);

    [Fact]
    public void FinallyThatThrowsBeforeItReleases_IsReported() => VerifyIn(
        "[|_gate.Enter()|]; try { _count++; } finally { Console.Write(1); _gate.Exit(); }");

    [Fact]
    public void TryThatBeginsTooLate_IsReported() => VerifyIn(
        "[|_gate.Enter()|]; Console.Write(1); try { _count++; } finally { _gate.Exit(); }");

    [Fact]
    public void PromisedLock_IsNotTheCallersWhenItThrows() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [Acquires(nameof(_gate))]
            public void Open()
            {
                [|_gate.Enter()|];
                Console.Write(1);
            }
        }
        """);

    [Fact]
    public void TwoLocks_AreTwoFindings() => VerifyIn(
        """
        [|_gate.Enter()|];
                {|LOCK2002:_one.Wait()|};
                Console.Write(1);
                _one.Release();
                _gate.Exit();
        """);

    [Fact]
    public void Miss_DivisionAndCasts_AreTakenNotToThrow() => VerifyIn("_gate.Enter(); _count = 1 / _count; object o = _count; int n = (int)o; _gate.Exit();");

    [Theory]
    [InlineData("store.Rows", true)]
    [InlineData("store.Looked", true)]
    [InlineData("store.Self.Rows", false)]
    public void LockThatAPropertyLeadsTo_IsReleasedAsItWasAcquired(string @lock, bool isSilent) => Verify(
        $$"""
        public class Store
        {
            private readonly ReaderWriterLockSlim _rows = new();

            public ReaderWriterLockSlim Rows { get; } = new();

            public ReaderWriterLockSlim Looked => _rows;

            public Store Self => Environment.TickCount > 0 ? this : throw new InvalidOperationException();
        }

        public static class User
        {
            public static void Use(Store store, Action use)
            {
                {{(isSilent ? $"{@lock}.EnterReadLock()" : $"[|{@lock}.EnterReadLock()|]")}};
                try
                {
                    use();
                }
                finally
                {
                    {{@lock}}.ExitReadLock();
                }
            }
        }
        """);

    [Fact]
    public void UsingInATryWithAHandler_IsSilent() => Verify(
        """
        public class Counter
        {
            private readonly Lock _gate = new();
            private int _count;

            public void M()
            {
                try
                {
                    using (_gate.EnterScope())
                    {
                        _count = 1;
                    }
                }
                catch (Exception)
                {
                    throw;
                }
            }
        }
        """);

    /// <summary>A constructor that only keeps what it got does not fail.</summary>
    [Theory]
    [InlineData("new Kept(_one)", true)]
    [InlineData("new KeptByPrimary(_one)", true)]
    [InlineData("new KeptAndMore(_one)", false)]
    [InlineData("new Checked(_one)", false)]
    [InlineData("new Derived(_one)", false)]
    public void ConstructorThatOnlyKeeps_IsSilent(string made, bool isSilent) => Verify(
        $$"""
        public class Counter
        {
            private readonly Mutex _one = new();

            public void M()
            {
                {{(isSilent ? "_one.WaitOne()" : "[|_one.WaitOne()|]")}};
                object kept = {{made}};
                _one.ReleaseMutex();
                GC.KeepAlive(kept);
            }

            private class Kept { private readonly Mutex _kept; private int _uses = 0; public Kept(Mutex one) { _kept = one; _uses = 1; } }

            private class KeptByPrimary(Mutex one) { public Mutex One { get; } = one; }

            private class KeptAndMore(Mutex one) { public Mutex One { get; } = one; private readonly int[] _more = Fill(); private static int[] Fill() => new int[3]; }

            private class Checked { private Mutex _kept = null!; public Checked(Mutex one) { One = one; } public Mutex One { get => _kept; set => _kept = value ?? throw new ArgumentNullException(nameof(value)); } }

            private class Derived(Mutex one) : Kept(one);
        }
        """);
}
