// Uses the first and the last step from several threads, and counts what got lost.
using System;
using System.Linq;
using System.Threading;

const int Threads = 4;
const int Rounds = 5_000_000;

var first = new Locking.Samples.StepByStep.Step1.Warehouse();
CountTogether(first.Correct);
Console.WriteLine($"step 1: {first.Total} of {Threads * Rounds}");

var last = new Locking.Samples.StepByStep.Step4.Warehouse();
CountTogether(last.Correct);
Console.WriteLine($"step 4: {last.Total} of {Threads * Rounds}");

static void CountTogether(Action<int> correct)
{
    using var start = new Barrier(Threads);
    Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(Count))];
    Array.ForEach(threads, t => t.Start());
    Array.ForEach(threads, t => t.Join());

    void Count()
    {
        start.SignalAndWait();
        for (int i = 0; i < Rounds; i++)
        {
            correct(1);
        }
    }
}
