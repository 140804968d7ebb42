// Objects of one type that call the next: each has a lock of its own, and the call of a base body is not the call of an override.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.Valid.Chains;

public interface IHandler
{
    Task OpenAsync(CancellationToken token);
}

/// <summary>Passes everything on.</summary>
public abstract class Handler(IHandler? inner) : IHandler
{
    private readonly IHandler? _inner = inner;

    public virtual Task OpenAsync(CancellationToken token) => _inner?.OpenAsync(token) ?? Task.CompletedTask;
}

public sealed class Retrying(IHandler? inner) : Handler(inner)
{
    private readonly SemaphoreSlim _one = new(1, 1);

    public override async Task OpenAsync(CancellationToken token)
    {
        await _one.WaitAsync(token).ConfigureAwait(false);
        try
        {
            await base.OpenAsync(token).ConfigureAwait(false);
        }
        finally
        {
            try
            {
                _one?.Release();
            }
            catch (ObjectDisposedException)
            {
                // Nobody waits any more.
            }
        }
    }
}

public sealed class Logging(IHandler? inner) : Handler(inner)
{
    public override Task OpenAsync(CancellationToken token) => base.OpenAsync(token);
}

/// <summary>Observers in a row, of which each may be the next of the other.</summary>
public abstract class Observer(Observer? next)
{
    protected Observer? Next { get; } = next;

    public abstract void Notify(int value);
}

public sealed class Counting(Observer? next) : Observer(next)
{
    private readonly Lock _gate = new();
    private int _count;

    public override void Notify(int value)
    {
        lock (_gate)
        {
            _count++;
            Next?.Notify(_count);
        }
    }
}

public sealed class Summing(Observer? next) : Observer(next)
{
    private readonly Lock _gate = new();
    private int _sum;

    public override void Notify(int value)
    {
        lock (_gate)
        {
            _sum += value;
            Next?.Notify(_sum);
        }
    }
}
