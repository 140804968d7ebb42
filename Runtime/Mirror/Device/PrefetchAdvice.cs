// What a prefetch asks for.
namespace Locking.Mirror;

/// <summary>What a prefetch asks for. Linux: <c>enum ib_uverbs_advise_mr_advice</c>.</summary>
public enum PrefetchAdvice
{
    /// <summary>Pages to be read; faulted in, and not made writable though the region is.</summary>
    Read,

    /// <summary>Pages to be written.</summary>
    Write,

    /// <summary>Only pages that are there.</summary>
    NoFault,
}
