// Double-checked locking on a field that is not volatile.
using System;
using System.Threading;

namespace Locking.Samples.LOCK6005;

public sealed class Plugin
{
    private readonly Lock _gate = new();
    private readonly Lazy<string> _lazy = new(() => Environment.MachineName);
    private bool _isLoaded;
    private volatile bool _isReady;

    public void LoadOnce()
    {
        if (!_isLoaded) // LOCK6005
        {
            lock (_gate)
            {
                if (!_isLoaded)
                {
                    Load();
                    _isLoaded = true;
                }
            }
        }
    }

    /// <summary>Right: volatile.</summary>
    public void PrepareOnce()
    {
        if (!_isReady)
        {
            lock (_gate)
            {
                if (!_isReady)
                {
                    Load();
                    _isReady = true;
                }
            }
        }
    }

    /// <summary>Right: somebody else's double check.</summary>
    public string Name => _lazy.Value;

    private static void Load() => Thread.Yield();
}
