// Who calls whom among a set of members, and the order in which callees come before callers.
using System.Collections.Generic;
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

internal sealed class CallGraph
{
    /// <summary>A call that more bodies than this may answer says nothing about any of them.</summary>
    public const int MaxImplementations = 4;

    private readonly Dictionary<IMethodSymbol, MemberCode> _members = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<MemberCode, List<MemberCode>> _callees = new();
    private readonly Dictionary<MemberCode, List<MemberCode>> _leads = new();
    private readonly Dictionary<IMethodSymbol, List<MemberCode>> _implementations = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<IMethodSymbol, int> _converted = new(SymbolEqualityComparer.Default);
    private readonly HashSet<MemberCode> _called = new();
    private readonly Dictionary<ISymbol, List<MemberCode>> _handlers = new(SymbolEqualityComparer.Default);

    public CallGraph(IReadOnlyList<MemberCode> members)
    {
        foreach (MemberCode member in members.Where(m => m.Method is not null))
        {
            _members[member.Method!] = member;
            foreach (IMethodSymbol ancestor in BaseMembers.Of(member.Method!).Append(member.Method!))
            {
                if (!_implementations.TryGetValue(ancestor, out List<MemberCode>? all))
                {
                    _implementations[ancestor] = all = new List<MemberCode>();
                }

                all.Add(member);
            }
        }

        FindHandlers(members);
        foreach (MemberCode member in members)
        {
            List<MemberCode> callees = CalleesOf(member);
            _callees[member] = callees;
            _leads[member] = member.Outline.Invoked.IsEmpty ? callees : callees.Concat(member.Outline.Invoked.SelectMany(Handlers)).ToList();
        }

        // What delegates run comes first as well, unless it leads back to who runs it.
        var handlers = new HashSet<MemberCode>(_handlers.Values.SelectMany(h => h));
        Components = Order(members.Where(handlers.Contains).Concat(members));
    }

    /// <summary>Members that call each other in a circle together, callees first.</summary>
    public IReadOnlyList<IReadOnlyList<MemberCode>> Components { get; }

    public MemberCode? Find(IMethodSymbol method) =>
        _members.TryGetValue((method.ReducedFrom ?? method).OriginalDefinition, out MemberCode? member) ? member : null;

    /// <summary>The bodies that a call of a method may run: its own, and those that override or implement it.</summary>
    public IReadOnlyList<MemberCode> Implementations(IMethodSymbol method) =>
        _implementations.TryGetValue(method.OriginalDefinition, out List<MemberCode>? all) ? all : new List<MemberCode>();

    /// <summary>The same, or none where there are more than anything can be said of.</summary>
    public IReadOnlyList<MemberCode> Answers(IMethodSymbol method)
    {
        IReadOnlyList<MemberCode> all = Implementations(method);
        return all.Count > MaxImplementations ? new List<MemberCode>() : all;
    }

    /// <summary>The bodies that a delegate runs which an object keeps: what somebody in the set subscribes or assigns. None where they are more than anything can be said of.</summary>
    public IReadOnlyList<MemberCode> Handlers(ISymbol kept)
    {
        IMethodSymbol? accessor = kept switch { IEventSymbol raised => raised.AddMethod, IPropertySymbol property => property.SetMethod, _ => null };
        var names = accessor is null || _handlers.Count == 0 ? new List<ISymbol>() : BaseMembers.Of(accessor).Select(m => m.AssociatedSymbol!).ToList();
        List<MemberCode> all = names.Append(kept.OriginalDefinition).SelectMany(n => _handlers.TryGetValue(n, out List<MemberCode>? some) ? some : new List<MemberCode>()).Distinct().ToList();
        return all.Count <= MaxImplementations ? all : new List<MemberCode>();
    }

    public IReadOnlyList<MemberCode> Callees(MemberCode member) => _callees[member];

