// Puts the nearest name that exists in the place of one that does not.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameTheLock))]
public sealed class NameTheLock() : LockingCodeFix("LOCK0001")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        LiteralExpressionSyntax? written = finding.Node.DescendantNodesAndSelf().OfType<LiteralExpressionSyntax>().FirstOrDefault(l => l.IsKind(SyntaxKind.StringLiteralExpression));
        if (written is null || ContractScope.Of(finding.Model, finding.Contracts, written, finding.Cancellation) is not { } scope)
        {
            return;
        }

        if (Nearest(scope, written.Token.ValueText) is { } name)
        {
            string argument = ContractWriter.Argument(finding.Model, scope.Position, name);
            SyntaxNode root = finding.Root.ReplaceNode(written, SyntaxFactory.ParseExpression(argument).WithTriviaFrom(written));
            await offers.AddAsync($"Name '{name}'", nameof(NameTheLock), root).ConfigureAwait(false);
        }
    }

    /// <summary>The path with each step that leads nowhere replaced; null where it still leads nowhere, or to no capability.</summary>
    private static string? Nearest(ContractScope scope, string path)
    {
        var steps = new List<string>();
        ContractScope? current = scope;
        foreach (string step in path.Split('.'))
        {
            if (current?.Names() is not { } names || Nearest(names, step.Trim()) is not { } found)
            {
                return null;
            }

            steps.Add(found);
            current = current.Into(found);
        }

        string nearest = string.Join(".", steps);
        return current is { IsCapability: true } && nearest != path ? nearest : null;
    }

    private static string? Nearest(IEnumerable<string> names, string written)
    {
        // A third of the letters may be wrong, and two always.
        int limit = Math.Max(2, written.Length / 3);
        return names.Distinct()
            .Select(n => (Name: n, Distance: Distance(n, written)))
            .Where(n => n.Distance <= limit && n.Distance < n.Name.Length)
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Select(n => n.Name)
            .FirstOrDefault();
    }

    /// <summary>How many letters have to be added, left out or changed (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        int[] row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                int changed = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                row[j] = Math.Min(changed, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
