// Two objects of one class that are locked together, in whichever order the caller names them.
using System.Collections.Generic;
using System.Threading;
using Locking;

namespace Locking.Samples.LOCK3003;

/// <summary>One thread pays from A to B, another one from B to A.</summary>
public sealed class Account(long id)
{
    private readonly Lock _gate = new();
    private decimal _balance;

    public void Pay(Account to, decimal amount)
    {
        lock (_gate)
        {
            lock (to._gate) // LOCK3003
            {
                _balance -= amount;
                to._balance += amount;
            }
        }
    }

    public void PayThroughDeposit(Account to, decimal amount)
    {
        lock (_gate)
        {
            _balance -= amount;
            to.Deposit(amount); // LOCK3003
        }
    }

    public void Deposit(decimal amount)
    {
        lock (_gate)
        {
            _balance += amount;
        }
    }

    /// <summary>Right: the one with the lesser id comes first, whoever pays.</summary>
    public void PayInOrder(Account to, decimal amount)
    {
        (Account first, Account second) = id < to.Id ? (this, to) : (to, this);
        lock (first._gate)
        {
            lock (second._gate)
            {
                _balance -= amount;
                to._balance += amount;
            }
        }
    }

    public long Id => id;
}

/// <summary>Right: a tree has an order of its own, and the field says so.</summary>
public sealed class Folder
{
    [NestedLock(By = "parent before child")]
    private readonly Lock _gate = new();

    private readonly List<Folder> _children = [];
    private int _files;

    public int Count()
    {
        lock (_gate)
        {
            int count = _files;
            foreach (Folder child in _children)
            {
                count += child.Count();
            }

            return count;
        }
    }

    public void Add(Folder child)
    {
        lock (_gate)
        {
            _children.Add(child);
            _files++;
        }
    }
}
