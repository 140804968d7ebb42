// Linux 5.2: hmm is unlinked without waiting, and freed while callbacks still run in it.
namespace Locking.Samples.Protocols.NF03;

public sealed class Owner
{
    private readonly Srcu _srcu = new();

    [GracePeriod(nameof(_srcu))]
    private readonly Mirror _mirror = new();

    public void Put()
    {
        Mirror.UnregisterNoRelease(_mirror);
        Mirror.Free(_mirror); // LOCK5008
    }
}
