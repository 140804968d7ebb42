// A flow, or a blocked thread, that waits for an async mutex.
using System.Threading;
using System.Threading.Tasks;

namespace Locking;

/// <summary>A place in the queue of an async mutex; its task ends when the mutex is handed over. Never runs a continuation inline.</summary>
internal sealed class AsyncWaiter(AsyncMutex mutex) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public AsyncWaiter? Next { get; set; }

    public AsyncWaiter? Previous { get; set; }

    /// <summary>Leaves the queue as cancelled, unless the mutex was handed over already.</summary>
    public void Cancel(CancellationToken token)
    {
        if (mutex.TryWithdraw(this))
        {
            SetCanceled(token);
        }
    }
}
