// One entry of a held stack.
namespace Locking;

/// <summary>One acquisition that has not been released yet. Linux: <c>struct held_lock</c>.</summary>
/// <remarks>
/// An acquisition ends in an atomic operation that waits for every store before it, so what is stored per acquisition is kept small: four
/// small values share a word, references are stored only where they change, and what is rarely set is cleared when the entry goes.
/// </remarks>
internal struct HeldLock
{
    /// <summary>The lock. A free slot keeps the last one of its depth: at most <see cref="HeldStack.MaxDepth"/> dead locks per thread.</summary>
    public LockMap Map;

    public LockSubclass Vertex;
    public string File;

    /// <summary>The lock that serialises several of this class, if the acquisition named one.</summary>
    public LockMap? NestLock;

    /// <summary>The key of the chain that ends with this entry.</summary>
    public ulong Chain;

    /// <summary>When it was acquired, in stopwatch ticks; 0 where nobody measures.</summary>
    public long Since;

    public int Line;

    /// <summary>How many locks of the class this entry stands for; 0 for the usual entry, which stands for <see cref="Map"/> alone.</summary>
    public int References;

    /// <summary>How many pins keep it from being released.</summary>
    public int Pins;

    /// <summary>On the stack of a flow: the thread that acquired it, which may not be the current one any more.</summary>
    public int Thread;

    // Bytes, from the lowest: mode, kind, inside, allows.
    private uint _packed;

    public readonly LockPlace Place => new(File, Line);

    public LockMode Mode
    {
        readonly get => (LockMode)(byte)_packed;
        set => _packed = (_packed & ~0xFFu) | (uint)value;
    }

    public readonly AcquireKind Kind => (AcquireKind)(byte)(_packed >> 8);

    /// <summary>The callbacks that were running: locks of the code underneath are in no order with it.</summary>
    public readonly CallbackContexts Inside => (CallbackContexts)(byte)(_packed >> 16);

    /// <summary>The least that this entry and those below it in the same callback allow inside.</summary>
    public WaitType Allows
    {
        readonly get => (WaitType)(_packed >> 24);
        set => _packed = (_packed & 0xFFFFFFu) | ((uint)value << 24);
    }

    public void Set(LockMode mode, AcquireKind kind, CallbackContexts inside, WaitType allows) =>
        _packed = (uint)mode | ((uint)kind << 8) | ((uint)inside << 16) | ((uint)allows << 24);

    /// <summary>Whether nothing is set but what every acquisition sets.</summary>
    public readonly bool IsSimple => (References | Pins) == 0 && NestLock is null;

    /// <summary>Clears what an acquisition does not set.</summary>
    public void Clean()
    {
        if (!IsSimple)
        {
            References = Pins = 0;
            NestLock = null;
        }
    }
}
