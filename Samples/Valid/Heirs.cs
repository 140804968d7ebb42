// A lock that a base class has: each of its heirs has one, and an object of one of them is none of another.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.Valid.Heirs;

public abstract class Element
{
    private readonly object _gate = new();
    private int _changes;

    private protected object Gate => _gate;

    internal void Change(Action change)
    {
        lock (_gate)
        {
            _changes++;
            change();
        }
    }
}

public sealed class Module : Element
{
    private int _version;

    public int Version
    {
        get
        {
            lock (Gate)
            {
                return _version;
            }
        }
    }

    public void Touch()
    {
        lock (Gate)
        {
            _version++;
        }
    }
}

public sealed class Domain : Element
{
    private readonly Lock _listing = new();
    private readonly List<Module> _modules = new();

    public int Version
    {
        get
        {
            lock (_listing)
            {
                return _modules[0].Version;
            }
        }
    }

    public void Load(Module module) => Change(() => Add(module));

    private void Add(Module module)
    {
        lock (_listing)
        {
            _modules.Add(module);
        }
    }
}
