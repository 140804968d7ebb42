// Offers the names that a contract can give to a lock, while its string is typed.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Options;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <summary>Names of capabilities, and of what leads to one behind a dot; for strings that are one path, as contracts.md has them.</summary>
[Shared]
[ExportCompletionProvider(nameof(CompleteTheLock), LanguageNames.CSharp)]
public sealed class CompleteTheLock : CompletionProvider
{
    // What leads to a lock in so many steps is offered on the way.
    private const int MaxSteps = 2;
    private const string TypeProperty = "Type";

    /// <inheritdoc/>
    public override bool ShouldTriggerCompletion(SourceText text, int caretPosition, CompletionTrigger trigger, OptionSet options) =>
        trigger.Kind != CompletionTriggerKind.Insertion || trigger.Character is '"' or '.';

    /// <inheritdoc/>
    public override async Task ProvideCompletionsAsync(CompletionContext context)
    {
        SyntaxNode root = (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (Literal(root, context.Position) is not { } literal
            || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model
            || !NamesCapability(literal, model, context.CancellationToken)
            || ContractScope.Of(model, new ContractReader(model.Compilation, []), literal, context.CancellationToken) is not { } start)
        {
            return;
        }

        string written = literal.Token.Text.Substring(0, context.Position - literal.Token.SpanStart);
        string[] steps = written.Substring(written.IndexOf('"') + 1).Split('.');
        ContractScope? scope = steps.Take(steps.Length - 1).Aggregate((ContractScope?)start, (reached, step) => reached?.Into(step.Trim()));
        string last = steps[steps.Length - 1].TrimStart();
        context.CompletionListSpan = TextSpan.FromBounds(context.Position - last.Length, context.Position);
        context.IsExclusive = true;
        context.AddItems(Items(scope));
    }

    /// <inheritdoc/>
    public override Task<CompletionDescription?> GetDescriptionAsync(Document document, CompletionItem item, CancellationToken cancellationToken) =>
        Task.FromResult<CompletionDescription?>(CompletionDescription.FromText($"{item.Properties[TypeProperty]} {item.DisplayText}"));

    /// <summary>The string around the caret; its closing quote may be missing, as while it is typed.</summary>
    private static LiteralExpressionSyntax? Literal(SyntaxNode root, int position)
    {
        if (position == 0)
        {
            return null;
        }

        SyntaxToken token = root.FindToken(position - 1);
        bool isInside = token.SpanStart < position && (position < token.Span.End || token.ContainsDiagnostics);
        return isInside && token.IsKind(SyntaxKind.StringLiteralToken) ? token.Parent as LiteralExpressionSyntax : null;
    }

    /// <summary>Some strings in contracts are reasons or names of lock classes.</summary>
    private static bool NamesCapability(LiteralExpressionSyntax literal, SemanticModel model, CancellationToken cancellation)
    {
        if (literal.FirstAncestorOrSelf<AttributeArgumentSyntax>() is not { Parent: AttributeArgumentListSyntax { Parent: AttributeSyntax attribute } list } argument)
        {
            return false;
        }

        SymbolInfo info = model.GetSymbolInfo(attribute, cancellation);
        if (argument.NameEquals is { } property)
        {
            return property.Name.Identifier.ValueText == "Until";
        }

        ImmutableArray<IParameterSymbol> parameters = ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) as IMethodSymbol)?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty;
        IParameterSymbol? parameter = argument.NameColon is { } name
            ? parameters.FirstOrDefault(p => p.Name == name.Name.Identifier.ValueText)
            : parameters.ElementAtOrDefault(Math.Min(list.Arguments.IndexOf(argument), parameters.Length - 1));
        return parameter?.Name is "capability" or "capabilities" or "domain";
    }

    private static IEnumerable<CompletionItem> Items(ContractScope? scope)
    {
        foreach (string name in scope?.Names().Distinct() ?? [])
        {
            if (scope!.Into(name) is { } reached && Rank(reached) is { } rank)
            {
                ImmutableDictionary<string, string> properties = ImmutableDictionary<string, string>.Empty.Add(TypeProperty, reached.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
                yield return CompletionItem.Create(name, sortText: $"{rank}{name}", properties: properties, tags: ImmutableArray.Create(WellKnownTags.Field));
            }
        }
    }

    /// <summary>First what is made to be held, then what leads there, then what could be locked like any object; null for nothing of these.</summary>
    private static int? Rank(ContractScope reached) =>
        IsMadeToBeHeld(reached) ? 0 : LeadsToCapability(reached, MaxSteps) ? 1 : reached.IsCapability && reached.Type.SpecialType != SpecialType.System_String ? 2 : null;

    private static bool IsMadeToBeHeld(ContractScope reached) =>
        reached.IsCapability && (reached.Type.SpecialType == SpecialType.System_Object || reached.Reader.KindOf(reached.Type) is { IsMonitor: false });

    private static bool LeadsToCapability(ContractScope scope, int steps) =>
        steps > 0 && scope.Names().Select(scope.Into).Any(s => s is not null && (IsMadeToBeHeld(s) || LeadsToCapability(s, steps - 1)));
}
