// The common shape of the contracts on code.
using System;

namespace Locking;

/// <summary>The common shape of the contracts on code: what is held at entry and at exit.</summary>
public abstract class CodeContractAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities.</param>
    private protected CodeContractAttribute(string[] capabilities) => Capabilities = capabilities;

    /// <summary>The expressions, as written.</summary>
    public string[] Capabilities { get; }
}
