// Tries a change: it is good where it changes something and brings no new error.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

internal static class Trial
{
    public static async Task<bool> SucceedsAsync(Solution before, Solution after, CancellationToken cancellation)
    {
        bool changes = false;
        foreach (DocumentId id in after.GetChanges(before).GetProjectChanges().SelectMany(p => p.GetChangedDocuments()))
        {
            Document old = before.GetDocument(id)!;
            Document now = after.GetDocument(id)!;
            ImmutableArray<TextChange> edits = (await now.GetTextChangesAsync(old, cancellation).ConfigureAwait(false)).ToImmutableArray();
            changes |= !edits.IsEmpty;
            if (!edits.IsEmpty && await HasNewErrorsAsync(old, now, edits, cancellation).ConfigureAwait(false))
            {
                return false;
            }
        }

        return changes;
    }

    private static async Task<bool> HasNewErrorsAsync(Document old, Document now, ImmutableArray<TextChange> edits, CancellationToken cancellation)
    {
        SyntaxNode root = (await now.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        SemanticModel model = (await now.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        var errors = new List<Diagnostic>();
        foreach ((SyntaxTree tree, TextSpan span) in Reach(root, model, edits, cancellation).Distinct())
        {
            SemanticModel reached = tree == root.SyntaxTree ? model : model.Compilation.GetSemanticModel(tree);
            errors.AddRange(reached.GetDiagnostics(span, cancellation).Where(IsError));
        }

        if (errors.Count == 0)
        {
            return false;
        }

        // The user may be in the middle of something: what was wrong before does not count.
        SemanticModel oldModel = (await old.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        HashSet<string> known = new(oldModel.Compilation.GetDiagnostics(cancellation).Where(IsError).Select(Text));
        return errors.Any(e => !known.Contains(Text(e)));
    }

    /// <summary>
    /// Where the edits can cause an error: in the member that they lie in; outside of bodies, in all of the type.
    /// What other types use of a member keeps its name and its type, or the fix that changes it looks at them itself.
    /// </summary>
    private static IEnumerable<(SyntaxTree, TextSpan)> Reach(SyntaxNode root, SemanticModel model, ImmutableArray<TextChange> edits, CancellationToken cancellation)
    {
        int shift = 0;
        foreach (TextChange edit in edits.OrderBy(e => e.Span.Start))
        {
            var span = new TextSpan(edit.Span.Start + shift, edit.NewText!.Length);
            shift += edit.NewText.Length - edit.Span.Length;
            SyntaxNode node = root.FindNode(span.IsEmpty && span.Start == root.FullSpan.End ? root.FullSpan : span);
            if (node.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>() is { } method && node != method)
            {
                yield return (root.SyntaxTree, method.FullSpan);
            }
            else if (node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type && model.GetDeclaredSymbol(type, cancellation) is { } symbol)
            {
                foreach (SyntaxReference part in symbol.DeclaringSyntaxReferences)
                {
                    yield return (part.SyntaxTree, part.GetSyntax(cancellation).FullSpan);
                }
            }
            else
            {
                yield return (root.SyntaxTree, root.FullSpan);
            }
        }
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static string Text(Diagnostic diagnostic) => diagnostic.Id + diagnostic.GetMessage(CultureInfo.InvariantCulture);
}
