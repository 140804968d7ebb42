// Page references are dropped exactly once on every path.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R64;

public sealed class Page
{
    public Kref References { get; } = new();
}

public static class Case
{
    public static void Wrong(Page page)
    {
        page.References.Get();
        page.References.Put(Free);
        page.References.Put(Free); // LOCK2003
    }

    public static void Right(Page page)
    {
        page.References.Get();
        page.References.Put(Free);
    }

    private static void Free()
    {
    }
}
