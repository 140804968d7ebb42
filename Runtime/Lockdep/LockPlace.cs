// A place in the source, as the compiler told it.
using System.IO;

namespace Locking;

/// <summary>A place in the source.</summary>
/// <param name="File">The path as compiled; empty where the caller is not known.</param>
/// <param name="Line">The line, from 1; 0 where the caller is not known.</param>
public readonly record struct LockPlace(string File, int Line)
{
    /// <summary>File name and line, without folders, so that reports read the same on every machine.</summary>
    /// <returns>For example <c>Mm.cs:42</c>, or <c>(unknown)</c>.</returns>
    public override string ToString() =>
        string.IsNullOrEmpty(File) ? "(unknown)" : Path.GetFileName(File.Replace('\\', '/')) + ":" + Line;
}
