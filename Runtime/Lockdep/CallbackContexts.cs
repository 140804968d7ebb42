// The contexts in which code runs on top of other code of the same thread.
using System;

namespace Locking;

/// <summary>
/// A fault or an unmap runs notifier callbacks on top of the thread that caused it, whatever that thread holds: what interrupts are to a
/// kernel. A lock that a callback takes must therefore not be held where a callback may run.
/// </summary>
[Flags]
public enum CallbackContexts
{
    /// <summary>No callback.</summary>
    None = 0,

    /// <summary>A callback that must not block. Takes the place of Linux's hard interrupt in the rules.</summary>
    NonBlockable = 1,

    /// <summary>A callback that may block. Takes the place of Linux's soft interrupt in the rules.</summary>
    Blockable = 2,

    /// <summary>Either.</summary>
    Any = NonBlockable | Blockable,
}
