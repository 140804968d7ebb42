// One edge of a lock-order graph.
namespace Locking;

/// <summary>That a lock of one class was, or can be, acquired while one of another is held.</summary>
/// <param name="Outer">The class that is held, with <c>/subclass</c> where it has one.</param>
/// <param name="Inner">The class that is acquired.</param>
/// <param name="Modes">
/// The ways it happens, as a sorted, comma-separated list: how the outer one is held (<c>E</c> exclusive, <c>S</c> shared), then whether the
/// inner one is a recursive read (<c>R</c>) or not (<c>N</c>): <c>EN</c>, <c>ER</c>, <c>SN</c>, <c>SR</c>. Lockdep's notation.
/// </param>
/// <param name="OuterPlace">Where the outer one is acquired; empty where that is not known.</param>
/// <param name="InnerPlace">Where the inner one is acquired; empty where that is not known.</param>
public sealed record LockOrderEdge(string Outer, string Inner, string Modes, string OuterPlace = "", string InnerPlace = "");
