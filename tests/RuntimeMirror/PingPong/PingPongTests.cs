// The ping-pong sample: what it plays, what it refuses, what it draws.
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Xml.Linq;
using Locking.Mirror;
using Locking.Samples.PingPong;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Mirror.PingPong;

using Result = Locking.Samples.PingPong.Result;

public sealed class PingPongTests : ValidatedTest
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(4097, true)]
    [InlineData(1 << 16, false)]
    [InlineData((3 << 20) + 5, true)]
    public void Messages_ArriveWhileMemoryIsTakenAway(ulong size, bool isPrefetched)
    {
        using var game = new Game(new Machine(), size, new Settings([size], 3, isPrefetched, IsDisturbed: true, Seed: 7, null));
        Result result = game.Play(CancellationToken.None);
        Assert.Equal((null, 3), (result.Failure, result.Rounds));
        Assert.True(result.Longest > TimeSpan.Zero && result.Longest <= result.Elapsed && result.BytesPerSecond > 0);
    }

    /// <summary>An interrupt reaches into a message, wherever it is under way: nothing of what is left is waited for.</summary>
    /// <param name="point">What the interrupt comes at.</param>
    /// <param name="time">The how manieth.</param>
    /// <param name="size">The size of the message.</param>
    /// <param name="isPrefetched">Whether it is prefetched.</param>
    /// <param name="mostPages">How many pages there are in memory by then.</param>
    [Theory]
    [InlineData("fault", 20, 1UL << 30, false, 32)] // filling: two pieces of 16 pages
    [InlineData("R38.install", 1, 1UL << 23, true, 2048)] // prefetching: what was filled
    [InlineData("R38.install", 3, 1UL << 23, false, 2048 + 1 + 1024)] // the message: a packet, and what was mapped ahead
    [InlineData("R38.install", 2, 64, false, 2)] // checking
    public void Interrupted_EndsWithinAMessage(string point, int time, ulong size, bool isPrefetched, int mostPages)
    {
        var machine = new Machine();
        using var game = new Game(machine, size, new Settings([size], 1000, isPrefetched, IsDisturbed: false, Seed: 1, null));
        Result result = PlayUntil(game, point, time);
        Assert.Equal((0, null, TimeSpan.Zero), (result.Rounds, result.Failure, result.Elapsed));
        Assert.InRange(machine.Memory.InUse, 1UL, (ulong)mostPages);
    }

    /// <summary>Each message prefetches both its ends; the tenth time is in the third round.</summary>
    [Fact]
    public void Interrupted_TellsWhatWasPlayedBefore()
    {
        using var game = new Game(new Machine(), 64, new Settings([64], 1000, IsPrefetched: true, IsDisturbed: false, Seed: 1, null));
        Result result = PlayUntil(game, "R38.install", 10);
        Assert.Equal((2, null), (result.Rounds, result.Failure));
        Assert.True(result.Elapsed > TimeSpan.Zero);
        Assert.Equal(0, game.Play(new CancellationToken(canceled: true)).Rounds);
    }

    private static Result PlayUntil(Game game, string point, int time)
    {
        using var interrupt = new CancellationTokenSource();
        SchedulePoint.Hook = name =>
        {
            if (name == point && --time == 0)
            {
                interrupt.Cancel();
            }
        };
        Result result = game.Play(interrupt.Token);
        SchedulePoint.Hook = null;
        Assert.True(interrupt.IsCancellationRequested);
        return result;
    }

    [Theory]
    [InlineData("--max 0", "--max must be from 1 to 1073741824, and is 0.")]
    [InlineData("--max 1073741825", "--max must be from 1 to 1073741824, and is 1073741825.")]
    [InlineData("--max -1", "Cannot parse argument '-1' for option '--max' as expected type 'System.UInt64'.")]
    [InlineData("--max many", "Cannot parse argument 'many' for option '--max' as expected type 'System.UInt64'.")]
    [InlineData("--rounds 0", "--rounds must be from 1 to 2147483647, and is 0.")]
    [InlineData("--rounds -3", "--rounds must be from 1 to 2147483647, and is -3.")]
    [InlineData("--rounds", "Required argument missing for option: '--rounds'.")]
    [InlineData("--loud", "Unrecognized command or argument '--loud'.")]
    public void OddOptions_AreRefused(string line, string error)
    {
        ParseResult parsed = Settings.Command((_, _) => 0).Parse(line);
        Assert.Equal([error], parsed.Errors.Select(e => e.Message));
    }

    [Fact]
    public void Options_AreUnderstood()
    {
        Settings? asked = null;
        RootCommand command = Settings.Command((settings, _) =>
        {
            asked = settings;
            return 0;
        });
        Assert.Equal(0, command.Parse("--max 20 --rounds 2 --prefetch --quiet --seed 9 --plot a.svg").Invoke());
        Assert.Equal([1UL, 4, 16, 20], asked!.Sizes);
        Assert.Equal((2, true, false, 9, "a.svg"), (asked.Rounds, asked.IsPrefetched, asked.IsDisturbed, asked.Seed, asked.Plot!.Name));
        command.Parse("--max 1073741824").Invoke();
        Assert.Equal((1UL, 1UL << 30, true), (asked.Sizes[0], asked.Sizes[^1], asked.IsDisturbed));
    }

    [Fact]
    public void Plot_HasAPointForEachSize()
    {
        List<Result> results = [.. new ulong[] { 1, 4, 1 << 30 }.Select(size => new Result(size, 1, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), 0, 0, null))];
        XElement svg = XElement.Parse(Report.Plot(results));
        Assert.Equal(3, svg.Elements().Count(element => element.Name.LocalName == "circle"));
        Assert.All(svg.Elements().Where(element => element.Name.LocalName == "circle"), circle => Assert.InRange((int)circle.Attribute("cx")!, 0, 720));
    }
}
