// Files of the repository that tests compare with.
using System;
using System.IO;
using Xunit;

namespace Locking.Tests.Harness;

internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Compares a file with what it should be. With <c>LOCKING_UPDATE_BASELINES=1</c> it is written instead.</summary>
    public static void AssertFile(string path, string expected)
    {
        string file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("LOCKING_UPDATE_BASELINES") == "1")
        {
            File.WriteAllText(file, expected);
        }

        Assert.True(File.Exists(file), $"{path} is missing; run the tests with LOCKING_UPDATE_BASELINES=1 to write it.");
        Assert.Equal(expected, File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Locking.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests has Locking.sln.");
    }
}
