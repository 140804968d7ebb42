// dotnet format finds the fixes in the package and applies them.
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Locking.Clients.Tests;

public sealed class FormatTests(PackedSolution packed) : IClassFixture<PackedSolution>
{
    [Fact]
    public async Task Format_AppliesAFix()
    {
        string folder = await packed.CopyAsync("Format");

        await packed.Run(folder, "format", "analyzers", "Consumer.sln", "--no-restore", "--diagnostics", "LOCK1001", "--severity", "warn");

        Assert.Contains(
            """
                    lock (_gate)
                    {
                        _balance += amount; // more
                    }
            """,
            await File.ReadAllTextAsync(Path.Combine(folder, "Account.cs")));
    }
}
