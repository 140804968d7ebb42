// A driver's mirror of an address space, in the interface of 5.3.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// A driver's mirror of an address space. A driver derives from it. Linux: <c>struct hmm_mirror</c> and its ops, 5.2 to 5.4.
/// </summary>
/// <remarks>Callbacks run with the list of mirrors held for reading: they must not register or unregister mirrors (R23).</remarks>
public abstract class HmmMirror
{
    private int _isRegistered;

    /// <summary>The address space; null before registering.</summary>
    public AddressSpace? Mm => Hmm?.Mm;

    /// <summary>
    /// Whether the address space has users. A hint, good for giving up early: it may have exited by the time the caller looks (R07). Linux:
    /// <c>hmm_mirror_mm_is_alive</c>, 5.2.
    /// </summary>
    public bool IsMmAlive => Mm is { Users.Count: > 0 };

    internal Hmm? Hmm { get; private set; }

    internal int CallbackDepth;

    internal bool IsReleased { get; set; }

    /// <summary>Begins to be told of every window. Linux: <c>hmm_mirror_register</c>.</summary>
    /// <param name="mm">The address space; null is answered, not thrown.</param>
    /// <returns>Ok, Invalid (no address space), NoMemory, NotSupported.</returns>
    /// <exception cref="InvalidOperationException">It was registered before, this is a callback, or the thread has a window open.</exception>
    [Requires("mm.MmapSem")]
    [RequiresShared("mm.Users")]
    [MayBlock]
    public HmmResult Register(AddressSpace? mm)
    {
        // Arguments before assertions that dereference them (R50).
        if (mm is null)
        {
            return HmmResult.Invalid;
        }

        MmuNotifiers.RefuseInCallbackOrWindow("a mirror is registered");
        mm.MmapSem.AssertHeldWrite();
        if (!mm.Machine.Has(MirrorFeatures.Mirror))
        {
            return HmmResult.NotSupported;
        }

        if (Volatile.Read(ref _isRegistered) != 0)
        {
            throw MirrorProtocol.Misuse("R28: a mirror is registered twice");
        }

        if (Hmm.GetOrCreate(mm) is not { } hmm)
        {
            return HmmResult.NoMemory;
        }

        Hmm = hmm;
        hmm.Disown();
        Volatile.Write(ref _isRegistered, 1);
        hmm.Add(this);
        return HmmResult.Ok;
    }

    /// <summary>
    /// Ends being told: when it returns, no callback runs or will run. No range of it may be registered, and it is not called from a callback.
    /// Linux: <c>hmm_mirror_unregister</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not registered, or a range of it is, or this is a callback.</exception>
    [Fence("callbacks")]
    [MayBlock]
    public void Unregister()
    {
        MmuNotifiers.RefuseInCallback("a mirror is unregistered");
        if (Hmm is { } used && used.HasRangeOf(this))
        {
            throw MirrorProtocol.Misuse("A mirror is unregistered while a range of it is registered");
        }

        if (Interlocked.Exchange(ref _isRegistered, 0) == 0)
        {
            throw MirrorProtocol.Misuse("R28: a mirror is unregistered twice, or was never registered");
        }

        Hmm!.Remove(this);
        MirrorProtocol.Expect(Volatile.Read(ref CallbackDepth) == 0, "INV-10: a callback runs after its mirror was unregistered");
        Hmm.Put();
    }

    /// <summary>Entries are about to change: stop using the range before returning. Linux: <c>sync_cpu_device_pagetables</c>.</summary>
    /// <param name="range">The window.</param>
    /// <returns>Ok; Again only where the window is not blockable and this would block.</returns>
    protected internal abstract NotifierResult OnSync(in InvalidateRange range);

    /// <summary>The address space exits: stop every use, for good. At most once.</summary>
    protected internal virtual void OnRelease()
    {
    }
}
