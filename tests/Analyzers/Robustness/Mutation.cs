// Small changes to source, as typing and merging make them: most leave code that still compiles, some do not.
using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Tests.Robustness;

public enum MutationKind
{
    DeleteStatement,
    DuplicateStatement,
    SwapStatements,
    LockAround,
    LoopAround,
    TryAround,
    LambdaAround,
    JumpAway,
    ReplaceName,
    DeleteToken,
    DuplicateToken,
    Truncate,
}

/// <summary>One change.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="At">Which of the statements or tokens; counted round and round.</param>
/// <param name="Other">A second one, where two take part.</param>
public sealed record Mutation(MutationKind Kind, int At, int Other)
{
    public string Apply(string text)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot();
        return Kind >= MutationKind.ReplaceName ? ChangeTokens(text, root.DescendantTokens().Where(t => !t.Span.IsEmpty).ToList()) : ChangeStatements(text, root);
    }

    private string ChangeStatements(string text, SyntaxNode root)
    {
        List<StatementSyntax> statements = root.DescendantNodes().OfType<StatementSyntax>().Where(s => s is not BlockSyntax).ToList();
        if (statements.Count == 0)
        {
            return text;
        }

        TextSpan one = statements[At % statements.Count].Span;
        TextSpan other = statements[Other % statements.Count].Span;
        string statement = text.Substring(one.Start, one.Length);
        return Kind switch
        {
            MutationKind.DeleteStatement => Replace(text, one, ";"),
            MutationKind.DuplicateStatement => Replace(text, one, $"{{ {statement} {statement} }}"),
            MutationKind.SwapStatements when !one.OverlapsWith(other) => Swap(text, one, other),
            MutationKind.LockAround => Replace(text, one, $"lock (typeof(object)) {{ {statement} }}"),
            MutationKind.LoopAround => Replace(text, one, $"while (System.Environment.TickCount > {Other}) {{ {statement} }}"),
            MutationKind.TryAround => Replace(text, one, $"try {{ {statement} }} catch (System.Exception e) when (e.Message.Length > {Other}) {{ }} finally {{ {statement} }}"),
            MutationKind.LambdaAround => Replace(text, one, $"System.Threading.Tasks.Task.Run(() => {{ {statement} }});"),
            MutationKind.JumpAway => Replace(text, one, $"if (System.Environment.TickCount > {Other}) goto away{Other}; {statement} away{Other}: ;"),
            _ => text,
        };
    }

    private string ChangeTokens(string text, List<SyntaxToken> tokens)
    {
        List<SyntaxToken> names = tokens.Where(t => t.IsKind(SyntaxKind.IdentifierToken)).ToList();
        if (names.Count == 0)
        {
            return text;
        }

        SyntaxToken token = tokens[At % tokens.Count];
        return Kind switch
        {
            MutationKind.ReplaceName => Replace(text, names[At % names.Count].Span, names[Other % names.Count].Text),
            MutationKind.DeleteToken => Replace(text, token.Span, ""),
            MutationKind.DuplicateToken => Replace(text, token.Span, token.Text + " " + token.Text),
            _ => text.Substring(0, token.Span.End),
        };
    }

    private static string Replace(string text, TextSpan span, string with) => text.Substring(0, span.Start) + with + text.Substring(span.End);

    private static string Swap(string text, TextSpan one, TextSpan other)
    {
        (TextSpan first, TextSpan second) = one.Start < other.Start ? (one, other) : (other, one);
        return Replace(Replace(text, second, text.Substring(first.Start, first.Length)), first, text.Substring(second.Start, second.Length));
    }
}
