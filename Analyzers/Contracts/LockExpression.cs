// The little language inside contract strings: from a dotted name to a lock path.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Contracts;

/// <summary>The declaration that a contract stands on, as far as names in it mean something.</summary>
/// <param name="Type">The type whose members can be named.</param>
/// <param name="Parameters">The parameters that can be named.</param>
/// <param name="IsStatic">Whether there is no <c>this</c>.</param>
/// <param name="Usings">Source whose using directives make types visible.</param>
internal sealed record NameScope(INamedTypeSymbol? Type, ImmutableArray<IParameterSymbol> Parameters, bool IsStatic, SyntaxReference? Usings)
{
    public ITypeSymbol? ResultType { get; init; }

    /// <summary>The parameters of the members that a local function or lambda lies in, from the inside out.</summary>
    public ImmutableArray<IParameterSymbol> Captured { get; init; } = ImmutableArray<IParameterSymbol>.Empty;

    /// <summary>What whatever is named is held as, where its type does not say it.</summary>
    public LockKind? Kind { get; init; }
}

internal readonly record struct BoundName(LockPath? Path, string? Problem);

/// <summary>
/// <c>root ('.' member)*</c>, the root being <c>this</c>, a parameter, <c>return</c>, a member of the type or a type;
/// or <c>class:name</c>. Binding never throws: what means nothing comes back as a sentence that says why.
/// </summary>
internal static class LockExpression
{
    private const string ClassPrefix = "class:";

    /// <summary>The longest path a contract may name; a cycle of [ReturnsCapability] runs into it.</summary>
    public const int MaxDepth = 16;

    public static BoundName Bind(string? text, NameScope scope, ContractReader reader, int depth = 0)
    {
        string trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0)
        {
            return Problem("the name is empty");
        }

        if (depth > MaxDepth)
        {
            return Problem($"'{trimmed}' leads back to itself");
        }

        if (trimmed.StartsWith(ClassPrefix, System.StringComparison.Ordinal))
        {
            string name = trimmed.Substring(ClassPrefix.Length).Trim();
            return name.Length == 0
                ? Problem("the name of a lock class is missing")
                : new BoundName(new LockPath(PathRoot.AnyOfClass, 0, ImmutableArray<LockMember>.Empty, LockKind.Monitor, trimmed) { Class = name }, null);
        }

