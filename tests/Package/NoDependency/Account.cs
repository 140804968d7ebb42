// Findings, and the four ways to suppress one.
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Locking;

namespace NoDependency
{
    public sealed class Account
    {
        private readonly object _gate = new object();

        [GuardedBy(nameof(_gate))]
        private decimal _balance;

        public void Deposit(decimal amount)
        {
            lock (_gate)
            {
                _balance += amount;
            }
        }

        public void Reset()
        {
            _balance = 0; // LOCK1001
        }

        public void Pragma()
        {
#pragma warning disable LOCK1001 // the test of pragmas
            _balance = 0;
#pragma warning restore LOCK1001
        }

        [SuppressMessage("Locking.Guards", "LOCK1001", Justification = "the test of attributes")]
        public void Attribute()
        {
            _balance = 0;
        }

        public void Forget(bool early)
        {
            Monitor.Enter(_gate); // LOCK2001
            if (early)
            {
                return;
            }

            Monitor.Exit(_gate);
        }
    }
}
