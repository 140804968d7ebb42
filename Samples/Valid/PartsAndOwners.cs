// Locks of one class nested in objects that are parts of each other: the way from the owner to the part is the order.
using System.Collections.Generic;

namespace Locking.Samples.Valid.PartsAndOwners;

public interface ISession
{
    void Close();
}

/// <summary>A wrapper locks itself, and then what it wraps.</summary>
public sealed class CountedSession : ISession
{
    private readonly object _gate = new();
    private readonly CountedSession? _wrapped;
    private readonly Channel _channel;
    private int _count;

    public CountedSession(CountedSession? wrapped)
    {
        _wrapped = wrapped;
        _channel = new Channel(this);
    }

    public void Close()
    {
        lock (_gate)
        {
            if (--_count == 0)
            {
                _wrapped?.Close();
                _channel.Close();
            }
        }
    }

    internal void OnClosed()
    {
        lock (_gate)
        {
            _count = 0;
        }
    }
}

/// <summary>A part that leads back to its owner: the same object, held already.</summary>
internal sealed class Channel(CountedSession owner)
{
    private readonly CountedSession _owner = owner;

    public void Close() => _owner.OnClosed();
}

/// <summary>A part that locks what its owner locks: which of the two is entered first makes no difference.</summary>
public sealed class ChannelManager
{
    private readonly object _gate = new();
    private ChannelSet? _channels;
    private int _count;

    private object Gate => _gate;

    public void Open()
    {
        lock (Gate)
        {
            _channels ??= new ChannelSet(this, Gate);
        }
    }

    public bool Has(int channel)
    {
        lock (Gate)
        {
            return _channels?.Has(channel) == true && _count > 0;
        }
    }

    public void Count()
    {
        lock (Gate)
        {
            _count++;
        }
    }
}

public sealed class ChannelSet
{
    private readonly object _gate;
    private readonly System.Collections.Generic.HashSet<int> _channels = [];
    private readonly ChannelManager _manager;

    public ChannelSet(ChannelManager manager, object gate)
    {
        _manager = manager;
        _gate = gate;
    }

    public bool Has(int channel)
    {
        lock (_gate)
        {
            return _channels.Contains(channel);
        }
    }

    public void Add(int channel)
    {
        lock (_gate)
        {
            if (_channels.Add(channel))
            {
                _manager.Count();
            }
        }
    }
}

/// <summary>Made over another, once and for all: the one below was there before it, and never comes the other way round.</summary>
public sealed class Layer
{
    private readonly object _gate = new();
    private Layer? _below;
    private int _count;

    public Layer()
    {
    }

    public Layer(Layer below)
    {
        _below = below;
    }

    public void Add()
    {
        lock (_gate)
        {
            if (_below != null)
            {
                _below.Add();
                return;
            }

            _count++;
        }
    }
}

/// <summary>A part locks what its owner hands out, by one name or another. Nobody gives it another owner.</summary>
public class Player
{
    private protected Jukebox _owner;
    private int _plays;

    public Player(Jukebox owner)
    {
        _owner = owner;
    }

    private object SyncObj => _owner.SyncObj;

    public int Plays
    {
        get
        {
            lock (_owner.SyncObj)
            {
                return _plays;
            }
        }
    }

    public void Play()
    {
        lock (SyncObj)
        {
            _plays++;
        }
    }

    public void Replay()
    {
        lock (SyncObj)
        {
            _plays += 2;
        }
    }

    public void Forget()
    {
        lock (SyncObj)
        {
            _plays = 0;
        }
    }
}

public sealed class Jukebox
{
    private readonly object _sync = new();

    internal object SyncObj => _sync;
}

/// <summary>A part is made, and used, under the lock of its owner: it knows that lock as its owner's.</summary>
public sealed class Manager
{
    private readonly object _gate = new();
    private readonly List<int> _engines = new();
    private Pause? _pause;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _engines.Count;
            }
        }
    }

    public void Add(int engine)
    {
        lock (_gate)
        {
            _engines.Add(engine);
        }
    }

    public void PauseAll()
    {
        lock (_gate)
        {
            if (_pause == null)
            {
                _pause = new Pause(this);
                _pause.Start();
            }
        }
    }

    private sealed class Pause
    {
        private readonly Manager _owner;
        private readonly List<int> _paused = new();

        public Pause(Manager owner)
        {
            _owner = owner;
        }

        public void Start()
        {
            foreach (int engine in _owner._engines)
            {
                _paused.Add(engine);
            }
        }
    }
}
