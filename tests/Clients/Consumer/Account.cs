// One unguarded write.
using Locking;

namespace Consumer;

public class Account
{
    private readonly object _gate = new();

    [GuardedBy(nameof(_gate))]
    private int _balance;

    public void Add(int amount)
    {
        _balance += amount; // more
    }
}
