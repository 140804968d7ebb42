// Asynchronous functions of one method that run beside one another, and share what the method made.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Locking.Samples.Valid.RunBeside;

internal static class Workers
{
    public static Task All<T>(IEnumerable<T> items, int workers, Func<T, Task> work)
    {
        object gate = new();
        IEnumerator<T> rest = items.GetEnumerator();
        return Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
        {
            while (true)
            {
                T item;
                lock (gate)
                {
                    if (!rest.MoveNext())
                    {
                        return;
                    }

                    item = rest.Current;
                }

                await work(item);
            }
        }).ToArray());
    }
}
