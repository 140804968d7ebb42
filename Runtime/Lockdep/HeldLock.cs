// One entry of a held stack.
namespace Locking;

/// <summary>One acquisition that has not been released yet. Linux: <c>struct held_lock</c>.</summary>
internal struct HeldLock
{
    /// <summary>The lock; null in a slot that is free, so that a dead lock is not kept alive.</summary>
    public LockMap? Map;

    /// <summary>The lock that serialises several of this class, if the acquisition named one.</summary>
    public LockMap? NestLock;

    public LockSubclass Vertex;
    public string File;
    public int Line;

    /// <summary>How many locks of the class this entry stands for; 0 for the usual entry, which stands for <see cref="Map"/> alone.</summary>
    public int References;

    /// <summary>How many pins keep it from being released.</summary>
    public int Pins;

    /// <summary>The thread that acquired it; differs from the current one only on the stack of a flow.</summary>
    public int Thread;

    public LockMode Mode;
    public AcquireKind Kind;

    /// <summary>The callbacks that were running: locks of the code underneath are in no order with it.</summary>
    public CallbackContexts Inside;

    /// <summary>The least that this entry and those below it in the same callback allow inside.</summary>
    public WaitType Allows;

    /// <summary>The chain key of the entries below.</summary>
    public ulong OuterChain;

    /// <summary>When it was acquired, in stopwatch ticks; 0 where nobody measures.</summary>
    public long Since;

    public readonly LockPlace Place => new(File, Line);
}
