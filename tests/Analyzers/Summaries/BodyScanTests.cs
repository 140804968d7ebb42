// The look that every body of a program gets, and nearly none gets more.
using System;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Summaries;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Locking.Tests.Summaries;

public sealed class BodyScanTests
{
    [Fact]
    public void LookAtBodyWithoutLocks_AllocatesNothing()
    {
        CSharpCompilation compilation = Analysis.Compile([("Plain.cs", """
            public static class Plain
            {
                public static int Sum(int[] values, string text)
                {
                    int sum = 0;
                    for (int i = 0; i < values.Length; i++)
                    {
                        sum += values[i] > 0 ? values[i] : text.IndexOf('x');
                    }

                    return System.Math.Max(sum, text.Trim().Length);
                }
            }
            """)]);
        SyntaxTree tree = compilation.SyntaxTrees.Single();
        SemanticModel model = compilation.GetSemanticModel(tree);
        MethodDeclarationSyntax method = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Single();
        IOperation body = model.GetOperation(method)!;
        IMethodSymbol symbol = model.GetDeclaredSymbol(method)!;
        var reader = new ContractReader(compilation, []);
        Func<ISymbol, bool> guardable = static _ => true;

        // The first look fills what the compilation keeps: the operations themselves, and what is known of each method that is called.
        Assert.Null(BodyScan.Of(symbol, body, reader, infersGuards: false, guardable));
        long before = GC.GetAllocatedBytesForCurrentThread();
        BodyScan.Of(symbol, body, reader, infersGuards: false, guardable);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
