// A fault that says try again has released the semaphore; the caller releases it once more.
namespace Locking.Samples.Protocols.NF20;

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

public static class Driver
{
    public static Answer Fault(Space space)
    {
        space.Sem.DownRead(); // LOCK2005
        Answer answer = space.Fault();
        space.Sem.UpRead();
        return answer;
    }
}
