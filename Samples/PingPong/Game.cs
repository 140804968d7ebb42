// Messages of one size, back and forth.
using System;
using System.Diagnostics;
using System.Threading;
using Locking.Mirror;

namespace Locking.Samples.PingPong;

/// <summary>What came of messages of one size.</summary>
/// <param name="Size">The size, in bytes.</param>
/// <param name="Rounds">How often it went back and forth, to the end.</param>
/// <param name="Elapsed">How long the messages took, filling and checking not counted.</param>
/// <param name="Longest">How long the slowest took.</param>
/// <param name="PageFaults">How many page faults the devices took.</param>
/// <param name="Disturbances">How often memory was taken away meanwhile.</param>
/// <param name="Failure">What went wrong; null where nothing did.</param>
internal sealed record Result(ulong Size, int Rounds, TimeSpan Elapsed, TimeSpan Longest, long PageFaults, int Disturbances, string? Failure)
{
    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? 2.0 * Size * Rounds / Elapsed.TotalSeconds : 0;

    public TimeSpan Latency => Elapsed / (2 * Math.Max(Rounds, 1));
}

/// <summary>Messages of one size, back and forth between two processes, each byte checked when it has arrived.</summary>
internal sealed class Game : IDisposable
{
    /// <summary>How much is filled and checked at a time.</summary>
    private const int Chunk = 1 << 16;

    private readonly Player _ping, _pong;
    private readonly Settings _settings;
    private readonly ulong _size;
    private TimeSpan _elapsed, _longest;
    private int _disturbances;

    public Game(Machine machine, ulong size, Settings settings)
    {
        (_ping, _pong, _size, _settings) = (new Player(machine, size), new Player(machine, size), size, settings);
        _ping.Queue.Connect(_pong.Queue);
    }

    /// <summary>Plays, until it is over, interrupted, or something is wrong.</summary>
    public Result Play(CancellationToken cancellation)
    {
        using var ending = new CancellationTokenSource();
        _ping.Mm.Users.Get();
        _pong.Mm.Users.Get();
        _ping.Mm.Users.Disown();
        _pong.Mm.Users.Disown();
        var disturber = new Thread(() => Disturb(ending.Token)) { IsBackground = true };
        disturber.Start();
        string? failure = null;
        int played = 0;
        try
        {
            failure = PlayRounds(ref played, cancellation);
        }
        catch (OperationCanceledException)
        {
            // What was played until now is told.
        }

        ending.Cancel();
        disturber.Join();
        return new Result(_size, played, _elapsed, _longest, _ping.Queue.PageFaults + _pong.Queue.PageFaults, _disturbances, failure);
    }

    public void Dispose()
    {
        _ping.Close();
        _pong.Close();
    }

    private string? PlayRounds(ref int played, CancellationToken cancellation)
    {
        string? failure = null;
        for (int rounds = (int)Math.Clamp(Settings.MostBytes / _size, 1, (ulong)_settings.Rounds); played < rounds && failure is null; played++)
        {
            TimeSpan ping = default, pong = default;
            failure = Pass(_ping, _pong, played, ref ping, cancellation) ?? Pass(_pong, _ping, played + rounds, ref pong, cancellation);
            _elapsed += ping + pong;
            _longest = TimeSpan.FromTicks(Math.Max(_longest.Ticks, Math.Max(ping.Ticks, pong.Ticks)));
        }

        return failure;
    }

    /// <summary>One message, and how long it took; what went wrong, or null.</summary>
    private string? Pass(Player from, Player to, int number, ref TimeSpan took, CancellationToken cancellation)
    {
        if (!ForEachChunk(from.Outgoing, cancellation, (address, chunk) => { Pattern.Fill(chunk, address - from.Outgoing.Start, number); return from.Mm.CpuWrite(address, chunk) == MmResult.Ok; }))
        {
            return "The sender cannot write its memory.";
        }

        long start = Stopwatch.GetTimestamp();
        OdpResult result = _settings.IsPrefetched ? Prefetch(from, to, cancellation) : OdpResult.Ok;
        to.Queue.PostReceive(to.Target, to.Incoming);
        result = result == OdpResult.Ok ? from.Queue.Send(from.Source, from.Outgoing, cancellation) : result;
        took = Stopwatch.GetElapsedTime(start);
        if (result != OdpResult.Ok)
        {
            return $"Message {number} failed: {result}.";
        }

        byte[] expected = new byte[Chunk];
        return ForEachChunk(to.Incoming, cancellation, (address, chunk) =>
        {
            Span<byte> wanted = expected.AsSpan(0, chunk.Length);
            Pattern.Fill(wanted, address - to.Incoming.Start, number);
            return to.Mm.CpuRead(address, chunk) == MmResult.Ok && wanted.SequenceEqual(chunk);
        })
            ? null
            : $"Message {number} arrived with wrong bytes.";
    }

    private static OdpResult Prefetch(Player from, Player to, CancellationToken cancellation)
    {
        OdpResult result = from.Context.Prefetch(PrefetchAdvice.Read, [(from.Source.Key, from.Outgoing)], flush: true, cancellation);

        // A prefetch that windows collide with is no failure: the message faults what is missing.
        return result is OdpResult.Ok or OdpResult.Again
            ? to.Context.Prefetch(PrefetchAdvice.Write, [(to.Target.Key, to.Incoming)], flush: true, cancellation) is var other && other == OdpResult.Again ? OdpResult.Ok : other
            : result;
    }

    private delegate bool ChunkAction(Address address, Span<byte> chunk);

    private static bool ForEachChunk(AddressRange range, CancellationToken cancellation, ChunkAction action)
    {
        byte[] buffer = new byte[Chunk];
        for (Address at = range.Start; at < range.End; at += new Bytes(Chunk))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!action(at, buffer.AsSpan(0, (int)Math.Min(Chunk, (range.End - at).Value))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes memory away in every way that loses nothing: reclaim, moves, hints, forks; and maps and unmaps beside it.</summary>
    private void Disturb(CancellationToken ending)
    {
        _ping.Mm.Users.Adopt();
        _pong.Mm.Users.Adopt();
        var random = new Random(_settings.Seed);
        while (_settings.IsDisturbed && !ending.IsCancellationRequested)
        {
            Player player = random.Next(2) == 0 ? _ping : _pong;
            AddressRange range = random.Next(2) == 0 ? player.Outgoing : player.Incoming;
            ulong first = (ulong)random.NextInt64((long)range.Length.Value);
            AddressRange part = AddressRange.Of(range.Start + new Bytes(first), new Bytes(Math.Min(range.Length.Value - first, 1UL << random.Next(12, 20))));
            DisturbOnce(player.Mm, part, random);
            _disturbances++;
            Thread.Sleep(random.Next(2));
        }

        _ping.Mm.Users.Put();
        _pong.Mm.Users.Put();
    }

    private static void DisturbOnce(AddressSpace mm, AddressRange part, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                mm.Reclaim(part);
                break;
            case 1:
                mm.MovePagesTo(part, random.Next(4));
                break;
            case 2:
                mm.NumaScan(part);
                break;
            case 3:
                mm.Fork()?.Users.Put();
                break;
            default:
                if (mm.Map(new Bytes(1UL << 16), VmaFlags.ReadWrite, out AddressRange beside) == MmResult.Ok)
                {
                    mm.CpuWrite(beside.Start, [1]);
                    mm.Unmap(beside);
                }

                break;
        }
    }
}
