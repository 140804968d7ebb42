// Which members have to be analysed: those that matter themselves, and those that stand between a lock and what is done under it.
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <summary>
/// Most methods of a program lead to some lock in the end, and most methods with a lock call something; but few do both, and only between the
/// two is there anything to find out.
/// </summary>
internal sealed class Relevance
{
    private readonly CallGraph _graph;
    private readonly IReadOnlyList<MemberCode> _members;
    private readonly System.Func<MemberCode, bool> _isHelper;
    private readonly System.Lazy<ILookup<MemberCode, MemberCode>> _callers;

    /// <summary>Members that matter to one who holds something, and all that lead to them.</summary>
    private readonly HashSet<MemberCode> _above = new();

    /// <summary>Members that may hold something, and all that they lead to.</summary>
    private readonly HashSet<MemberCode> _below = new();

    /// <summary>Members that use fields which may be guarded, and those that call helpers which do.</summary>
    private readonly HashSet<MemberCode> _evidence = new();

    /// <param name="isHelper">Whether all callers of a member are in sight.</param>
    public Relevance(CallGraph graph, IReadOnlyList<MemberCode> members, System.Func<MemberCode, bool> isHelper)
    {
        _graph = graph;
        _members = members;
        _isHelper = isHelper;
        _callers = new(() => members.SelectMany(m => graph.Callees(m).Select(c => (Caller: m, Callee: c))).ToLookup(c => c.Callee, c => c.Caller));
        Spread(members.Where(m => m.Outline.MayHoldOverCalls), _below, _ => true);
        var lockers = new HashSet<INamedTypeSymbol?>(_below.Where(m => m.Outline.MayHoldOverCalls).Select(m => m.Symbol.ContainingType), SymbolEqualityComparer.Default);
        NoteUses(_below);
        foreach (IReadOnlyList<MemberCode> component in graph.Components)
        {
            if (component.Any(m => m.Outline.MattersUnderLock || IsConstructorOf(lockers, m) || graph.LeadsTo(m).Any(_above.Contains)))
            {
                _above.UnionWith(component);
            }
        }
    }

    /// <summary>What a constructor keeps may be the lock that its object releases.</summary>
    private static bool IsConstructorOf(HashSet<INamedTypeSymbol?> lockers, MemberCode member) =>
        member.Method is { MethodKind: MethodKind.Constructor } && lockers.Contains(member.Symbol.ContainingType);

    public bool Matters(MemberCode member) => member.Outline.MayHold || _evidence.Contains(member) || (_below.Contains(member) && _above.Contains(member));

    /// <summary>The members that a component leads to and that lead to something that matters, callees first.</summary>
    public IEnumerable<IReadOnlyList<MemberCode>> Below(IEnumerable<MemberCode> component)
    {
        var reached = new HashSet<MemberCode>();
        Spread(component.SelectMany(_graph.LeadsTo).Where(_above.Contains), reached, _above.Contains);
        return _graph.Components.Where(c => c.Any(reached.Contains));
    }

    /// <summary>Only a field that is used somewhere under a lock may be guarded by it, and then every use of it counts.</summary>
    /// <param name="locked">Members that may hold a lock, or for which a callee holds one.</param>
    public void NoteUses(IEnumerable<MemberCode> locked)
    {
        var fields = new HashSet<ISymbol>(locked.SelectMany(m => m.Outline.Used), SymbolEqualityComparer.Default);
        var open = new Stack<MemberCode>(fields.Count == 0 ? [] : _members.Where(m => m.Outline.Used.Any(fields.Contains) && _evidence.Add(m)));
        while (open.Count > 0)
        {
            MemberCode member = open.Pop();
            foreach (MemberCode caller in _isHelper(member) ? _callers.Value[member] : Enumerable.Empty<MemberCode>())
            {
                if (_evidence.Add(caller))
                {
                    open.Push(caller);
                }
            }
        }
    }

    private void Spread(IEnumerable<MemberCode> start, HashSet<MemberCode> reached, System.Func<MemberCode, bool> passes)
    {
        var open = new Stack<MemberCode>(start.Where(reached.Add));
        while (open.Count > 0)
        {
            foreach (MemberCode callee in _graph.LeadsTo(open.Pop()))
            {
                if (passes(callee) && reached.Add(callee))
                {
                    open.Push(callee);
                }
            }
        }
    }
}
