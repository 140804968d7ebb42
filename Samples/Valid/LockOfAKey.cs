// A semaphore for each key: used where it is found, or handed to a caller who releases it.
using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.Valid.LockOfAKey;

public sealed class Downloads
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new();

    public async Task Fetch(string address, Func<string, Task> fetch, CancellationToken token)
    {
        SemaphoreSlim gate = GateOf(address);
        await gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            await fetch(address).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<SemaphoreSlim> Take(string address)
    {
        SemaphoreSlim gate = GateOf(address);
        await gate.WaitAsync().ConfigureAwait(false);
        return gate;
    }

    public async Task Clear(string address)
    {
        SemaphoreSlim taken = await Take(address);
        _gates.TryRemove(address, out _);
        taken.Release();
    }

    private SemaphoreSlim GateOf(string address) => _gates.GetOrAdd(address, _ => new SemaphoreSlim(1, 1));
}
