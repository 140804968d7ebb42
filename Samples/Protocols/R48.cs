// Assertions instead of comments.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R48;

public static class Case
{
    public static void Wrong(Umem umem)
    {
        // The caller holds the mutex.
        umem.Pages = 1; // LOCK1001
    }

    public static void Right(Umem umem)
    {
        umem.Mutex.AssertHeld();
        umem.Pages = 1;
    }
}
