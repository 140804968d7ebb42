// Texts that stand beside their test, in the conventions of Verify: Class.Method.verified.txt, and .received.txt where they differ.
using System;
using System.IO;
using System.Runtime.CompilerServices;
using Xunit;

namespace Locking.Tests.Harness;

internal static class Snapshot
{
    /// <param name="text">What the test yields now.</param>
    /// <param name="path">The source of the test, named like its class.</param>
    /// <param name="method">The test.</param>
    public static void Verify(string text, [CallerFilePath] string path = "", [CallerMemberName] string method = "")
    {
        // Builds that hide machine paths leave only the part inside the repository.
        string source = path.StartsWith("/_/", StringComparison.Ordinal) ? Repository.PathOf(path[3..]) : path;
        string stem = Path.Combine(Path.GetDirectoryName(source)!, $"{Path.GetFileNameWithoutExtension(source)}.{method}");
        string verified = Read(stem + ".verified.txt");
        string received = text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (verified == received)
        {
            File.Delete(stem + ".received.txt");
            return;
        }

        File.WriteAllText(stem + ".received.txt", received);
        Assert.Fail($"{Path.GetFileName(stem)}.received.txt is not what was verified. If it is right, rename it to .verified.txt.\n{received}");
    }

    private static string Read(string path) => File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
}
