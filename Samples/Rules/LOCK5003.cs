// Using an object after putting the reference that kept it.
using System;
using Locking;

namespace Locking.Samples.LOCK5003;

public sealed class Page
{
    public Kref References { get; } = new();

    [Requires(nameof(References))]
    public int Read() => 42;

    public void Free()
    {
    }
}

public static class Reader
{
    public static int ReadAfterPut(Page page)
    {
        page.References.Get();
        page.References.Put(page.Free);
        return page.Read(); // LOCK5003
    }

    public static int ReadThenPut(Page page)
    {
        page.References.Get();
        int value = page.Read();
        page.References.Put(page.Free);
        return value;
    }
}
