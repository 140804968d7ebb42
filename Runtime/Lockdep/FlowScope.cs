// The scope of an async flow with a held stack of its own.
using System;

namespace Locking;

/// <summary>Ends what <see cref="Lockdep.BeginFlow"/> began. Not a ref struct, because a flow is there to be awaited in.</summary>
public readonly struct FlowScope : IDisposable
{
    private readonly HeldStack? _outer;
    private readonly LockPlace? _place;

    internal FlowScope(HeldStack? outer, LockPlace place)
    {
        _outer = outer;
        _place = place;
    }

    /// <summary>Goes back to the flow or thread that was before. Reports where something is still held.</summary>
    public void Dispose()
    {
        if (_place is { } place && HeldStack.EndFlow(_outer) is { } ended && Lockdep.IsActive)
        {
            Lockdep.ReportHeldAtExit(ended, 0, place);
        }
    }
}
