// A node of the graph that the flow runs over: plain edges only, with finally bodies and called lambdas copied in.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Locking.Analyzers.Flow;

internal enum NodeKind
{
    /// <summary>Runs steps, then follows its edges.</summary>
    Code,

    /// <summary>An exception looks for its handler: all that may take it, and the way out.</summary>
    Dispatch,

    /// <summary>A function returns.</summary>
    Exit,

    /// <summary>A function is left by an exception.</summary>
    ThrowExit,
}

internal sealed class Node(int id, NodeKind kind, FunctionBody function, FunctionBody owner, int depth)
{
    private List<Node>? _successors;

    public int Id { get; } = id;

    public NodeKind Kind { get; } = kind;

    public FunctionBody Function { get; } = function;

    /// <summary>The function that runs on its own in which the copy lies.</summary>
    public FunctionBody Owner { get; } = owner;

    /// <summary>How many calls deep the copy is that the node belongs to.</summary>
    public int Depth { get; } = depth;

    public ImmutableArray<Step> Steps { get; set; } = ImmutableArray<Step>.Empty;

    /// <summary>Tested after the steps, if there is one.</summary>
    public Expr? Condition { get; set; }

    /// <summary>Where it goes where the condition does not hold, or always.</summary>
    public Node? WhenFalse { get; set; }

    public Node? WhenTrue { get; set; }

    /// <summary>Further ways on that no condition decides.</summary>
    public List<Node> Others { get; } = new();

    /// <summary>Where an exception in a step goes.</summary>
    public Node? Thrown { get; set; }

    /// <summary>Whether control can come back here: set for nodes on a cycle.</summary>
    public bool IsInLoop => Loop != 0;

    /// <summary>The same number for all nodes of one outermost loop; 0 for those in none.</summary>
    public int Loop { get; set; }

    public override int GetHashCode() => Id;

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <summary>To be asked for when the graph is built: they are found once.</summary>
    public IReadOnlyList<Node> Successors => _successors ??= FindSuccessors();

    private List<Node> FindSuccessors()
    {
        var found = new List<Node>(Others.Count + 3);
        if (WhenFalse is not null)
        {
            found.Add(WhenFalse);
        }

        if (WhenTrue is not null)
        {
            found.Add(WhenTrue);
        }

        found.AddRange(Others);
        if (Thrown is not null && Steps.Any(s => s.MayThrow))
        {
            found.Add(Thrown);
        }

        return found;
    }
}
