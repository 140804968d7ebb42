// Collections that hand out the object to lock: those of two collections have nothing in common but the property that hands them out.
using System.Collections;
using System.Threading;

namespace Locking.Samples.Valid.SyncRoots;

public sealed class Npc
{
    private readonly Lock _gate = new();
    private readonly Hashtable _gainers = new();
    private readonly ArrayList _packets = new();

    public void Gain(object who)
    {
        lock (_gainers.SyncRoot)
        {
            lock (_gate)
            {
                _gainers[who] = 1;
            }
        }
    }

    public void Send(object packet)
    {
        lock (_gate)
        {
            lock (_packets.SyncRoot)
            {
                _packets.Add(packet);
            }
        }
    }

    public void Tell()
    {
        lock (_gainers.SyncRoot)
        {
            lock (((ICollection)_packets).SyncRoot)
            {
                _packets.Add(_gainers.Count);
            }
        }
    }
}
