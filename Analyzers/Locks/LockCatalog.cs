// The table of the framework's own locks: an embedded file in the grammar of third-party contracts.
using System.IO;
using System.Reflection;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Analyzers.Locks;

internal static class LockCatalog
{
    /// <summary>The name under which the file is embedded, and by which messages speak of it.</summary>
    public const string FileName = "Framework.locking.txt";

    public static SourceText Read()
    {
        using Stream stream = typeof(LockCatalog).GetTypeInfo().Assembly.GetManifestResourceStream(FileName)!;
        return SourceText.From(stream);
    }
}
