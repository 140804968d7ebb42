// A look at a body before anything is built for it: does it do anything that matters for locks?
using System;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Summaries;

/// <summary>What a body contains.</summary>
[Flags]
internal enum BodyTraits
{
    None,

    /// <summary>It uses something that has a contract: locks, guarded data, whatever else a contract names.</summary>
    Contracts = 1,

    /// <summary>It uses something whose contents are guarded.</summary>
    Contents = 2,

    /// <summary>It calls code of this compilation, whose effects may be its own.</summary>
    Calls = 4,
}

/// <summary>
/// Walks operations and allocates nothing: most bodies end here. Reused by one thread at a time.
/// </summary>
internal sealed class BodyScan : OperationWalker
{
    [ThreadStatic]
    private static BodyScan? s_instance;

    private ContractReader _reader = null!;
    private IAssemblySymbol _assembly = null!;
    private BodyTraits _traits;

    private BodyScan()
    {
    }

    public static BodyTraits Of(IOperation body, ContractReader reader)
    {
        BodyScan scan = s_instance ??= new BodyScan();
        scan._reader = reader;
        scan._assembly = reader.Compilation.Assembly;
        scan._traits = BodyTraits.None;
        scan.Visit(body);
        return scan._traits;
    }

    public override void VisitLock(ILockOperation operation)
    {
        _traits |= BodyTraits.Contracts;
        base.VisitLock(operation);
    }

    public override void VisitInvocation(IInvocationOperation operation)
    {
        Note(operation.TargetMethod, operation.Instance?.Type);
        base.VisitInvocation(operation);
    }

    public override void VisitObjectCreation(IObjectCreationOperation operation)
    {
        if (operation.Constructor is { } constructor)
        {
            Note(constructor, null);
        }

        base.VisitObjectCreation(operation);
    }

    public override void VisitUsing(IUsingOperation operation)
    {
        NoteGuard(operation.Resources.Type);
        base.VisitUsing(operation);
    }

    public override void VisitMethodReference(IMethodReferenceOperation operation)
    {
        Note(operation.Method, operation.Instance?.Type);
        base.VisitMethodReference(operation);
    }

    public override void VisitFieldReference(IFieldReferenceOperation operation)
    {
        Note(operation.Field);
        base.VisitFieldReference(operation);
    }

    public override void VisitEventReference(IEventReferenceOperation operation)
    {
        Note(operation.Event);
        base.VisitEventReference(operation);
    }

    public override void VisitPropertyReference(IPropertyReferenceOperation operation)
    {
        Note(operation.Property);
        if (operation.Property.GetMethod is { } getter)
        {
            Note(getter, operation.Instance?.Type);
        }

        if (operation.Property.SetMethod is { } setter)
        {
            Note(setter, operation.Instance?.Type);
        }

        base.VisitPropertyReference(operation);
    }

    public override void VisitBinaryOperator(IBinaryOperation operation)
    {
        Note(operation.OperatorMethod);
        base.VisitBinaryOperator(operation);
    }

    public override void VisitUnaryOperator(IUnaryOperation operation)
    {
        Note(operation.OperatorMethod);
        base.VisitUnaryOperator(operation);
    }

    public override void VisitConversion(IConversionOperation operation)
    {
        Note(operation.OperatorMethod);

        // A lock that is turned into an object.
        if (operation.Operand.Type is { } from && operation.Type is { } to && !SymbolEqualityComparer.Default.Equals(from, to))
        {
            NoteGuard(from);
        }

        base.VisitConversion(operation);
    }

    private void Note(IMethodSymbol? method)
    {
        if (method is not null)
        {
            Note(method, null);
        }
    }

    private void Note(IMethodSymbol method, ITypeSymbol? receiver)
    {
        CodeContract contract = _reader.Code(method, receiver);
        if (!ReferenceEquals(contract, CodeContract.None) && contract.SaysAnything)
        {
            _traits |= BodyTraits.Contracts;
        }

        if (!method.IsImplicitlyDeclared && SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _assembly))
        {
            _traits |= BodyTraits.Calls;
        }
    }

    private void Note(ISymbol member)
    {
        if (member is IFieldSymbol { Type: { IsValueType: true, SpecialType: SpecialType.None } type })
        {
            NoteGuard(type);
        }

        DataContract contract = _reader.Data(member);
        if (contract.IsGuarded)
        {
            _traits |= BodyTraits.Contracts;
            if (!contract.Contents.IsEmpty || contract.GracePeriod is not null || contract.Guards.Length > 0)
            {
                _traits |= BodyTraits.Contents;
            }
        }
    }

    private void NoteGuard(ITypeSymbol? type)
    {
        if (type is not null && (_reader.Type(type).IsScoped || _reader.Type(type).Capability is not null))
        {
            _traits |= BodyTraits.Contracts;
        }
    }
}
