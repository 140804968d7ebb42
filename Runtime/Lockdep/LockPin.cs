// The proof that one pinned a lock.
namespace Locking;

/// <summary>The proof that one pinned a lock; handed back to unpin it. Linux: <c>struct pin_cookie</c>.</summary>
public readonly struct LockPin
{
    internal LockPin(int cookie) => Cookie = cookie;

    /// <summary>Differs from that of most other pins; 0 where nothing was pinned.</summary>
    internal int Cookie { get; }
}
