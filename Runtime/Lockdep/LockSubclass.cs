// A vertex of the dependency graph: a lock class, divided where locks of one class nest in a known way.
using System.Threading;

namespace Locking;

/// <summary>A lock class together with a nesting level. The vertices of the dependency graph. Linux: a class with a subclass.</summary>
/// <remarks>One object per class and number; safe for any thread.</remarks>
public sealed class LockSubclass
{
    private static int s_count;
    private int _usage;

    internal LockSubclass(LockClass lockClass, int index)
    {
        Class = lockClass;
        Index = index;
        Id = Interlocked.Increment(ref s_count) - 1;
    }

    /// <summary>The class.</summary>
    public LockClass Class { get; }

    /// <summary>The nesting level, 0 by default.</summary>
    public int Index { get; }

    /// <summary>The name for reports and exports: that of the class, and <c>/label</c> (or <c>/number</c>) unless the level is 0 and unnamed.</summary>
    public string Name => Label is not null ? Class.Name + "/" + Label : Index == 0 ? Class.Name : Class.Name + "/" + Index;

    /// <summary>The name of the level, if it was given one.</summary>
    internal string? Label { get; set; }

    /// <summary>A dense number, for tables and chain keys.</summary>
    internal int Id { get; }

    /// <summary>How many vertices there are.</summary>
    internal static int Count => Volatile.Read(ref s_count);

    /// <summary>In which callback contexts locks of this vertex were seen. Written under the graph lock, read without.</summary>
    internal CallbackUsage Usage
    {
        get => (CallbackUsage)Volatile.Read(ref _usage);
        set => Volatile.Write(ref _usage, (int)value);
    }

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
