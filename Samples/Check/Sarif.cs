// The findings as SARIF 2.1.0, for code-scanning services and editors.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Check;

/// <summary>
/// As the compiler writes it with /errorlog, and with fingerprints: a finding keeps its own when lines above it come and go, so that a file
/// of today can be the baseline of tomorrow.
/// </summary>
internal static class Sarif
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <param name="root">What paths are relative to: the folder, or that of the solution.</param>
    public static void Write(FileInfo file, string root, IEnumerable<Diagnostic> findings)
    {
        string folder = Path.GetFullPath(Directory.Exists(root) ? root : Path.GetDirectoryName(Path.GetFullPath(root))!) + Path.DirectorySeparatorChar;
        List<Diagnostic> all = [.. findings.Where(f => f.Severity > DiagnosticSeverity.Hidden && f.Location.IsInSource).DistinctBy(f => (f.Id, f.Location.GetLineSpan().Path, f.Location.SourceSpan))];
        DiagnosticDescriptor[] rules = [.. all.Select(f => f.Descriptor).DistinctBy(d => d.Id).OrderBy(d => d.Id, StringComparer.Ordinal)];
        var seen = new Dictionary<string, int>();
        var run = new JsonObject
        {
            ["tool"] = new JsonObject { ["driver"] = new JsonObject { ["name"] = "Locking", ["informationUri"] = "https://github.com/locking-dotnet/locking", ["rules"] = Array(rules.Select(RuleOf)) } },
            ["originalUriBaseIds"] = new JsonObject { ["ROOT"] = new JsonObject { ["uri"] = new Uri(folder).AbsoluteUri } },
            ["results"] = Array(all.Select(f => Result(f, folder, seen))),
            ["columnKind"] = "utf16CodeUnits",
        };
        var log = new JsonObject { ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json", ["version"] = "2.1.0", ["runs"] = new JsonArray(run) };
        File.WriteAllText(file.FullName, log.ToJsonString(s_indented) + "\n");
    }

    private static JsonObject RuleOf(DiagnosticDescriptor rule) => new()
    {
        ["id"] = rule.Id,
        ["shortDescription"] = Text(rule.Title.ToString(CultureInfo.InvariantCulture)),
        ["fullDescription"] = Text(rule.Description.ToString(CultureInfo.InvariantCulture)),
        ["helpUri"] = rule.HelpLinkUri,
        ["defaultConfiguration"] = new JsonObject { ["level"] = Level(rule.DefaultSeverity) },
        ["properties"] = new JsonObject { ["category"] = rule.Category },
    };

    private static JsonObject Result(Diagnostic finding, string folder, Dictionary<string, int> seen) => new()
    {
        ["ruleId"] = finding.Id,
        ["level"] = Level(finding.Severity),
        ["message"] = Text(finding.GetMessage(CultureInfo.InvariantCulture)),
        ["locations"] = new JsonArray(Place(finding.Location, folder)),
        ["relatedLocations"] = Array(finding.AdditionalLocations.Where(l => l.IsInSource).Select(l => Place(l, folder))),
        ["partialFingerprints"] = new JsonObject { ["locking/v1"] = Fingerprint(finding, folder, seen) },
    };

    private static JsonObject Place(Location location, string folder)
    {
        FileLinePositionSpan span = location.GetLineSpan();
        string path = Path.GetRelativePath(folder, span.Path).Replace('\\', '/');
        var region = new JsonObject
        {
            ["startLine"] = span.StartLinePosition.Line + 1, ["startColumn"] = span.StartLinePosition.Character + 1,
            ["endLine"] = span.EndLinePosition.Line + 1, ["endColumn"] = span.EndLinePosition.Character + 1,
        };
        var artifact = new JsonObject { ["uri"] = Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal), ["uriBaseId"] = "ROOT" };
        return new JsonObject { ["physicalLocation"] = new JsonObject { ["artifactLocation"] = artifact, ["region"] = region } };
    }

    /// <summary>Of the rule, the file, and the text of the line; the second of equal ones is told apart by its number.</summary>
    private static string Fingerprint(Diagnostic finding, string folder, Dictionary<string, int> seen)
    {
        SourceText source = finding.Location.SourceTree!.GetText();
        string line = source.Lines.GetLineFromPosition(finding.Location.SourceSpan.Start).ToString().Trim();
        string text = $"{finding.Id}\n{Path.GetRelativePath(folder, finding.Location.SourceTree.FilePath).Replace('\\', '/')}\n{line}";
        int number = seen[text] = seen.GetValueOrDefault(text) + 1;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{text}\n{number}")))[..32];
    }

    private static string Level(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "note",
    };

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static JsonArray Array(IEnumerable<JsonObject> items) => new([.. items]);
}
