// A lock that one function acquires and another releases, later: a releaser that is returned, work that goes on.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.Valid.HandedOver;

public sealed class Turnstile
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public IDisposable Enter()
    {
        _turn.Wait();
        return new Leaver(() => _turn.Release());
    }

    public async Task<IDisposable> EnterAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        return new Leaver(() => _turn.Release());
    }

    public async Task StartAsync(Func<Task> work)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _ = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        });
    }

    public async Task StartOrStayAsync(Action work, bool isOpen)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        if (!isOpen)
        {
            _turn.Release();
            return;
        }

        bool isSent = false;
        try
        {
            _ = Task.Run(() =>
            {
                try
                {
                    work();
                }
                finally
                {
                    _turn.Release();
                }
            });
            isSent = true;
        }
        finally
        {
            if (!isSent)
            {
                _turn.Release();
            }
        }
    }

    private sealed class Leaver(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}

/// <summary>The lock is the caller's: it is given up for a moment, and taken back.</summary>
public sealed class Mailbox(object sync)
{
    private int _letters;

    public bool Look(int timeout)
    {
        if (timeout == 0)
        {
            Monitor.Exit(sync);
            Monitor.Enter(sync);
        }
        else
        {
            while (_letters == 0)
            {
                Monitor.Wait(sync, timeout);
            }
        }

        return _letters > 0;
    }

    public void Drop()
    {
        lock (sync)
        {
            _letters++;
            Monitor.PulseAll(sync);
        }
    }
}
