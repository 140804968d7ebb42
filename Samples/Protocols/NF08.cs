// Linux 5.2: the list lock is dropped around each release callback, and the mirror may be gone by then.
using System.Collections.Generic;

namespace Locking.Samples.Protocols.NF08;

public sealed class Mirrors
{
    public Rwsem Sem { get; } = new();

    [GuardedBy(nameof(Sem))]
    private readonly List<Listener> _all = [];

    public void Release()
    {
        Sem.DownWrite();
        while (_all.Count > 0)
        {
            Listener next = _all[0];
            _all.RemoveAt(0);
            Sem.UpWrite();
            next.OnRelease(this); // LOCK1005
            Sem.DownWrite();
        }

        Sem.UpWrite();
    }
}

public abstract class Listener
{
    [RequiresShared("list.Sem")]
    public abstract void OnRelease(Mirrors list);
}
