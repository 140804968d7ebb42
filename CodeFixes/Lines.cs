// Moves whole statements one level in, between a header and a footer, without touching what is inside their lines.
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <summary>Statements to be enclosed: from the first to the last of one list.</summary>
/// <param name="Before">Statements to put before the header.</param>
/// <param name="Edits">Changes to make inside, in the coordinates of the document.</param>
internal sealed record Region(Document Document, StatementSyntax First, StatementSyntax Last, IReadOnlyList<string> Before, IReadOnlyList<TextChange> Edits);

internal static class Lines
{
    private const string DefaultUnit = "    ";

    /// <summary>The document with the statements enclosed.</summary>
    public static Document Enclose(Region region, Holding holding)
    {
        SourceText text = region.First.SyntaxTree.GetText();
        TextSpan span = TextSpan.FromBounds(region.First.SpanStart, region.Last.Span.End);
        TextLine start = text.Lines.GetLineFromPosition(span.Start);
        TextLine end = text.Lines.GetLineFromPosition(span.End);
        bool isAlone = start.ToString().Substring(0, span.Start - start.Start).Trim().Length == 0 && IsComment(text.ToString(TextSpan.FromBounds(span.End, end.End)));
        if (!isAlone)
        {
            return EncloseInLine(region, holding, text, span);
        }

        string indent = text.ToString(TextSpan.FromBounds(start.Start, span.Start));
        string unit = UnitOf(text, region.First, indent);
        bool needsBraces = NeedsBraces(region, holding);
        string outer = indent.EndsWith(unit, System.StringComparison.Ordinal) ? indent.Substring(0, indent.Length - unit.Length) : indent;
        string level = string.Concat(Enumerable.Repeat(unit, holding.Depth));
        IEnumerable<string> above = region.Before.Concat(holding.Header).Append(level + "{").Select(l => indent + l.Replace("\t", unit));
        IEnumerable<string> below = holding.Footer.Select(l => indent + l.Replace("\t", unit)).Prepend(indent + level + "}");
        var edits = new List<TextChange>(region.Edits)
        {
            Insert(start.Start, string.Concat((needsBraces ? above.Prepend(outer + "{") : above).Select(l => l + "\n"))),
            Insert(end.End, string.Concat((needsBraces ? below.Append(outer + "}") : below).Select(l => "\n" + l))),
        };
        edits.AddRange(Movable(text, start, end, region).Select(l => Insert(l.Start, level + unit)));
        return region.Document.WithText(text.WithChanges(edits.OrderBy(e => e.Span.Start)));
    }

    /// <summary>The document with a statement replaced by lines; a tab at the start of a line stands for one level.</summary>
    public static Document Replace(Document document, StatementSyntax statement, params string[] lines)
    {
        SourceText text = statement.SyntaxTree.GetText();
        TextLine start = text.Lines.GetLineFromPosition(statement.SpanStart);
        string indent = text.ToString(TextSpan.FromBounds(start.Start, statement.SpanStart));
        if (indent.Trim().Length == 0 && statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax)
        {
            string unit = UnitOf(text, statement, indent);
            return document.WithText(text.Replace(statement.Span, string.Join("\n" + indent, lines.Select(l => l.Replace("\t", unit)))));
        }

        var block = (BlockSyntax)SyntaxFactory.ParseStatement("{\n" + string.Join("\n", lines) + "\n}");
        SyntaxNode root = statement.SyntaxTree.GetRoot();
        StatementSyntax[] statements = block.Statements.Select(s => s.WithAdditionalAnnotations(Formatter.Annotation)).ToArray();
        return document.WithSyntaxRoot(statement.Parent is BlockSyntax && statements.Length > 1
            ? root.ReplaceNode(statement, statements)
            : root.ReplaceNode(statement, statements.Length == 1 ? statements[0] : block.WithAdditionalAnnotations(Formatter.Annotation)));
    }

    /// <summary>Where statements share their lines with other code there is no layout to keep: the formatter makes a new one.</summary>
    private static Document EncloseInLine(Region region, Holding holding, SourceText text, TextSpan span)
    {
        SyntaxNode root = region.First.SyntaxTree.GetRoot();
        if (region.First != region.Last || region.Edits.Any(e => !span.Contains(e.Span)))
        {
            return region.Document;
        }

        int growth = region.Edits.Sum(e => e.NewText!.Length - e.Span.Length);
        string inside = text.WithChanges(region.Edits).ToString(new TextSpan(span.Start, span.Length + growth));
        IEnumerable<string> lines = region.Before.Concat(holding.Header).Append("{").Append(inside).Append("}").Concat(holding.Footer);
        var block = (BlockSyntax)SyntaxFactory.ParseStatement("{\n" + string.Join("\n", lines) + "\n}");
        StatementSyntax[] statements = (region.First.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax ? block.Statements.ToArray() : [block]).Select(s => s.WithAdditionalAnnotations(Formatter.Annotation)).ToArray();
        SyntaxNode? line = region.First.Ancestors().TakeWhile(a => a is StatementSyntax or ElseClauseSyntax && IsOnOneLine(text, a)).LastOrDefault();
        return region.Document.WithSyntaxRoot(line is null
            ? Replace(root, region.First, statements)
            : root.ReplaceNode(line, Replace(line, region.First, statements).WithAdditionalAnnotations(Formatter.Annotation)));
    }