    /// <summary>The callees of a member, and what delegates run that it may invoke.</summary>
    public IReadOnlyList<MemberCode> LeadsTo(MemberCode member) => _leads[member];

    /// <summary>Whether a method is turned into a delegate somewhere, so that calls of it cannot be seen.</summary>
    public bool IsConverted(IMethodSymbol method) => _converted.ContainsKey(method.OriginalDefinition);

    /// <summary>How often it is.</summary>
    public int Conversions(IMethodSymbol method) => _converted.TryGetValue(method.OriginalDefinition, out int count) ? count : 0;

    /// <summary>Whether anything in the set calls a member.</summary>
    public bool IsCalled(MemberCode member) => _called.Contains(member);

    private List<MemberCode> CalleesOf(MemberCode member)
    {
        foreach (IMethodSymbol method in member.Outline.Converted)
        {
            _converted[method] = Conversions(method) + 1;
        }

        var callees = new List<MemberCode>();
        foreach (MemberCode callee in member.Outline.Callees.SelectMany(Answers))
        {
            if (!callees.Contains(callee))
            {
                callees.Add(callee);
                _called.Add(callee);
            }
        }

        return callees;
    }

    /// <summary>Follows functions to where they are kept, through the parameters that they are passed to.</summary>
    private void FindHandlers(IReadOnlyList<MemberCode> members)
    {
        ILookup<ISymbol, ISymbol> keepers = members.SelectMany(m => m.Outline.Kept).ToLookup(k => k.Function, k => k.In, SymbolEqualityComparer.Default);
        foreach (KeptDelegate kept in members.SelectMany(m => m.Outline.Kept).Where(k => k.Function is IMethodSymbol))
        {
            foreach (ISymbol keeper in keepers[kept.In].Prepend(kept.In))
            {
                if (!_handlers.TryGetValue(keeper, out List<MemberCode>? all))
                {
                    _handlers[keeper] = all = new List<MemberCode>();
                }

                all.AddRange(Implementations((IMethodSymbol)kept.Function).Where(m => !all.Contains(m)));
            }
        }
    }

    /// <summary>Tarjan's components come out callees first.</summary>
    private List<IReadOnlyList<MemberCode>> Order(IEnumerable<MemberCode> members)
    {
        var components = new List<IReadOnlyList<MemberCode>>();
        var index = new Dictionary<MemberCode, int>();
        var low = new Dictionary<MemberCode, int>();
        var stack = new Stack<MemberCode>();
        var onStack = new HashSet<MemberCode>();
        var calls = new Stack<(MemberCode Member, int Next)>();
        foreach (MemberCode start in members)
        {
            if (!index.ContainsKey(start))
            {
                Open(start);
            }

            while (calls.Count > 0)
            {
                (MemberCode member, int next) = calls.Pop();
                List<MemberCode> callees = _callees[member];
                if (next < callees.Count)
                {
                    calls.Push((member, next + 1));
                    MemberCode callee = callees[next];
                    if (!index.ContainsKey(callee))
                    {
                        Open(callee);
                    }
                    else if (onStack.Contains(callee))
                    {
                        low[member] = System.Math.Min(low[member], index[callee]);
                    }

                    continue;
                }

                Close(member);
                if (calls.Count > 0)
                {
                    MemberCode caller = calls.Peek().Member;
                    low[caller] = System.Math.Min(low[caller], low[member]);
                }
            }
        }

        return components;

        void Open(MemberCode member)
        {
            index[member] = low[member] = index.Count;
            stack.Push(member);
            onStack.Add(member);
            calls.Push((member, 0));
        }

        void Close(MemberCode member)
        {
            if (low[member] != index[member])
            {
                return;
            }

            var component = new List<MemberCode>();
            MemberCode popped;
            do
            {
                popped = stack.Pop();
                onStack.Remove(popped);
                component.Add(popped);
            }
            while (popped != member);
            components.Add(component);
        }
    }
}
