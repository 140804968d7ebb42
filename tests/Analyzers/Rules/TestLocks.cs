// Locks that tests use, as a library that declares its own would: in metadata, with contracts.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Tests.Rules.TestLocks;

/// <summary>An exclusive lock that is not re-entrant.</summary>
[Capability("gate")]
public sealed class Gate
{
    [Acquires("this")]
    public void Enter()
    {
    }

    [TryAcquires(true, "this")]
    public bool TryEnter() => true;

    [Releases("this")]
    public void Exit()
    {
    }

    [AssertsHeld("this")]
    public void AssertHeld()
    {
    }
}

/// <summary>A reader/writer lock whose exits say which mode they leave.</summary>
[Capability("rwgate")]
public sealed class RwGate
{
    [AcquiresShared("this")]
    public void EnterRead()
    {
    }

    [ReleasesShared("this")]
    public void ExitRead()
    {
    }

    [Acquires("this")]
    public void EnterWrite()
    {
    }

    [ReleasesExclusive("this")]
    public void ExitWrite()
    {
    }
}

/// <summary>A lock that may be held across an await.</summary>
[Capability("async gate", ThreadAffine = false)]
public sealed class AsyncGate
{
    [Acquires("this")]
    public Task EnterAsync() => Task.CompletedTask;

    [Releases("this")]
    public void Exit()
    {
    }
}

/// <summary>Holds a gate until it is disposed; may let go earlier.</summary>
[ScopedCapability]
public sealed class Scope : IDisposable
{
    [Acquires("gate")]
    public Scope(Gate gate) => GC.KeepAlive(gate);

    [Releases("this")]
    public void Exit()
    {
    }

    [Releases("this")]
    public void Dispose()
    {
    }
}

/// <summary>An address space: users keep it alive with its contents, grabs only the structure.</summary>
[DeclaresCapability("Users", CapabilityKind.Reference)]
[DeclaresCapability("Grabs", CapabilityKind.Reference)]
public sealed class Mm
{
    [TryAcquires(true, "Users")]
    public bool TryGet() => true;

    [Acquires("Users")]
    public void Get()
    {
    }

    [Releases("Users")]
    public void Put()
    {
    }

    [Acquires("Grabs")]
    public void Grab()
    {
    }

    [Releases("Grabs")]
    public void Drop()
    {
    }

    [Requires("Users")]
    public int Walk() => 0;
}

/// <summary>A sleepable read-copy-update domain.</summary>
[Capability("srcu", Kind = CapabilityKind.ReadSection)]
public sealed class Srcu
{
    [AcquiresShared("this")]
    public void Enter()
    {
    }

    [ReleasesShared("this")]
    public void Exit()
    {
    }

    [AwaitsGracePeriod("this")]
    public void Synchronize()
    {
    }

    public void Call([AfterGracePeriod("this")] Action callback) => callback();
}

/// <summary>What was read since Begin is valid exactly where Retry said false, until the update lock is released.</summary>
[DeclaresCapability("Valid", CapabilityKind.Token)]
public sealed class Notifier
{
    public Gate Update { get; } = new();

    public ulong Begin() => 2;

    [Requires("Update")]
    [TryAcquires(false, "Valid", Until = "Update")]
    public bool Retry(ulong sequence) => sequence == 0;

    [Requires("Update", "Valid")]
    public void Install()
    {
    }
}

/// <summary>Something that is freed by hand.</summary>
public sealed class Node
{
    public int Value { get; set; }

    [Frees("node")]
    public static void Free(Node? node) => GC.KeepAlive(node);

    [Fence("callbacks")]
    public static void Unregister(Node node) => GC.KeepAlive(node);

    [Fence("callbacks", Waits = false)]
    public static void Unlink(Node node) => GC.KeepAlive(node);
}
