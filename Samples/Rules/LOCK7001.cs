// Objects that somebody else can lock, too.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.LOCK7001;

public sealed class Log
{
    public readonly object Gate = new();
    private readonly object _gate = new();
    private readonly List<string> _lines = [];

    public void OnThis(string line)
    {
        lock (this) // LOCK7001
        {
            _lines.Add(line);
        }
    }

    public static int OnTheType(int[] numbers)
    {
        lock (typeof(Log)) // LOCK7001
        {
            return numbers.Length;
        }
    }

    public static int OnAString(int[] numbers)
    {
        lock ("log") // LOCK7001
        {
            return numbers.Length;
        }
    }

    public static int OnABox(int number)
    {
        Monitor.Enter((object)number); // LOCK7001
        return number;
    }

    public int OnAPublicField()
    {
        lock (Gate) // LOCK7001
        {
            return _gate.GetHashCode();
        }
    }

    public int OnAPrivateField()
    {
        lock (_gate)
        {
            return Gate.GetHashCode();
        }
    }
}
