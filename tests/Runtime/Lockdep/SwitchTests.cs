// How the validator is switched on, and the bounds at which it goes off.
using System;
using System.Linq;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Validation;

public sealed class SwitchTests : ValidatedTest
{
    private const string Variable = "LOCKING_TEST_SWITCH";
    private const string ContextSwitch = "Locking.TestSwitch";

    [Theory]
    [InlineData(null, null, null, false, false)]
    [InlineData(null, null, null, true, true)]
    [InlineData(null, null, true, false, true)]
    [InlineData(null, null, false, true, false)]
    [InlineData(null, true, false, false, true)]
    [InlineData(null, false, true, true, false)]
    [InlineData("1", false, false, false, true)]
    [InlineData("true", false, false, false, true)]
    [InlineData("0", true, true, true, false)]
    [InlineData("", true, false, false, true)]
    public void Environment_ThenTheProgram_ThenItsConfiguration_ThenTheDefault(string? environment, bool? request, bool? configured, bool otherwise, bool expected)
    {
        string name = configured is { } value ? ContextSwitch + value : ContextSwitch;
        if (configured is { } set)
        {
            AppContext.SetSwitch(name, set);
        }

        Environment.SetEnvironmentVariable(Variable, environment);
        try
        {
            Assert.Equal(expected, LockdepSwitch.IsOn(Variable, request, name, otherwise));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public void Enable_WhereItIsOn_DoesNothing()
    {
        Assert.True(Lockdep.IsEnabled);
        Lockdep.Enable();
        Assert.True(Lockdep.IsActive);
    }

    [Fact]
    public void TooManyChains_AreReportedAsALimit_AndCheckingEnds()
    {
        const int Limit = 20;
        MutexLock[] locks = [.. Enumerable.Range(0, Limit + 1).Select(i => new MutexLock(LockClass.Named($"switch.chain{i}")))];
        Validator.ChainLimit = Limit;
        try
        {
            foreach (MutexLock one in locks)
            {
                Assert.True(Lockdep.IsActive);
                using (one.Enter())
                {
                }
            }
        }
        finally
        {
            Validator.ChainLimit = ChainCache.MaxChains;
        }

        Assert.Equal("More than 20 chains; the validator is off from here on", SingleReport(LockdepReportKind.LimitReached).Message);
        Assert.False(Lockdep.IsActive);
    }

    [Fact]
    public void ChainCache_KeepsEveryKey_WhileItGrows()
    {
        var cache = new ChainCache();
        ulong[] keys = [.. Enumerable.Range(0, 20_000).Select(i => ChainCache.Extend(ChainCache.Start(CallbackContexts.None), i, LockMode.Exclusive))];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Array.ForEach(keys, cache.Add);
        Assert.All(keys, key => Assert.True(cache.Contains(key)));
        Assert.Equal(keys.Length, cache.Count);
        Assert.False(cache.Contains(ChainCache.Extend(ChainCache.Start(CallbackContexts.None), 0, LockMode.Shared)));
        cache.Clear();
        Assert.False(cache.Contains(keys[0]));
    }
}