    private static SyntaxNode Replace(SyntaxNode around, SyntaxNode old, StatementSyntax[] statements) =>
        statements.Length == 1 ? around.ReplaceNode(old, statements[0]) : around.ReplaceNode(old, statements);

    /// <summary>Puts one more statement before another one, on a line of its own where that has one.</summary>
    public static TextChange InsertBefore(StatementSyntax statement, string added)
    {
        SourceText text = statement.SyntaxTree.GetText();
        TextLine start = text.Lines.GetLineFromPosition(statement.SpanStart);
        string indent = text.ToString(TextSpan.FromBounds(start.Start, statement.SpanStart));
        return Insert(statement.SpanStart, added + (indent.Trim().Length > 0 ? " " : "\n" + indent));
    }

    /// <summary>Puts a statement of one line into the block of another one.</summary>
    public static TextChange Enclosed(StatementSyntax statement, string header)
    {
        SourceText text = statement.SyntaxTree.GetText();
        TextLine start = text.Lines.GetLineFromPosition(statement.SpanStart);
        string indent = text.ToString(TextSpan.FromBounds(start.Start, statement.SpanStart));
        string unit = UnitOf(text, statement, indent);
        return indent.Trim().Length > 0
            ? new TextChange(statement.Span, $"{header} {{ {statement} }}")
            : new TextChange(statement.Span, string.Join("\n" + indent, header, "{", unit + statement, "}"));
    }

    /// <summary>Turns a lock statement into a try with statements before it and at its end.</summary>
    public static IEnumerable<TextChange> ToTry(LockStatementSyntax statement, string before, string after)
    {
        SourceText text = statement.SyntaxTree.GetText();
        string indent = IndentOf(text, statement.SpanStart);
        string unit = UnitOf(text, statement, indent);
        yield return new TextChange(TextSpan.FromBounds(statement.SpanStart, statement.CloseParenToken.Span.End), before + "\n" + indent + "try");
        yield return Insert(statement.Span.End, string.Concat(new[] { "finally", "{", unit + after, "}" }.Select(l => "\n" + indent + l)));
    }

    /// <summary>Takes a statement out, with its line where it has it for itself.</summary>
    public static TextChange Remove(StatementSyntax statement)
    {
        SourceText text = statement.SyntaxTree.GetText();
        TextLine start = text.Lines.GetLineFromPosition(statement.SpanStart);
        TextLine end = text.Lines.GetLineFromPosition(statement.Span.End);
        bool isAlone = text.ToString(TextSpan.FromBounds(start.Start, statement.SpanStart)).Trim().Length == 0
            && text.ToString(TextSpan.FromBounds(statement.Span.End, end.End)).Trim().Length == 0;
        return new TextChange(isAlone ? TextSpan.FromBounds(start.Start, end.EndIncludingLineBreak) : statement.Span, "");
    }

    private static bool IsOnOneLine(SourceText text, SyntaxNode node) => text.Lines.GetLineFromPosition(node.SpanStart).LineNumber == text.Lines.GetLineFromPosition(node.Span.End).LineNumber;

    private static TextChange Insert(int position, string text) => new(new TextSpan(position, 0), text);

    private static bool NeedsBraces(Region region, Holding holding) =>
        region.First.Parent is not (BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax) && (!holding.IsOneStatement || region.Before.Count > 0);

    /// <summary>The lines that may be moved: not those that begin inside a string, and not empty ones.</summary>
    private static IEnumerable<TextLine> Movable(SourceText text, TextLine start, TextLine end, Region region)
    {
        TextSpan[] strings = region.First.Parent!.DescendantTokens()
            .Where(t => text.Lines.GetLineFromPosition(t.SpanStart) != text.Lines.GetLineFromPosition(t.Span.End))
            .Select(t => t.Span)
            .ToArray();
        return text.Lines
            .Skip(start.LineNumber)
            .Take(end.LineNumber - start.LineNumber + 1)
            .Where(l => l.End > l.Start && !region.Edits.Any(e => e.NewText!.Length == 0 && e.Span.Contains(l.Start)) && !strings.Any(s => s.Start < l.Start && l.Start <= s.End));
    }

    /// <summary>One level of indentation, as the block around has it.</summary>
    private static string UnitOf(SourceText text, StatementSyntax statement, string indent)
    {
        SyntaxNode? around = statement.Ancestors().FirstOrDefault(a => IndentOf(text, a.SpanStart).Length < indent.Length);
        string outer = around is null ? "" : IndentOf(text, around.SpanStart);
        return around is not null && indent.StartsWith(outer, System.StringComparison.Ordinal) ? indent.Substring(outer.Length) : DefaultUnit;
    }

    private static string IndentOf(SourceText text, int position)
    {
        string line = text.Lines.GetLineFromPosition(position).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    private static bool IsComment(string rest) => rest.Trim() is "" || rest.TrimStart().StartsWith("//", System.StringComparison.Ordinal);
}
