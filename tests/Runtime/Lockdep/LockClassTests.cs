// How locks get their classes, and that the names are those of the analyzer.
using System;
using System.Linq;
using System.Threading.Tasks;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Validation;

public sealed class LockClassTests : ValidatedTest
{
    private static readonly MutexLock s_static = new();
    private readonly MutexLock _field = new();

    [LockClass("given")]
    private readonly MutexLock _given = new();

    [Capability("gate")]
    private readonly MutexLock _gate = new();

    private MutexLock Property { get; } = new();

    [Fact]
    public void FieldInitializer_NamesTheClassAfterTheField()
    {
        Assert.Equal("Locking.Tests.Validation.LockClassTests._field", _field.Map!.Class.Name);
        Assert.Equal("Locking.Tests.Validation.LockClassTests.s_static", s_static.Map!.Class.Name);
        Assert.Equal("Locking.Tests.Validation.LockClassTests.Property", Property.Map!.Class.Name);
    }

    [Fact]
    public void Attributes_NameTheClass()
    {
        Assert.Equal("given", _given.Map!.Class.Name);
        Assert.Equal("gate", _gate.Map!.Class.Name);
    }

    [Fact]
    public void LocksOfOneField_ShareAClass()
    {
        Assert.Same(_field.Map!.Class, new LockClassTests()._field.Map!.Class);
        Assert.NotEqual(_field.Map.Instance, new LockClassTests()._field.Map!.Instance);
    }

    [Fact]
    public void LockMadeInAConstructor_IsNamedAfterTheOnlyFieldOfItsType() =>
        Assert.Equal("Locking.Tests.Validation.LockClassTests.MadeInConstructor._semaphore", new MadeInConstructor().Semaphore.Map!.Class.Name);

    [Fact]
    public void GenericType_IsNamedAsItsDefinition()
    {
        Assert.Equal("Locking.Tests.Validation.LockClassTests.Generic<TKey, TValue>.Inner<TThird>._lock", new Generic<int, string>.Inner<long>().Lock.Map!.Class.Name);
        Assert.Same(new Generic<int, string>.Inner<long>().Lock.Map!.Class, new Generic<byte, byte>.Inner<byte>().Lock.Map!.Class);
    }

    [Fact]
    public void LocalLock_IsNamedAfterItsPlace()
    {
        var local = new MutexLock();
        Assert.Matches(@"^LockClassTests\.LocalLock_IsNamedAfterItsPlace:\d+$", local.Map!.Class.Name);
    }

    [Fact]
    public void ExplicitClass_Wins()
    {
        LockClass explicitClass = LockClass.Of<LockClassTests>(nameof(_field));
        Assert.Same(_field.Map!.Class, explicitClass);
        Assert.Same(explicitClass, new MutexLock(explicitClass).Map!.Class);
        Assert.Same(LockClass.Named("given"), LockClass.Of<LockClassTests>(nameof(_given)));
    }

    [Fact]
    public void Subclasses_AreOneObjectPerNumber()
    {
        LockClass lockClass = LockClass.Named("classes.sub");
        LockSubclass one = lockClass.Subclass(1, "child");
        Assert.Same(one, lockClass.Subclass(1));
        Assert.Equal(("classes.sub", "classes.sub/child", "classes.sub/2"), (lockClass.Default.Name, one.Name, lockClass.Subclass(2).Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => lockClass.Subclass(LockClass.MaxSubclasses));
        Assert.Throws<ArgumentOutOfRangeException>(() => lockClass.Subclass(-1));
    }

    [Fact]
    public void SubclassOfAnotherClass_IsRefused_AndNothingIsHeld()
    {
        LockSubclass other = LockClass.Named("classes.other").Subclass(1);
        Assert.Throws<ArgumentException>(() => _field.Acquire(other));
        Assert.False(_field.IsHeldByCurrentThread);
        Assert.False(Lockdep.IsHeld(_field.Map!));
    }

    [Fact]
    public void Subclass_LetsTwoOfAClassNest()
    {
        LockClass lockClass = LockClass.Named("classes.nest");
        MutexLock[] locks = [new(lockClass), new(lockClass)];
        using (locks[0].Enter())
        using (locks[1].Enter(lockClass.Subclass(1)))
        {
        }
    }

    [Fact]
    public async Task Nesting_LetsTwoNest_AlsoOfMutexesThatAreAwaitedAndOfVirtualLocks()
    {
        LockClass flows = LockClass.Named("classes.nest.async"), windows = LockClass.Named("classes.nest.virtual");
        AsyncMutex[] mutexes = [new(flows), new(flows), new(flows)];
        VirtualLock[] entered = [new(windows), new(windows), new(windows)];
        Blocking();
        using (Lockdep.BeginFlow("nesting"))
        {
            using AsyncMutex.Guard first = await mutexes[0].EnterAsync();
            using AsyncMutex.Guard second = await mutexes[1].EnterAsync(flows.Subclass(1));
        }

        Assert.Empty(Reports);
        using (mutexes[0].Enter())
        using (mutexes[1].Enter())
        {
        }

        AssertReported(LockdepReportKind.RecursiveLocking);

        void Blocking()
        {
            using (mutexes[0].Enter())
            using (mutexes[1].Enter(flows.Subclass(1)))
            {
                entered[0].Acquire();
                entered[1].Acquire(windows.Subclass(1));
                entered[2].AcquireRead(windows.Subclass(2));
                Array.ForEach(entered, one => one.Release());
            }
        }
    }

    [Fact]
    public void InstanceOrder_LetsInstancesNestInThatOrderOnly()
    {
        LockClass lockClass = LockClass.Named("classes.ordered");
        MutexLock[] locks = [new(lockClass), new(lockClass)];
        lockClass.InstanceOrder = (x, y) => Array.IndexOf(locks, x).CompareTo(Array.IndexOf(locks, y));
        using (locks[0].Enter())
        using (locks[1].Enter())
        {
        }

        Assert.Empty(Reports);
        using (locks[1].Enter())
        using (locks[0].Enter())
        {
        }

        SingleReport(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public void EmptyName_IsRefused() => Assert.Throws<ArgumentException>(() => LockClass.Named(""));

    private sealed class MadeInConstructor
    {
        private readonly RwSemaphore _semaphore;

        public MadeInConstructor() => _semaphore = new RwSemaphore();

        public RwSemaphore Semaphore => _semaphore;
    }

    private static class Generic<TKey, TValue>
    {
        public sealed class Inner<TThird>
        {
            private readonly MutexLock _lock = new();

            public MutexLock Lock => _lock;

            public (TKey, TValue, TThird)? Unused { get; init; }
        }
    }
}
