// Copies that nobody else has yet: they are filled in without the lock, which may be the one of the original.
using System.Threading;
using Locking;

namespace Locking.Samples.Valid.Copies;

internal sealed class Order
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))]
    private int _lines;

    private int _total;

    public void Add(int price)
    {
        lock (_gate)
        {
            _lines++;
            _total += price;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _lines = 0;
            _total = 0;
        }
    }

    public Order Empty()
    {
        Order empty = Copy();
        empty._lines = 0;
        empty._total = 0;
        return empty;
    }

    public Order Single()
    {
        var single = (Order)MemberwiseClone();
        single._lines = 1;
        single._total /= 2;
        return single;
    }

    private Order Copy() => (Order)MemberwiseClone();
}

internal sealed record Quote
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))]
    private int _price;

    public void Raise()
    {
        lock (_gate)
        {
            _price++;
        }
    }

    public Quote At(int price) => this with { _price = price };
}
