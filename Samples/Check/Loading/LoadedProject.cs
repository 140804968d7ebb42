// One project as the compiler saw it, ready to be analysed.
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Check.Loading;

/// <param name="Name">For people: the project's file name, with the framework where it is built for several.</param>
/// <param name="Compilation">Its sources, those of generators included, and references.</param>
/// <param name="Options">Its .editorconfig files, global configs and additional files.</param>
internal sealed record LoadedProject(string Name, CSharpCompilation Compilation, AnalyzerOptions Options);

/// <summary>Code that cannot be loaded; the message is one line for whoever asked.</summary>
internal sealed class LoadException(string message) : System.Exception(message);
