// Where the repository lies that the tests were built from.
using System.IO;
using System.Linq;
using System.Reflection;

namespace Locking.Tests.Harness;

internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    public static string PathOf(params string[] parts) => Path.Combine(parts.Prepend(Root).ToArray());
}
