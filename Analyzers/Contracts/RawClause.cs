// One contract as written, in an attribute or in a line of a contract file, before any name is resolved.
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Analyzers.Contracts;

/// <summary>A value and, for an enum of ours, its type name, so that <c>Result.Zero</c> and the number 2 stay apart.</summary>
internal readonly record struct RawArgument(object? Value, string? EnumType = null);

/// <summary>Where a contract was written, for the rules that check contracts themselves.</summary>
internal abstract record ClauseSource
{
    /// <summary>The place of a positional argument; of the whole contract where there is no such argument.</summary>
    public abstract Location? Locate(int argument);

    /// <summary>Whether fewer arguments were understood than are written: the compiler says what is wrong.</summary>
    public virtual bool HasErrors(int understood) => false;
}

internal sealed record AttributeSource(AttributeData Attribute) : ClauseSource
{
    public override bool HasErrors(int understood) =>
        (Attribute.ApplicationSyntaxReference?.GetSyntax() as AttributeSyntax)?.ArgumentList?.Arguments.Count > understood + Attribute.NamedArguments.Length;

    public override Location? Locate(int argument)
    {
        if (Attribute.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax syntax)
        {
            return null;
        }

        if (argument < 0 || syntax.ArgumentList is not { Arguments.Count: > 0 } list)
        {
            return syntax.GetLocation();
        }

        int index = System.Math.Min(argument, list.Arguments.Count - 1);
        return list.Arguments[index].GetLocation();
    }
}

internal sealed record FileSource(string Path, SourceText Text, TextSpan Span) : ClauseSource
{
    public override Location Locate(int argument) => Location.Create(Path, Span, Text.Lines.GetLinePositionSpan(Span));
}

internal sealed record RawClause(string Name, ImmutableArray<RawArgument> Arguments, ClauseSource Source)
{
    /// <summary>The parameter that the contract stands on, in a contract file; null for the member itself.</summary>
    public string? Target { get; init; }

    public ImmutableDictionary<string, RawArgument> Named { get; init; } = ImmutableDictionary<string, RawArgument>.Empty;

    public string? TextAt(int index) => index < Arguments.Length ? Arguments[index].Value as string : null;

    public bool Flag(string name, bool otherwise) => Named.TryGetValue(name, out RawArgument value) && value.Value is bool b ? b : otherwise;

    public static RawClause From(AttributeData attribute, string name)
    {
        var arguments = ImmutableArray.CreateBuilder<RawArgument>();
        foreach (TypedConstant constant in attribute.ConstructorArguments)
        {
            if (constant.Kind != TypedConstantKind.Array)
            {
                arguments.Add(Convert(constant));
            }
            else if (!constant.IsNull)
            {
                foreach (TypedConstant element in constant.Values)
                {
                    arguments.Add(Convert(element));
                }
            }
        }

        ImmutableDictionary<string, RawArgument> named = ImmutableDictionary<string, RawArgument>.Empty;
        foreach (System.Collections.Generic.KeyValuePair<string, TypedConstant> pair in attribute.NamedArguments)
        {
            named = named.SetItem(pair.Key, Convert(pair.Value));
        }

        return new RawClause(name, arguments.ToImmutable(), new AttributeSource(attribute)) { Named = named };
    }

    private static RawArgument Convert(TypedConstant constant) =>
        constant.Kind switch
        {
            TypedConstantKind.Error or TypedConstantKind.Array or TypedConstantKind.Type => default,
            TypedConstantKind.Enum => new RawArgument(constant.Value, constant.Type?.ContainingNamespace?.Name == ContractCatalog.Namespace ? constant.Type.Name : ""),
            _ => new RawArgument(constant.Value),
        };
}
