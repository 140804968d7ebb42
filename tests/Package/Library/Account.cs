// Contracts and a lock of the runtime library.
using Locking;

namespace Library;

public sealed class Account
{
    public readonly MutexLock Gate = new();

    [GuardedBy(nameof(Gate))]
    private decimal _balance;

    [Requires(nameof(Gate))]
    public void Deposit(decimal amount) => _balance += amount;

    public void Reset() => _balance = 0; // LOCK1001
}
