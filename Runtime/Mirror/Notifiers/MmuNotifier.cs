// A notifier of a whole address space.
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// Is told of every window of an address space, start and end. A driver derives from it. Linux: <c>struct mmu_notifier</c> and its ops.
/// </summary>
/// <remarks>
/// Callbacks run in the thread that changes the address space, on top of whatever it holds, in a read section of
/// <see cref="Machine.NotifierSrcu"/>; several at once. They must not register or unregister, nor wait for a grace period of that domain.
/// What contains a notifier is reclaimed after a grace period only (R11).
/// </remarks>
[GracePeriod("Locking.Mirror.Machine.NotifierSrcu")]
public abstract class MmuNotifier
{
    private int _state;
    private int _uses = 1;

    private enum State
    {
        New,
        Registered,
        Gone,
    }

    /// <summary>The address space; null before registering. Stays after unregistering (R06).</summary>
    public AddressSpace? Mm { get; private set; }

    internal int CallbackDepth;

    internal int IsReleased;

    /// <summary>Entries are about to change: stop using the range before returning.</summary>
    /// <param name="range">The window.</param>
    /// <returns>Ok; Again only where the window is not blockable and this would block. A refused start has changed nothing (R32).</returns>
    [RequiresShared("Locking.Mirror.Machine.NotifierSrcu")]
    protected internal virtual NotifierResult OnInvalidateStart(in InvalidateRange range) => NotifierResult.Ok;

    /// <summary>Entries have changed: the range may be used again, after a fault.</summary>
    /// <param name="range">The window that started.</param>
    [RequiresShared("Locking.Mirror.Machine.NotifierSrcu")]
    protected internal virtual void OnInvalidateEnd(in InvalidateRange range)
    {
    }

    /// <summary>The address space exits, or the notifier is unregistered with release: stop every use, for good. Called at most once.</summary>
    [RequiresShared("Locking.Mirror.Machine.NotifierSrcu")]
    [MayBlock]
    protected internal virtual void OnRelease()
    {
    }

    /// <summary>Whether the device used the range lately; forgets it. Linux: <c>clear_flush_young</c>.</summary>
    /// <param name="range">The range.</param>
    /// <returns>Whether it did.</returns>
    [MustNotBlock]
    protected internal virtual bool OnClearYoung(AddressRange range) => false;

    /// <summary>Whether the device used the range lately. Linux: <c>test_young</c>.</summary>
    /// <param name="range">The range.</param>
    /// <returns>Whether it did.</returns>
    [MustNotBlock]
    protected internal virtual bool OnTestYoung(AddressRange range) => false;

    /// <summary>Nobody knows it any more, and a grace period has passed. Linux: <c>free_notifier</c>.</summary>
    [MustNotBlock]
    protected internal virtual void OnFree()
    {
    }

    internal void Register(AddressSpace mm)
    {
        if (Interlocked.CompareExchange(ref _state, (int)State.Registered, (int)State.New) != (int)State.New)
        {
            throw MirrorProtocol.Misuse("R28: a notifier is registered twice");
        }

        Mm = mm;
    }

    internal void Unregister()
    {
        if (Interlocked.CompareExchange(ref _state, (int)State.Gone, (int)State.Registered) != (int)State.Registered)
        {
            throw MirrorProtocol.Misuse("R28: a notifier is unregistered twice, or was never registered");
        }
    }

    /// <summary>False where there are as many users as can be counted.</summary>
    [Requires("class:notifier_list")]
    internal bool TryUse()
    {
        if (_uses == int.MaxValue)
        {
            return false;
        }

        _uses++;
        return true;
    }

    /// <summary>How many uses are left. What is put too often is unregistered a second time, and that is told.</summary>
    [Requires("class:notifier_list")]
    internal int Unuse() => --_uses;
}
