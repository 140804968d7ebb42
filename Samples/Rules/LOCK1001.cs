// Guarded data is written under its lock.
using System.Threading;

namespace Locking.Samples.LOCK1001;

public sealed class Account
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))]
    private decimal _balance;

    public void Withdraw(decimal amount)
    {
        lock (_gate)
        {
            if (_balance < amount)
            {
                return;
            }
        }

        _balance -= amount; // LOCK1001
    }

    public void WithdrawSafely(decimal amount)
    {
        lock (_gate)
        {
            if (_balance >= amount)
            {
                _balance -= amount;
            }
        }
    }

    [Requires(nameof(_gate))]
    private void Deposit(decimal amount) => _balance += amount;
}
