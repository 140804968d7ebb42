// An edge of the dependency graph as a report shows it.
namespace Locking;

/// <summary>That one class was acquired while another was held.</summary>
/// <param name="Outer">The class that was held.</param>
/// <param name="Inner">The class that was acquired.</param>
/// <param name="OuterPlace">Where the held one had been acquired when this was first seen.</param>
/// <param name="InnerPlace">Where the other was acquired then.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Stack">The call stack of that acquisition.</param>
public sealed record ReportedDependency(string Outer, string Inner, LockPlace OuterPlace, LockPlace InnerPlace, string Actor, string Stack)
{
    /// <summary>One line, without the stack.</summary>
    /// <returns>For example <c>A._x (T.cs:3) -&gt; B._y (T.cs:4), first by thread 7</c>.</returns>
    public override string ToString() => $"{Outer} ({OuterPlace}) -> {Inner} ({InnerPlace}), first by {Actor}";
}
