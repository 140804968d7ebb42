// The source generators of the code that is checked, run by this program's compiler.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Check.Loading;

internal static class Generators
{
    private static readonly FolderLoader s_loader = new();
    private static readonly ConcurrentDictionary<string, ImmutableArray<ISourceGenerator>> s_known = new();

    /// <summary>The generators in an assembly; none where it cannot be loaded, which shows as errors of the compilation.</summary>
    public static ImmutableArray<ISourceGenerator> In(string path) => s_known.GetOrAdd(path, static p =>
        File.Exists(p) ? new AnalyzerFileReference(p, s_loader).GetGenerators(LanguageNames.CSharp) : []);

    /// <summary>Loads an assembly with what lies beside it; the compiler itself is this program's.</summary>
    private sealed class FolderLoader : IAnalyzerAssemblyLoader
    {
        private readonly ConcurrentDictionary<string, Context> _contexts = new();

        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => _contexts.GetOrAdd(Path.GetDirectoryName(fullPath)!, f => new Context(f)).LoadFromAssemblyPath(fullPath);
    }

    private sealed class Context(string folder) : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string beside = Path.Combine(folder, assemblyName.Name + ".dll");
            bool isOurs = assemblyName.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || Default.Assemblies.Any(a => a.GetName().Name == assemblyName.Name);
            return !isOurs && File.Exists(beside) ? LoadFromAssemblyPath(beside) : null;
        }
    }
}
