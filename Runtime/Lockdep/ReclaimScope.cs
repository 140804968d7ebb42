// The scope in which allocations must not reclaim memory.
namespace Locking;

/// <summary>Ends what <see cref="Lockdep.ForbidReclaim"/> began. Disposing it again does nothing.</summary>
public ref struct ReclaimScope
{
    private HeldStack? _stack;

    internal ReclaimScope(HeldStack stack) => _stack = stack;

    /// <summary>Ends the scope.</summary>
    public void Dispose()
    {
        if (_stack is { } stack)
        {
            stack.NoReclaimDepth--;
            _stack = null;
        }
    }
}
