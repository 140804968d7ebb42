// A small service with one finding of each fate: accepted, warned of, and one that fails any build once it is there.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.ContinuousIntegration;

public sealed class Orders
{
    private readonly Lock _gate = new();
    private readonly List<string> _open = [];
    private int _count;

    public void Add(string order)
    {
        lock (_gate)
        {
            _open.Add(order);
            _count++;
        }
    }

    public void Close(string order)
    {
        lock (_gate)
        {
            _open.Remove(order);
            _count--;
        }
    }

    // Warned of, and an error where the gate is shut: -p:Strict=true.
    public void Reset() => _count = 0; // LOCK1101

    // Accepted when the analyzers came, with a reason that reviewers can read. It stays in the SARIF, as suppressed.
    public void Print()
    {
        lock (_gate)
        {
            _open.ForEach(Console.WriteLine);
#pragma warning disable LOCK4002 // The printer wants a pause, and nobody may add an order meanwhile.
            Thread.Sleep(1);
#pragma warning restore LOCK4002
        }
    }

    // .editorconfig makes a leaked lock an error everywhere. Take the finally away, and no build succeeds.
    public bool TryAdd(string order)
    {
        if (!_gate.TryEnter())
        {
            return false;
        }

        try
        {
            _open.Add(order);
            _count++;
            return true;
        }
        finally
        {
            _gate.Exit();
        }
    }
}
