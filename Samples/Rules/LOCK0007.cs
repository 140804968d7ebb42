// Six locks that may or may not be held are sixty-four cases: nobody follows that, the analysis included.
using System.Threading;

namespace Locking.Samples.LOCK0007;

public sealed class Report
{
    private readonly Lock _accounts = new();
    private readonly Lock _orders = new();
    private readonly Lock _stock = new();
    private readonly Lock _prices = new();
    private readonly Lock _carts = new();
    private readonly Lock _log = new();

    public void Write(bool a, bool b, bool c, bool d, bool e, bool f) // LOCK0007
    {
        bool accounts = a && _accounts.TryEnter();
        bool orders = b && _orders.TryEnter();
        bool stock = c && _stock.TryEnter();
        bool prices = d && _prices.TryEnter();
        bool carts = e && _carts.TryEnter();
        bool log = f && _log.TryEnter();
        Release(_log, log);
        Release(_carts, carts);
        Release(_prices, prices);
        Release(_stock, stock);
        Release(_orders, orders);
        Release(_accounts, accounts);
    }

    public void WriteAll()
    {
        lock (_accounts)
        {
            lock (_orders)
            {
                WriteStock();
            }
        }
    }

    private void WriteStock()
    {
        lock (_stock)
        {
            Thread.SpinWait(1);
        }
    }

    private static void Release(Lock gate, bool isHeld)
    {
        if (isHeld)
        {
            gate.Exit();
        }
    }
}
