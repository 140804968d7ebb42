// A lock as a report shows it.
namespace Locking;

/// <summary>A lock as a report shows it.</summary>
/// <param name="Class">The class, with its subclass.</param>
/// <param name="Instance">The number of the instance.</param>
/// <param name="Mode">How it is held or wanted.</param>
/// <param name="Place">Where it was or is being acquired.</param>
/// <param name="Usage">Its use in relation to callbacks, four characters: non-blockable write and read, blockable write and read;
/// <c>-</c> inside a callback, <c>+</c> where one may run, <c>?</c> both, <c>.</c> neither.</param>
/// <param name="Outer">How much waiting acquiring it needs.</param>
/// <param name="Inner">How much waiting it allows inside.</param>
public sealed record ReportedLock(string Class, long Instance, LockMode Mode, LockPlace Place, string Usage, WaitType Outer, WaitType Inner)
{
    /// <summary>One line.</summary>
    /// <returns>For example <c>N.T._gate #3 (exclusive) {....}-{Sleep:Sleep}, at T.cs:12</c>.</returns>
    public override string ToString() => $"{Class} #{Instance} ({Name(Mode)}) {{{Usage}}}-{{{Outer}:{Inner}}}, at {Place}";

    internal static string Name(LockMode mode) => mode switch
    {
        LockMode.Exclusive => "exclusive",
        LockMode.Shared => "shared",
        _ => "read section",
    };
}
