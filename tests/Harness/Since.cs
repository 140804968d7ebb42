// Tests that need a newer compiler than the oldest one are skipped there, and say why.
using System;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Locking.Tests.Harness;

internal static class Compiler
{
    public static Version Version { get; } = typeof(CSharpCompilation).Assembly.GetName().Version!;

    public static string? Skip(string since, string what) => Version < Version.Parse(since) ? $"{what} needs Roslyn {since}" : null;
}

/// <param name="since">The oldest compiler that the test runs on.</param>
/// <param name="what">What it needs of it.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactSinceAttribute : FactAttribute
{
    public FactSinceAttribute(string since, string what) => Skip = Compiler.Skip(since, what);
}
