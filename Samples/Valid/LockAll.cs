// All locks of a list, acquired one after the other and released in the opposite order, however many there were.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.Valid.LockAll;

public sealed class Stripes
{
    private readonly List<object> _stripes = new() { new object(), new object() };

    public void Clear()
    {
        int held = 0;
        try
        {
            for (; held < _stripes.Count; held++)
            {
                Monitor.Enter(_stripes[held]);
            }

            Thread.SpinWait(1);
        }
        finally
        {
            while (--held >= 0)
            {
                Monitor.Exit(_stripes[held]);
            }
        }
    }
}
