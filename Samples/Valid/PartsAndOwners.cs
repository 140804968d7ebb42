// Locks of one class nested in objects that are parts of each other: the way from the owner to the part is the order.
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
