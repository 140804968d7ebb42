// Every .editorconfig key, with its values, default and meaning, in one table.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Analyzers;

/// <summary>One key. A value that is not one of its values counts as absent, and is reported once.</summary>
/// <param name="Key">As written in .editorconfig or a global analyzer config.</param>
/// <param name="Default">The value that counts where there is none.</param>
/// <param name="Values">The values it takes; empty for a number.</param>
/// <param name="Meaning">For Docs/options.md.</param>
internal sealed record OptionRow(string Key, string Default, ImmutableArray<string> Values, string Meaning)
{
    /// <summary>The same as a property of the project, as the compiler hands it on: <c>Lock7002Fields</c> for <c>lock7002.fields</c>.</summary>
    public string Property { get; } =
        "build_property." + string.Concat(Key.Split('.', '_').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));

    public bool Accepts(string value) =>
        Values.IsEmpty ? int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) : Values.Contains(value, StringComparer.OrdinalIgnoreCase);

    public string Expected => Values.IsEmpty ? "a whole number" : string.Join(" or ", Values.Select(v => $"'{v}'"));
}

/// <summary>The options that hold for one file.</summary>
internal readonly struct Options(AnalyzerConfigOptions? source)
{
    public static readonly OptionRow ReassignableLocks = new(
        "lock7002.fields",
        "reassigned",
        ImmutableArray.Create("reassigned", "mutable"),
        "Which fields LOCK7002 minds: those that are assigned somewhere outside constructors, or all that are not readonly.");

    public static readonly OptionRow TimedWaits = new(
        "lock2009.timed_waits",
        "ignore",
        ImmutableArray.Create("ignore", "report"),
        "Whether LOCK2009 wants a loop around a Monitor.Wait that has a timeout, which many programs use as a sleep that can be cut short.");

    public static readonly OptionRow InferredShare = new(
        "locking.inferred_share",
        "80",
        ImmutableArray<string>.Empty,
        "In percent: a lock under which a field is used at least so often counts as its guard (LOCK1101, LOCK1102). Where no more than two places do without it, two thirds are enough.");

    public static readonly ImmutableArray<OptionRow> Rows = ImmutableArray.Create(ReassignableLocks, TimedWaits, InferredShare);

    /// <summary>Keys that look like ours and are none, and values that an option does not take; in the order of the keys.</summary>
    public static IEnumerable<string> Problems(AnalyzerConfigOptions options)
    {
        foreach (string key in options.Keys.Where(IsOurs).OrderBy(k => k, StringComparer.Ordinal))
        {
            OptionRow? row = Rows.FirstOrDefault(r => string.Equals(r.Key, key, StringComparison.OrdinalIgnoreCase));
            if (row is null)
            {
                yield return $"'{key}' is no option";
            }
            else if (options.TryGetValue(key, out string? value) && value.Length > 0 && !row.Accepts(value))
            {
                yield return Refusal(row, value);
            }
        }

        foreach (OptionRow row in Rows)
        {
            if (options.TryGetValue(row.Property, out string? value) && value.Length > 0 && !row.Accepts(value))
            {
                yield return Refusal(row, value);
            }
        }
    }

    /// <summary>Whether an option that takes words has a certain one.</summary>
    public bool Is(OptionRow row, string word) => string.Equals(ValueOf(row), word, StringComparison.OrdinalIgnoreCase);

    public int Number(OptionRow row) => int.Parse(ValueOf(row), CultureInfo.InvariantCulture);

    /// <summary>What a config file says comes before what the project says.</summary>
    private string ValueOf(OptionRow row) => Written(row.Key, row) ?? Written(row.Property, row) ?? row.Default;

    private string? Written(string key, OptionRow row) =>
        source is not null && source.TryGetValue(key, out string? value) && row.Accepts(value) ? value : null;

    private static string Refusal(OptionRow row, string value) =>
        $"'{value}' is no value of '{row.Key}', which takes {row.Expected}; '{row.Default}' counts";

    /// <summary><c>locking.name</c> for the engine, <c>lockNNNN.name</c> for one rule.</summary>
    private static bool IsOurs(string key)
    {
        int dot = key.IndexOf('.');
        return dot > 0
            && key.StartsWith("lock", StringComparison.OrdinalIgnoreCase)
            && (string.Equals(key.Substring(0, dot), "locking", StringComparison.OrdinalIgnoreCase) || (dot == 8 && key.Substring(4, 4).All(char.IsDigit)));
    }
}
