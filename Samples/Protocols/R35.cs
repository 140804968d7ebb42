// The update is finished before the callback returns.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R35;

public sealed class Device
{
    private readonly SemaphoreSlim _flushed = new(1, 1);

    public void Wrong()
    {
        _ = _flushed.WaitAsync(); // LOCK2008
        _flushed.Release();
    }

    public async Task Right()
    {
        await _flushed.WaitAsync();
        _flushed.Release();
    }
}
