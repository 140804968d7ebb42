// The scope of a context of the validator.
using System;

namespace Locking;

/// <summary>Restores the context that was before. Belongs to the thread that made it; disposing it again does nothing.</summary>
public ref struct ContextScope
{
    private readonly (CallbackContexts Inside, CallbackContexts Admitted, WaitType Allows) _before;
    private readonly LockPlace? _callback;
    private readonly int _depth;
    private HeldStack? _stack;

    internal ContextScope(HeldStack stack, (CallbackContexts Inside, CallbackContexts Admitted, WaitType Allows) before, LockPlace? callback = null)
    {
        _stack = stack;
        _before = before;
        _callback = callback;
        _depth = stack.Held.Length;
    }

    /// <summary>Ends the scope. Reports where a callback leaves a lock held, or where a lock acquired inside meets callbacks that may run again.</summary>
    /// <exception cref="InvalidOperationException">Called by another thread or flow.</exception>
    public void Dispose()
    {
        if (_stack is not { } stack)
        {
            return;
        }

        if (stack != HeldStack.Current)
        {
            throw new InvalidOperationException("A context must be left by the thread or flow that entered it.");
        }

        _stack = null;
        CallbackContexts during = stack.Admitted;
        stack.Change(_before.Inside, _before.Admitted, _before.Allows);
        if (_callback is { } place)
        {
            Lockdep.ReportHeldAtExit(stack, _depth, place);
        }
        else if ((_before.Admitted & ~during) is var again && again != CallbackContexts.None)
        {
            Validator.Admit(stack, again);
        }
    }
}
