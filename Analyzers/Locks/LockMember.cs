// One member on a lock path: a field, a property, a method that returns a capability, or a phantom.
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Locks;

/// <summary>
/// Interned by the contract reader, one object for each canonical declaration, so that paths compare by reference:
/// an override is the member it overrides, an implementation the interface member it implements.
/// </summary>
internal sealed class LockMember
{
    private string? _className;

    /// <summary>The container stands for none.</summary>
    private ISymbol? _storage;

    public LockMember(string name, ISymbol? symbol, INamedTypeSymbol container, ITypeSymbol? type, LockKind? kind)
    {
        Name = name;
        Symbol = symbol;
        Container = container;
        Type = type;
        Kind = kind;
        IsImplementedElsewhere = symbol is IPropertySymbol { IsStatic: false, IsAbstract: true } or IPropertySymbol { IsStatic: false, IsVirtual: true };
    }

    public string Name { get; }

    /// <summary>Null for a phantom: a capability that no member represents.</summary>
    public ISymbol? Symbol { get; }

    public INamedTypeSymbol Container { get; }

    /// <summary>Null for a phantom.</summary>
    public ITypeSymbol? Type { get; }

    /// <summary>What holding it means; null where it is no capability (an owner on the way to one).</summary>
    public LockKind? Kind { get; }

    /// <summary>The class that order rules and <c>class:name</c> compare, as declared; null means the member itself is the class.</summary>
    public string? DeclaredClass { get; init; }

    /// <summary>Several instances may nest.</summary>
    public bool Nests { get; init; }

    /// <summary>A property that other types implement or override.</summary>
    public bool IsImplementedElsewhere { get; }

    public bool IsStatic => Symbol is { IsStatic: true };

    /// <summary>Whether the value of the member never changes once its object is constructed.</summary>
    public bool IsReadOnly => Symbol switch
    {
        null => true,
        IFieldSymbol variable => variable.IsReadOnly || variable.IsConst,
        IPropertySymbol property => (property.SetMethod is null || property.SetMethod.IsInitOnly) && IsAutomatic(property),
        IParameterSymbol or IMethodSymbol => true,
        _ => false,
    };

    /// <summary>Whether its object keeps what it was made with: the member is readonly, or nobody assigns it outside of constructors, as far as its type shows.</summary>
    public bool IsSetOnce => IsReadOnly || (Symbol is IFieldSymbol { DeclaredAccessibility: Accessibility.Private or Accessibility.ProtectedAndInternal or Accessibility.Protected } variable && FieldUses.Assignments(variable).Count == 0);

    /// <summary>A property that computes its value may change it; only one with a field of its own does not.</summary>
    public static bool IsAutomatic(IPropertySymbol property) => FieldBehind(property) is not null;

    private static IFieldSymbol? FieldBehind(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property));

    /// <summary>
    /// The field that all uses of the member go to: itself, or that of a property whose accessors the compiler writes. Null where accessors that somebody
    /// wrote stand between, or may; to the field behind those there leads no name but <c>field</c>.
    /// </summary>
    public IFieldSymbol? Storage => (_storage ??= FindStorage() ?? (ISymbol)Container) as IFieldSymbol;

    private IFieldSymbol? FindStorage() => Symbol switch
    {
        IFieldSymbol { AssociatedSymbol: IPropertySymbol property } backing => HasBodies(property) == true ? backing : null,
        IFieldSymbol field => field,
        IPropertySymbol { IsIndexer: false, IsVirtual: false, IsAbstract: false, IsOverride: false } property when HasBodies(property) == false => FieldBehind(property),
        _ => null,
    };

    /// <summary>Whether the accessors of a property have bodies: all, none, or (null) some of them as far as anybody knows.</summary>
    private static bool? HasBodies(IPropertySymbol property)
    {
        if (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not PropertyDeclarationSyntax syntax || syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            return null;
        }

        int bodies = syntax.AccessorList?.Accessors.Count(a => a.Body is not null || a.ExpressionBody is not null) ?? 1;
        return bodies == 0 ? false : bodies == (syntax.AccessorList?.Accessors.Count ?? 1) ? true : null;
    }

    /// <summary>
    /// An object that somebody else's type hands out to be locked, as <c>ICollection.SyncRoot</c> is: those of two objects have no more in common than
    /// the objects.
    /// </summary>
    public bool IsHandedOut => DeclaredClass is null && Symbol is IPropertySymbol { IsStatic: false, Type.SpecialType: SpecialType.System_Object, DeclaringSyntaxReferences.IsEmpty: true };

    /// <summary>The name of the lock class: as declared, else the full name of the member.</summary>
    public string ClassName => _className ??= DeclaredClass ?? Container.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat) + "." + Name;
}
