// A static lock of a generic type: each type made of it has one of its own, and an heir names the one that its base means.
using System.Collections.Generic;

namespace Locking.Samples.Valid.GenericBases;

internal abstract class Register<TSelf>
{
    protected static readonly object Gate = new();

    protected HashSet<string> Names { get; } = new();

    public void Clear()
    {
        lock (Gate)
        {
            Names.Clear();
        }
    }

    public bool Has(string name)
    {
        lock (Gate)
        {
            return Names.Contains(name);
        }
    }
}

internal sealed class Guests : Register<Guests>
{
    public void Enter(string name)
    {
        lock (Gate)
        {
            Names.Add(name);
        }
    }
}
