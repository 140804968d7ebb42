// -EAGAIN means that the semaphore is dropped already.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R45;

public enum Answer
{
    Ok = 0,
    Again = -11,
}

public abstract class Space
{
    public Rwsem Sem { get; } = new();

    [ReleasesWhen(Answer.Again, nameof(Sem))]
    public abstract Answer Fault();
}

public static class Case
{
    public static bool Wrong(Space space)
    {
        space.Sem.DownRead();
        if (space.Fault() == Answer.Again)
        {
            space.Sem.UpRead(); // LOCK2003
            return true;
        }

        space.Sem.UpRead();
        return false;
    }

    public static bool Right(Space space)
    {
        space.Sem.DownRead();
        if (space.Fault() == Answer.Again)
        {
            return true;
        }

        space.Sem.UpRead();
        return false;
    }
}
