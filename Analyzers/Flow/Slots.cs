// The variables of a body: locals, parameters, flow captures and temporaries, numbered.
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed class Slots
{
    private readonly Dictionary<ISymbol, int> _symbols = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<CaptureId, int> _captures = new();
    private readonly List<Slot> _slots = new();

    public int Count => _slots.Count;

    public int Of(ISymbol localOrParameter)
    {
        if (!_symbols.TryGetValue(localOrParameter, out int index))
        {
            _symbols[localOrParameter] = index = Add(localOrParameter);
        }

        return index;
    }

    /// <summary>-1 where the body does not mention it.</summary>
    public int Find(ISymbol localOrParameter) => _symbols.TryGetValue(localOrParameter, out int index) ? index : -1;

    public int Of(CaptureId capture)
    {
        if (!_captures.TryGetValue(capture, out int index))
        {
            _captures[capture] = index = Add(null);
        }

        return index;
    }

    public int New() => Add(null);

    /// <summary>A slot for a value that is used up within its statement.</summary>
    public int NewTemporary()
    {
        int index = Add(null);
        _slots[index].IsTemporary = true;
        return index;
    }

    public bool IsTemporary(int slot) => _slots[slot].IsTemporary;

    /// <summary>The local or parameter; null for what has no name in the source.</summary>
    public ISymbol? SymbolOf(int slot) => _slots[slot].Symbol;

    public void NoteAssignment(int slot, FunctionBody by)
    {
        Slot entry = _slots[slot];
        entry.Assignments++;
        if (entry.AssignedBy is not null && entry.AssignedBy != by)
        {
            entry.AssignedBySeveral = true;
        }

        entry.AssignedBy = by;
    }

    /// <summary>Whether every reader sees the same value: assigned once at most, and a parameter never.</summary>
    public bool IsStable(int slot) => _slots[slot] is { } entry && entry.Assignments <= (entry.Symbol is IParameterSymbol ? 0 : 1);

    /// <summary>Whether a function that may run at any time assigns it, so that nothing is known of it elsewhere.</summary>
    public bool IsAssignedBehindTheScenes(int slot) => _slots[slot].AssignedLater;

    public void NoteLaterAssignments(FunctionBody function)
    {
        foreach (Slot slot in _slots)
        {
            slot.AssignedLater |= slot.Symbol is not null
                && (slot.AssignedBy == function || slot.AssignedBySeveral)
                && !SymbolEqualityComparer.Default.Equals(slot.Symbol.ContainingSymbol, function.Symbol);
        }
    }

    private int Add(ISymbol? symbol)
    {
        _slots.Add(new Slot { Symbol = symbol });
        return _slots.Count - 1;
    }

    private sealed class Slot
    {
        public ISymbol? Symbol { get; set; }

        public int Assignments { get; set; }

        public FunctionBody? AssignedBy { get; set; }

        public bool AssignedBySeveral { get; set; }

        public bool AssignedLater { get; set; }

        public bool IsTemporary { get; set; }
    }
}
