// A lock that could be reassigned: whether that is minded is an option of the folder.
namespace Consumer.Mutable;

public class Counter
{
    private object _gate = new();
    private int _count;

    public void Add()
    {
        lock (_gate)
        {
            _count++;
        }
    }
}
