// What a library does to locks that says nothing about it stands in LOCK0005.locking.txt beside this file.
using System.Threading;

namespace Locking.Samples.LOCK0005;

/// <summary>Stands for a class of a package that cannot be edited.</summary>
public sealed class Pool
{
    public Lock Gate { get; } = new();

    public void Open() => Gate.Enter();

    public void Close() => Gate.Exit();
}

public sealed class Client
{
    private readonly Pool _pool = new();

    public void Use()
    {
        _pool.Open();
        try
        {
            Thread.SpinWait(1);
        }
        finally
        {
            _pool.Close();
        }
    }
}
