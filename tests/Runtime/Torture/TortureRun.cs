// Runs threads against each other for a while, from a seed.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Locking.Tests.Harness;

namespace Locking.Tests.Torture;

/// <summary>
/// A bounded run of threads that each repeat something. <c>LOCKING_TORTURE_SECONDS</c> sets how long a run lasts (half a second by default),
/// <c>LOCKING_TORTURE_SEED</c> the seed of what threads decide; how they interleave is up to the machine.
/// </summary>
internal sealed class TortureRun
{
    private static readonly double s_seconds = Setting("LOCKING_TORTURE_SECONDS", 0.5);
    private readonly int _seed = (int)Setting("LOCKING_TORTURE_SEED", 20190522);
    private readonly List<Threads.Running> _threads = [];
    private readonly long _end = Stopwatch.GetTimestamp() + (long)(s_seconds * Stopwatch.Frequency);
    private int _failures;

    /// <summary>Whether the run goes on: there is time left, and no thread has failed.</summary>
    public bool GoesOn => Stopwatch.GetTimestamp() < _end && Volatile.Read(ref _failures) == 0;

    /// <summary>Adds threads that repeat something, each with random numbers of its own, until the run ends.</summary>
    public TortureRun With(int threads, Action<Random> step)
    {
        for (int i = 0; i < threads; i++)
        {
            var random = new Random(_seed + _threads.Count);
            _threads.Add(Threads.Start(() => Repeat(step, random)));
        }

        return this;
    }

    /// <summary>Waits for the end; throws what the first thread threw, with the seed.</summary>
    public void Finish()
    {
        foreach (Threads.Running thread in _threads)
        {
            try
            {
                thread.End(TimeSpan.FromSeconds(s_seconds) + Threads.Bound);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {_seed}: {e.Message}", e);
            }
        }
    }

    private static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), System.Globalization.CultureInfo.InvariantCulture, out double value) ? value : otherwise;

    private void Repeat(Action<Random> step, Random random)
    {
        try
        {
            while (GoesOn)
            {
                step(random);
            }
        }
        catch
        {
            Interlocked.Increment(ref _failures);
            throw;
        }
    }
}
