// One thread's part of an SRCU domain.
using System.Runtime.InteropServices;
using System.Threading;

namespace Locking;

/// <summary>
/// What one thread says about its read sections in one domain. Only that thread writes it, but for <see cref="IsAwaited"/>, which a waiting
/// updater sets when the section is long. So a reader's stores stay in its own cache.
/// </summary>
internal sealed class ReaderSlot(SrcuDomain domain)
{
    private Fields _fields;

    /// <summary>The domain; null once it was disposed, so that the slot of a thread does not keep it alive.</summary>
    public SrcuDomain? Domain { get; set; } = domain;

    public Thread Thread { get; } = Thread.CurrentThread;

    /// <summary>How many sections of the thread are open, one inside the other.</summary>
    public ref int Depth => ref _fields.Depth;

    /// <summary>
    /// The number of the latest grace period that had begun when the outermost section was entered; 0 outside. An updater that began a later
    /// one waits for this section, and only for such.
    /// </summary>
    public ref long Entered => ref _fields.Entered;

    /// <summary>Set by an updater that went to sleep: the reader wakes it on leaving.</summary>
    public ref int IsAwaited => ref _fields.IsAwaited;

    /// <summary>Padded on both sides: two slots, or a slot and anything else that is written, never share a pair of cache lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Fields
    {
        [FieldOffset(128)]
        public long Entered;

        [FieldOffset(136)]
        public int Depth;

        [FieldOffset(140)]
        public int IsAwaited;
    }
}
