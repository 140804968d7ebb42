// Looking at what a protected pointer points to outside of its read section.
using System.Threading;
using Locking;

namespace Locking.Samples.LOCK5006;

public sealed class Config
{
    public int Timeout { get; init; }
}

public sealed class Settings
{
    private readonly SrcuDomain _srcu = new();
    private readonly Lock _update = new();

    [GuardedBy(nameof(_update), nameof(_srcu))]
    private Config? _config;

    public int WithoutASection() => _config?.Timeout ?? 0; // LOCK5006

    public int AfterTheSection()
    {
        Config? config;
        using (_srcu.EnterRead())
        {
            config = _config;
        }

        return config?.Timeout ?? 0; // LOCK5006
    }

    public int InTheSection()
    {
        using (_srcu.EnterRead())
        {
            return _config?.Timeout ?? 0;
        }
    }

    /// <summary>Right: comparing with null looks at nothing.</summary>
    public bool IsSet() => _config is not null;

    public void Set(Config config)
    {
        lock (_update)
        {
            _config = config;
        }
    }
}
