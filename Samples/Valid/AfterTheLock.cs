// What runs behind a lock statement, or while somebody goes through what it returns, in functions that are written elsewhere.
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Valid.AfterTheLock;

public sealed class Outbox
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))]
    private readonly List<string> _letters = new();

    /// <summary>The local function waits where the lock has been left.</summary>
    public void Post(string letter)
    {
        lock (_gate)
        {
            _letters.Add(letter);
        }

        Pause();

        static void Pause() => Thread.Sleep(1);
    }

    /// <summary>The iterator is gone through under the lock.</summary>
    public string[] Long()
    {
        lock (_gate)
        {
            return Letters().ToArray();
        }

        IEnumerable<string> Letters()
        {
            foreach (string letter in _letters)
            {
                if (letter.Length > 80)
                {
                    yield return letter;
                }
            }
        }
    }
}

[Capability("door", ThreadAffine = false)]
public sealed class Door
{
    private int _taken;

    /// <summary>The answer is there at once, in a task.</summary>
    [TryAcquires(true, "this")]
    public Task<bool> TryEnterAsync() => Task.FromResult(Interlocked.Exchange(ref _taken, 1) == 0);

    [Releases("this")]
    public void Exit() => Volatile.Write(ref _taken, 0);
}

public sealed class House
{
    private readonly Door _door = new();

    [GuardedBy(nameof(_door))]
    private int _guests;

    public async Task<bool> TryInviteAsync()
    {
        if (!await _door.TryEnterAsync().ConfigureAwait(false))
        {
            return false;
        }

        _guests++;
        _door.Exit();
        return true;
    }
}
