// The validator's contexts: callbacks, regions in which callbacks may run, regions that must not block, flows.
using System;
using System.Runtime.CompilerServices;

namespace Locking;

public static partial class Lockdep
{
    /// <summary>
    /// The calling thread runs a callback on top of whatever it did before. Locks held underneath are in no order with those acquired inside,
    /// but what the callback acquires must not be held where it may run. A non-blockable callback may at most spin.
    /// </summary>
    /// <param name="context"><see cref="CallbackContexts.NonBlockable"/> or <see cref="CallbackContexts.Blockable"/>.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <returns>The scope; at its end everything acquired inside must have been released.</returns>
    public static ContextScope EnterCallback(CallbackContexts context, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!LockdepSwitch.Validates)
        {
            return default;
        }

        HeldStack stack = HeldStack.Current;
        WaitType allows = (context & CallbackContexts.NonBlockable) != 0 ? WaitType.Spin : WaitType.Sleep;
        return new ContextScope(stack, stack.Change(stack.Inside | context, CallbackContexts.None, Least(stack.ContextAllows, allows)), new LockPlace(file, line));
    }

    /// <summary>Callbacks may run on top of this thread from here to the end of the scope, and so while anything held now is held.</summary>
    /// <param name="contexts">Which callbacks.</param>
    /// <returns>The scope.</returns>
    public static ContextScope AdmitCallbacks(CallbackContexts contexts)
    {
        if (!LockdepSwitch.Validates)
        {
            return default;
        }

        HeldStack stack = HeldStack.Current;
        Validator.Admit(stack, contexts & ~stack.Admitted);
        return new ContextScope(stack, stack.Change(stack.Inside, stack.Admitted | contexts, stack.ContextAllows));
    }

    /// <summary>No callback can run on top of this thread from here to the end of the scope.</summary>
    /// <param name="contexts">Which callbacks.</param>
    /// <returns>The scope.</returns>
    public static ContextScope ExcludeCallbacks(CallbackContexts contexts)
    {
        if (!LockdepSwitch.Validates)
        {
            return default;
        }

        HeldStack stack = HeldStack.Current;
        return new ContextScope(stack, stack.Change(stack.Inside, stack.Admitted & ~contexts, stack.ContextAllows));
    }

    /// <summary>Something here may fault, and callbacks then run on top of this thread: nothing may be held that they acquire.</summary>
    public static void MayFault()
    {
        if (LockdepSwitch.Validates)
        {
            Validator.Admit(HeldStack.Current, CallbackContexts.Any);
        }
    }

    /// <summary>From here to the end of the scope nothing may wait more than so much, whatever is held. Linux: <c>non_block_start</c> and its like.</summary>
    /// <param name="limit">The most that is allowed.</param>
    /// <returns>The scope.</returns>
    public static ContextScope Restrict(WaitType limit)
    {
        if (!LockdepSwitch.Validates)
        {
            return default;
        }

        HeldStack stack = HeldStack.Current;
        return new ContextScope(stack, stack.Change(stack.Inside, stack.Admitted, Least(stack.ContextAllows, limit)));
    }

    /// <summary>Reports where a wait is not allowed here. Called by everything that blocks and is no lock. Linux: <c>might_sleep</c>.</summary>
    /// <param name="what">What blocks, for the message.</param>
    /// <param name="need">How it waits.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    public static void MightBlock(string what, WaitType need = WaitType.Sleep, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!IsActive)
        {
            return;
        }

        HeldStack stack = HeldStack.Current;
        if (need > stack.Allowed())
        {
            Validator.Publish(stack, Reports.About(
                stack, LockdepReportKind.InvalidWaitContext, $"{what} may wait by {need} where only {stack.Allowed()} is allowed", null, new LockPlace(file, line)));
        }
    }

    /// <summary>Allocations in the scope must not reclaim memory. Linux: <c>memalloc_nofs_save</c>.</summary>
    /// <returns>The scope.</returns>
    public static ReclaimScope ForbidReclaim()
    {
        if (!LockdepSwitch.Validates)
        {
            return default;
        }

        HeldStack stack = HeldStack.Current;
        stack.NoReclaimDepth++;
        return new ReclaimScope(stack);
    }

    /// <summary>
    /// An allocation here may have to reclaim memory, and reclaim opens invalidate windows: nothing may be held that reclaim needs. Linux:
    /// <c>fs_reclaim_acquire</c> and <c>fs_reclaim_release</c>.
    /// </summary>
    /// <param name="mayReclaim">Whether it waits for reclaim; false for one that fails instead, or dips into reserves. Linux: <c>__GFP_FS</c>.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    public static void MightAllocate(bool mayReclaim = true, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Validates && mayReclaim && HeldStack.Current.NoReclaimDepth == 0)
        {
            MightAcquire(VirtualLocks.Reclaim.Map!, LockMode.Exclusive, AcquireKind.Blocking, file, line);
        }
    }

    /// <summary>
    /// Begins a flow: from here on the calling method and what it awaits have a held stack of their own, which moves between threads with
    /// them. Opt-in, because nobody can tell a flow that forks from one that continues: begin another in everything that runs in parallel.
    /// </summary>
    /// <param name="name">A name for reports; a number if null.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <returns>The scope, to be disposed by the same method. At its end nothing may be held.</returns>
    public static FlowScope BeginFlow(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        LockdepSwitch.Observes ? new FlowScope(HeldStack.BeginFlow(name), new LockPlace(file, line)) : default;

    private static WaitType Least(WaitType a, WaitType b) => a < b ? a : b;
}
