// What a compiler run is given besides the sources.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Locking.Check.Loading;

namespace Locking.Benchmarks.Builds;

/// <param name="Name">For the table.</param>
/// <param name="WithDefaults">Whether the analyzers that the SDK adds by itself run as well.</param>
/// <param name="Analyzers">Assemblies that are added; none and no defaults: no analyzer runs at all.</param>
internal sealed record Variant(string Name, bool WithDefaults, params string[] Analyzers)
{
    /// <summary>Rules that are errors by default and were found: an error would end the run before an assembly is written, and so make it cheaper.</summary>
    public ImmutableArray<string> Silenced { get; init; } = [];

    public static readonly Variant Bare = new("no analyzer", false);
    public static readonly Variant NoOp = new("a no-op operation-block analyzer", false, Own("Locking.NoOp.dll"));
    public static readonly Variant Ours = new("Locking", false, Own("Locking.Analyzers.dll"));
    public static readonly Variant Defaults = new("the SDK's default analyzers", true);
    public static readonly Variant DefaultsAndOurs = new("the SDK's default analyzers and Locking", true, Own("Locking.Analyzers.dll"));

    /// <summary>The arguments of the project's own build; generators stay whatever the variant, for without them it would not compile.</summary>
    public ImmutableArray<string> Arguments(CompilerCall call, string output)
    {
        IEnumerable<string> kept = call.Arguments.Where(a => !Is(a, "skipanalyzers") && !Is(a, "out") && !Is(a, "refout") && !Is(a, "errorlog"));
        if (!WithDefaults)
        {
            kept = kept.Where(a => !(Is(a, "analyzer") && a.Contains("Microsoft.NET.Sdk", StringComparison.Ordinal)));
        }

        bool skips = !WithDefaults && Analyzers.Length == 0;
        return [.. kept, .. Analyzers.Select(a => "/analyzer:" + a), .. Silenced.Select(id => "/nowarn:" + id), .. skips ? ["/skipanalyzers+"] : Array.Empty<string>(), "/out:" + output];
    }

    private static bool Is(string argument, string option) => argument.AsSpan(1).StartsWith(option, StringComparison.OrdinalIgnoreCase) && argument[0] is '/' or '-';

    private static string Own(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly);
}