        return new Binder(trimmed, scope, reader, depth).Bind();
    }

    private static BoundName Problem(string text) => new(null, text);

    private sealed class Binder(string text, NameScope scope, ContractReader reader, int depth)
    {
        private readonly string[] _names = text.Split('.').Select(n => n.Trim()).ToArray();
        private PathRoot _root;
        private int _ordinal;
        private IParameterSymbol? _captured;
        private ImmutableArray<LockMember> _members = ImmutableArray<LockMember>.Empty;
        private ITypeSymbol? _type;
        private LockKind? _kind;
        private string? _problem;

        public BoundName Bind()
        {
            int next = BindRoot();
            for (; _problem is null && next < _names.Length; next++)
            {
                Append(_names[next]);
            }

            if (_problem is not null)
            {
                return Problem(_problem);
            }

            _kind = scope.Kind ?? _kind ?? reader.KindOf(_type);
            return _kind is null
                ? Problem($"'{text}' is no capability: {Describe(_type)} cannot be held")
                : new BoundName(new LockPath(_root, _ordinal, _members, _kind, text) { Parameter = _captured }, null);
        }

        /// <summary>Binds the root and returns the index of the first name behind it.</summary>
        private int BindRoot()
        {
            string first = _names[0];
            if (first is "this" or "base")
            {
                BindThis();
            }
            else if (first == "return" && scope.ResultType is { } result)
            {
                _root = PathRoot.Result;
                _type = result;
            }
            else if (scope.Parameters.FirstOrDefault(p => p.Name == first) is { } parameter)
            {
                _root = PathRoot.Parameter;
                _ordinal = parameter.Ordinal;
                _type = parameter.Type;
            }
            else if (scope.Captured.FirstOrDefault(p => p.Name == first) is { } captured)
            {
                _root = PathRoot.Captured;
                _captured = captured;
                _type = captured.Type;
            }
            else if (scope.Type is { } block && ExtensionBlocks.ParameterOf(block) is { } extended && extended.Name == first)
            {
                BindThis();
                _type = extended.Type;
            }
            else if (FindMember(first) is { } member)
            {
                BindMember(member);
            }
            else
            {
                return BindType();
            }

            return 1;
        }

        private void BindThis()
        {
            _root = PathRoot.This;
            _type = scope.Type;
            if (scope.IsStatic || scope.Type is null)
            {
                _problem = $"'{_names[0]}' is not there: the member is static";
            }
        }

        private void BindMember(object member)
        {
            bool isStatic = member is ISymbol { IsStatic: true };
            if (!isStatic && scope.IsStatic)
            {
                _problem = $"'{_names[0]}' belongs to an object, and a static member has none";
                return;
            }

            _root = isStatic ? PathRoot.Static : PathRoot.This;
            Append(member);
        }

        private int BindType()
        {
            INamespaceOrTypeSymbol? symbol = TypeNames.Find(_names[0], scope, reader.Compilation);
            int next = 1;
            while (symbol is not null && next < _names.Length && TypeNames.Member(symbol, _names[next]) is { } inner)
            {
                symbol = inner;
                next++;
            }

            if (symbol is not INamedTypeSymbol type)
            {
                _problem = NamesNothing(_names[0], scope.Type);
            }
            else if (next == _names.Length)
            {
                _problem = $"'{text}' is a type, and a type is no capability";
            }
            else if (reader.Members.Find(type, _names[next]) is ISymbol { IsStatic: true } member)
            {
                _root = PathRoot.Static;
                Append(member);
                next++;
            }
            else
            {
                _problem = $"'{_names[next]}' is no static member of '{type.Name}'";
            }

            return next;
        }

        /// <summary>A member of the type, or a static member of a type around it.</summary>
        private object? FindMember(string name)
        {
            for (INamedTypeSymbol? type = scope.Type; type is not null; type = type.ContainingType)
            {
                object? found = reader.Members.Find(type, name);
                if (found is not null && (ReferenceEquals(type, scope.Type) || found is ISymbol { IsStatic: true }))
                {
                    return found;
                }
            }

            return null;
        }

        private void Append(string name)
        {
            object? member = _type is null ? null : reader.Members.Find(_type, name);
            if (member is null)
            {
                _problem = NamesNothing(name, _type);
            }
            else
            {
                Append(member);
            }
        }

        private void Append(object member)
        {
            if (member is IMethodSymbol { Parameters.Length: > 0 })
            {
                _problem = $"'{((IMethodSymbol)member).Name}' takes parameters";
                return;
            }

            if (member is ISymbol symbol && Redirect(symbol))
            {
                return;
            }

            if (member is IMethodSymbol method)
            {
                _problem = $"'{method.Name}' does not say which capability it returns";
                return;
            }

            LockMember interned = member as LockMember ?? reader.Members.Intern((ISymbol)member);
            _members = _members.Add(interned);
            _type = interned.Type;
            _kind = interned.Kind;
        }

        /// <summary>A member that returns another capability is that capability.</summary>
        private bool Redirect(ISymbol member)
        {
            BoundName target = reader.Members.Redirection(member, depth + 1);
            if (target.Problem is { } problem)
            {
                _problem = problem;
                return true;
            }

            if (target.Path is not { } path)
            {
                return false;
            }

            if (path.Root == PathRoot.This)
            {
                _members = _members.AddRange(path.Members);
            }
            else
            {
                _root = path.Root;
                _members = path.Members;
            }

            _kind = path.Kind;
            _type = path.Members.IsEmpty ? _type : path.Members.Last().Type;
            return true;
        }

        private static string NamesNothing(string name, ITypeSymbol? type) =>
            type is null ? $"'{name}' names nothing" : $"'{name}' names no member of '{type.Name}', no parameter and no type";

        private static string Describe(ITypeSymbol? type) => type is null ? "it" : $"'{type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'";
    }
}

/// <summary>Finds types by simple name, from the inside out.</summary>
internal static class TypeNames
{
    public static INamespaceOrTypeSymbol? Find(string name, NameScope scope, Compilation compilation)
    {
        for (INamedTypeSymbol? type = scope.Type; type is not null; type = type.ContainingType)
        {
            if (type.Name == name)
            {
                return type;
            }

            if (type.GetTypeMembers(name).FirstOrDefault() is { } nested)
            {
                return nested;
            }
        }

        for (INamespaceSymbol? space = scope.Type?.ContainingNamespace; space is not null; space = space.ContainingNamespace)
        {
            // A namespace of one assembly does not see the types that other assemblies put there.
            if (compilation.GetCompilationNamespace(space) is { } merged && Member(merged, name) is { } found)
            {
                return found;
            }
        }

        return FindInUsings(name, scope.Usings, compilation.GlobalNamespace);
    }

    public static INamespaceOrTypeSymbol? Member(INamespaceOrTypeSymbol container, string name) =>
        container.GetTypeMembers(name).FirstOrDefault() as INamespaceOrTypeSymbol
        ?? (container as INamespaceSymbol)?.GetNamespaceMembers().FirstOrDefault(n => n.Name == name);

    private static INamespaceOrTypeSymbol? FindInUsings(string name, SyntaxReference? source, INamespaceSymbol global)
    {
        if (source?.SyntaxTree.GetRoot() is not CompilationUnitSyntax unit)
        {
            return null;
        }

        foreach (UsingDirectiveSyntax directive in unit.Usings)
        {
            INamespaceOrTypeSymbol? space = global;
            foreach (string part in directive.Name?.ToString().Split('.') ?? System.Array.Empty<string>())
            {
                space = space is null ? null : Member(space, part);
            }

            if (directive.Alias is null && space is not null && Member(space, name) is { } found)
            {
                return found;
            }

            if (directive.Alias?.Name.Identifier.ValueText == name)
            {
                return space;
            }
        }

        return null;
    }
}
