// Says that code may sleep.
using System;

namespace Locking;

/// <summary>May sleep: not to be called under a spin lock or where blocking is forbidden.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class MayBlockAttribute : Attribute
{
}
