// Handing a protected pointer out of its read section.
using System.Collections.Generic;
using System.Threading;
using Locking;

namespace Locking.Samples.LOCK5009;

public sealed class Session
{
    public string User { get; init; } = "";
}

public sealed class Sessions
{
    private readonly SrcuDomain _srcu = new();
    private readonly Lock _update = new();

    [GuardedBy(nameof(_update), nameof(_srcu))]
    private Session? _current;

    private readonly List<Session?> _seen = [];
    private Session? _last;

    public Session? Returned()
    {
        using (_srcu.EnterRead())
        {
            return _current; // LOCK5009
        }
    }

    public void Stored()
    {
        using (_srcu.EnterRead())
        {
            _last = _current; // LOCK5009
        }
    }

    public void Given(out Session? session)
    {
        using (_srcu.EnterRead())
        {
            session = _current; // LOCK5009
        }
    }

    public void Collected()
    {
        using (_srcu.EnterRead())
        {
            _seen.Add(_current); // LOCK5009
        }
    }

    /// <summary>Right: copied is what is needed.</summary>
    public string User()
    {
        using (_srcu.EnterRead())
        {
            return _current?.User ?? "";
        }
    }

    /// <summary>Right: the caller is in a section, and says so.</summary>
    [RequiresShared(nameof(_srcu))]
    public Session? Current() => _current;

    public bool IsLast(Session session) => _last == session;
}
