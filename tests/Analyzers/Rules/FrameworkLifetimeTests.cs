// What the framework hands out and wants back, and references that are counted by hand: LOCK5001, LOCK5002, LOCK5003, LOCK2003.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class FrameworkLifetimeTests() : RuleTests("LOCK5002")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        using System.Buffers;
        using System.IO;
        using System.Runtime.InteropServices;
        public class User(SafeHandle handle, Stream stream)
        {
            private byte[] _kept = [];
            private GCHandle _pin;
            private readonly List<byte[]> _all = [];
            public void M(bool flag, object target, int n, out byte[]? given) { given = null; {{body}} }
            private Other _other = new([]);
            private void Refill() => _kept = [];
            private static void Free(byte[] array) => ArrayPool<byte>.Shared.Return(array);
            private static void Grow(ref byte[] array) { ArrayPool<byte>.Shared.Return(array); array = ArrayPool<byte>.Shared.Rent(100); }
        }
        public class Other(byte[] first) { public byte[] Kept = first; public static byte[] Last = []; public void Use(byte[] array) { Kept = array; } }
        """);

    [Theory]
    [InlineData("var a = [|ArrayPool<byte>.Shared.Rent(n)|]; if (flag) return; ArrayPool<byte>.Shared.Return(a);")]
    [InlineData("var a = [|ArrayPool<byte>.Shared.Rent(n)|]; stream.Read(a, 0, n); if (flag) return; ArrayPool<byte>.Shared.Return(a);")]
    [InlineData("byte[] a; a = [|ArrayPool<byte>.Shared.Rent(n)|]; a.AsSpan().Clear(); if (n > 3) Free(a);")]
    [InlineData("var a = [|ArrayPool<byte>.Shared.Rent(n)|]; if (n == 1) { _kept = a; return; } if (n == 2) return; Free(a);")]
    [InlineData("var m = [|MemoryPool<byte>.Shared.Rent(n)|]; if (flag) return; m.Dispose();")]
    [InlineData("var g = [|GCHandle.Alloc(target, GCHandleType.Pinned)|]; if (flag) return; g.Free();")]
    [InlineData("var g = [|GCHandle.Alloc(target, GCHandleType.Pinned)|]; Console.Write(g.AddrOfPinnedObject());")]
    [InlineData("bool taken = false; [|handle.DangerousAddRef(ref taken)|]; if (flag) return; handle.DangerousRelease();")]
    public void ForgottenOnOneWay_IsReported(string body) => VerifyIn(body);

    [Theory]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); try { stream.Read(a, 0, n); } finally { ArrayPool<byte>.Shared.Return(a); }")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); stream.Read(a, 0, n); ArrayPool<byte>.Shared.Return(a);")]
    [InlineData("byte[]? a = null; Span<byte> s = n < 9 ? stackalloc byte[9] : (a = ArrayPool<byte>.Shared.Rent(n)); s.Clear(); if (a != null) ArrayPool<byte>.Shared.Return(a);")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); while (n-- > 0) { var b = ArrayPool<byte>.Shared.Rent(n); Array.Copy(a, b, 1); Free(a); a = b; } Free(a);")]
    [InlineData("using var m = MemoryPool<byte>.Shared.Rent(n); m.Memory.Span.Clear();")]
    [InlineData("var m = MemoryPool<byte>.Shared.Rent(n); m.Dispose(); m.Dispose();")]
    [InlineData("var g = GCHandle.Alloc(target); try { Console.Write(n); } finally { if (g.IsAllocated) g.Free(); }")]
    [InlineData("if (_pin.IsAllocated) _pin.Free();")]
    [InlineData("ArrayPool<byte>.Shared.Return(_kept); Refill(); ArrayPool<byte>.Shared.Return(_kept);")]
    [InlineData("bool taken = false; try { handle.DangerousAddRef(ref taken); } finally { if (taken) handle.DangerousRelease(); }")]
    [InlineData("handle.DangerousRelease();")]
    public void GivenBack_IsSilent(string body) => VerifyIn(body);

    [Theory]
    [InlineData("_kept = a;")]
    [InlineData("given = a;")]
    [InlineData("_all.Add(a);")]
    [InlineData("_all[0] = a;")]
    [InlineData("_other.Kept = a;")]
    [InlineData("Other.Last = a;")]
    [InlineData("_other = new Other(a);")]
    [InlineData("_other = new Other([]) { Kept = a };")]
    [InlineData("_other.Use(a);")]
    [InlineData("Task.Run(() => Free(a));")]
    [InlineData("Memory<byte> m = a; _all.Add(m.ToArray());")]
    [InlineData("var parts = new object[] { a }; Console.Write(parts);")]
    [InlineData("List<byte[]> parts = [a]; Console.Write(parts.Count);")]
    [InlineData("var parts = (a, n); Console.Write(parts);")]
    [InlineData("var part = new { a }; Console.Write(part);")]
    [InlineData("object o = a; _ = o as IDisposable; GC.KeepAlive(o);")]
    [InlineData("Interlocked.Exchange(ref _kept, a);")]
    [InlineData("ref byte[] last = ref Other.Last; last = a;")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => { }, a);")]
    public void HandedOn_IsSilent(string body) => VerifyIn($"var a = ArrayPool<byte>.Shared.Rent(n); if (flag) {{ {body} return; }} Free(a);");

    [Theory]
    [InlineData("_pin = GCHandle.Alloc(target);")]
    [InlineData("Console.Write(GCHandle.ToIntPtr(GCHandle.Alloc(target)));")]
    [InlineData("var g = GCHandle.Alloc(target); object boxed = g; Console.Write(boxed);")]
    [InlineData("GCHandle? g = GCHandle.Alloc(target); g.Value.Free();")]
    [InlineData("GCHandle.Alloc(target);")]
    [InlineData("_kept = ArrayPool<byte>.Shared.Rent(n);")]
    [InlineData("_all.Add(ArrayPool<byte>.Shared.Rent(n));")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); a.AsSpan().Clear();")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); Grow(ref a); Free(a);")]
    [InlineData("bool taken = false; handle.DangerousAddRef(ref taken);")]
    public void GivenBackElsewhere_IsSilent(string body) => VerifyIn(body);

    [Theory]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); try { if (stream.Read(a, 0, n) == 0) throw new IOException(); Free(a); } catch (IOException) { Console.Write(n); }")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); try { stream.Read(a, 0, n); Free(a); Console.Write(n); } catch { Free(a); throw; }")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); if (flag) throw new IOException(); Free(a);")]
    public void OnlyAfterAnException_IsSilent(string body) => VerifyIn(body);

    [Fact]
    public void PassedToWhatDoesNotResolve_IsSilent() => Verify(
        """
        public class User
        {
            private object? _data;

            public void M(int n)
            {
                var a = System.Buffers.ArrayPool<byte>.Shared.Rent(n);
                if (n == 1) { _data = new Missing(a, n); return; }
                if (n == 2) { Missing.Keep(a); return; }
                if (n == 3) { this.Missing = a; return; }
                System.Buffers.ArrayPool<byte>.Shared.Return(a);
            }
        }
        """,
        compiles: false);

    [Theory]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); ArrayPool<byte>.Shared.Return(a); {|LOCK2003:ArrayPool<byte>.Shared.Return(a)|};")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); Free(a); {|LOCK2003:Free(a)|};")]
    [InlineData("var g = GCHandle.Alloc(target); g.Free(); {|LOCK2003:g.Free()|};")]
    public void GivenBackTwice_IsReported(string body) => VerifyIn(body);

    [Theory]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); Free(a); Console.Write({|LOCK5003:a[0]|});")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); Free(a); {|LOCK5003:a[0]|} = 1;")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); Free(a); {|LOCK5003:stream.Write(a, 0, n)|};")]
    [InlineData("using var m = MemoryPool<byte>.Shared.Rent(n); m.Dispose(); {|LOCK5003:m.Memory|}.Span.Clear();")]
    [InlineData("var g = GCHandle.Alloc(target); g.Free(); Console.Write({|LOCK5003:g.Target|});")]
    public void UsedAfterwards_IsReported(string body) => VerifyIn(body);

    [Theory]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); if (flag) Free(a); if (!flag) { stream.Write(a, 0, n); Free(a); }")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); while (n-- > 0) { stream.Write(a, 0, n); Free(a); a = ArrayPool<byte>.Shared.Rent(n); } Free(a);")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); Free(a); a = new byte[n]; a[0] = 1;")]
    [InlineData("var a = ArrayPool<byte>.Shared.Rent(n); Free(a); _other.Use(a);")]
    [InlineData("foreach (byte[] a in _all) { a[0] = 1; Free(a); }")]
    public void AnotherObjectOrWay_IsSilent(string body) => VerifyIn(body);

    [Fact]
    public void Message_TellsWhereItIsGivenBack() => Verify(
        """
        public class User
        {
            public void M(bool flag)
            {
                byte[] rented = [|System.Buffers.ArrayPool<byte>.Shared.Rent(1)|];
                if (!flag) {|#0:System.Buffers.ArrayPool<byte>.Shared.Return(rented)|};
            }
        }
        """,
        "'rented' is given back on some ways out of here, and not on all");

    [Fact]
    public void Message_OfWhatIsNeverGivenBack() => Verify(
        """
        using System.Runtime.InteropServices;
        public class User { public IntPtr M(object o) { var pin = [|GCHandle.Alloc(o, GCHandleType.Pinned)|]; return pin.AddrOfPinnedObject(); } }
        """,
        "'pin' is never given back");

    [Fact]
    public void WhatAPointerPointsTo_IsNoFailure() => Verify(
        """
        public class User
        {
            private readonly object _gate = new();
            private int _sum;
            public unsafe bool M(byte* data, ulong sum) { lock (_gate) { _sum++; return Check(data, sum); } }
            private unsafe bool Check(byte* data, ulong sum) { if (sum != *(ulong*)data) return false; return true; }
        }
        """);

    [Fact]
    public void Implementations_MakeTheirOwnPromises() => Verify(
        """
        using System.Buffers;
        public sealed class Pool : ArrayPool<byte>
        {
            private readonly Stack<byte[]> _free = new();
            public override byte[] Rent(int minimumLength) => _free.Count > 0 ? _free.Pop() : new byte[minimumLength];
            public override void Return(byte[] array, bool clearArray = false) => _free.Push(array);
        }
        public sealed class Owner(byte[] array) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory => array;
            public void Dispose() { }
        }
        """);

    [Fact]
    public void OwnPool_InAContractFile() => Verify(
        """
        public sealed class Slot { public int Used; }
        public sealed class Slots { public Slot Take() => new(); public void Give(Slot slot) { slot.Used = 0; } }
        public class User
        {
            public void M(Slots slots, bool flag) { var slot = [|slots.Take()|]; if (flag) return; slots.Give(slot); }
        }
        """,
        contracts: """
        M:Slots.Take : Acquires("return", Kind = Reference)
        M:Slots.Give(Slot) : Releases("slot", Kind = Reference)
        """);

    [Fact]
    public void CountedByHand_IsFoundByItsShape() => Verify(
        """
        public sealed class Segment
        {
            private int _users = 1;

            public bool TryAddRef()
            {
                int users;
                do
                {
                    users = Volatile.Read(ref _users);
                    if (users == 0) return false;
                }
                while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
                return true;
            }

            public void AddRef() => Interlocked.Increment(ref _users);
            public void Release() { if (Interlocked.Decrement(ref _users) == 0) Free(); }
            private void Free() { }
            private object? _page;
            public object? Allocate() { if (!TryAddRef()) return null; if (_page is null) { Release(); return null; } return _page; }
        }

        public class Reader
        {
            private readonly Segment _segment = new();
            public void Unchecked() { {|LOCK5001:_segment.TryAddRef()|}; _segment.Release(); }
            public void Forgotten(bool flag) { if (![|_segment.TryAddRef()|]) return; if (flag) return; _segment.Release(); }
            public void Right(Segment one) { if (one.TryAddRef()) { try { } finally { one.Release(); } } }
            public void Twice(Segment one) { one.Release(); {|LOCK2003:one.Release()|}; }
            public void Again(bool flag) { [|_segment.AddRef()|]; if (flag) return; _segment.Release(); }
            public Action Later(Segment one) => one.Release;
            public bool Passed(Segment one) => one.TryAddRef();
            public void FromElsewhere(Segment one) => one.Release();
        }

        public sealed class Limiter
        {
            private int _running;
            public bool TryStart() => Interlocked.CompareExchange(ref _running, 1, 0) == 0;
            public void Stop() => _running = 0;
            public void Use() { TryStart(); }
        }

        public sealed class Throttle
        {
            private int _running;
            public bool TryStart() { int n = _running; return n < 8 && Interlocked.CompareExchange(ref _running, n + 1, n) == n; }
            public void Stop() => Interlocked.Decrement(ref _running);
            public void Use() { TryStart(); }
        }
        """);
}
