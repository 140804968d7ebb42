// The recorder's part about keys that are looked for under one hold of a lock and added under the next.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

internal sealed partial class Recorder
{
    private readonly List<KeyedCall> _keyedCalls = new();

    /// <summary>By call, with the await around it: the branches that what it returned decides.</summary>
    private readonly Dictionary<SyntaxNode, HashSet<Node>> _decided = new();

    /// <summary>A branch is taken.</summary>
    public void Decide(Node node, Value condition)
    {
        if (condition.Kind == ValueKind.Operation)
        {
            foreach (Value part in new[] { condition.First, condition.Second }.OfType<Value>())
            {
                Decide(node, part);
            }
        }
        else if (condition is { Kind: ValueKind.Result, Data: CallStep or AwaitStep })
        {
            SyntaxNode call = AwaitedCall.WholeOf(((Step)condition.Data).Syntax);
            if (!_decided.TryGetValue(call, out HashSet<Node>? nodes))
            {
                _decided[call] = nodes = new HashSet<Node>();
            }

            nodes.Add(node);
        }
    }

    /// <summary>A callee looks for a key, or adds it, under a lock that nobody holds here.</summary>
    public void CallKeyed(CallStep call, Node node, KeyedUse use) => _keyedCalls.Add(new KeyedCall(call, node, use));

    /// <summary>The keys that the body was passed and looks for, or adds unseen, under locks of its own.</summary>
    public ImmutableArray<KeyedUse> KeyedUses()
    {
        List<KeyedUse>? found = null;
        foreach (KeyValuePair<(Step Step, ISymbol Field), FieldNotes> use in _fields.Where(f => f.Value.IsContents && !f.Value.Guards.IsDefault))
        {
            SyntaxNode syntax = use.Key.Step.Syntax;
            ISymbol field = use.Key.Field;
            bool adds = FieldUses.AddedKeyOf(syntax) is not null;
            int key = Parameters.IndexOf(Parameters.FirstOrDefault(p => p.Name == (FieldUses.AddedKeyOf(syntax) ?? FieldUses.KeyOf(syntax)))!);
            IEnumerable<FieldNotes> others = adds
                ? _fields.Where(f => SymbolEqualityComparer.Default.Equals(f.Key.Item2, field) && FieldUses.KeyOf(f.Key.Item1.Syntax) is not null).Select(f => f.Value)
                : _fields.Where(f => SymbolEqualityComparer.Default.Equals(f.Key.Item2, field) && f.Value.IsWrite).Select(f => f.Value);
            if (key >= 0 && !GuardableFields.IsSet(field) && !others.Any())
            {
                (found ??= new()).AddRange(use.Value.Guards.Where(g => g.Mode != Mode.Upgradeable && _acquiredAt.ContainsKey(g.Path)).Select(g => new KeyedUse(field, g.Path, key, adds)));
            }
        }

        foreach (KeyedCall call in _keyedCalls)
        {
            int key = Parameters.IndexOf(Parameters.FirstOrDefault(p => p.Name == call.Key)!);
            if (key >= 0)
            {
                (found ??= new()).Add(call.Use with { Parameter = key });
            }
        }

        // What is looked for and added in one body is its own mistake, or none.
        return found is null || found.Exists(f => f.Adds != found[0].Adds) ? ImmutableArray<KeyedUse>.Empty : found.Distinct().ToImmutableArray();
    }

    private void AddLateAdditions(List<LockEvent> events)
    {
        IEnumerable<Lookup> own = _fields.Where(f => f.Value is { IsContents: true, IsUnshared: false }).SelectMany(f => LookupsAt(f.Key.Item1.Syntax, f.Key.Item2, f.Value));
        IEnumerable<Lookup> behindCalls = _keyedCalls.Where(c => c is { Use.Adds: false, Key: not null }).Select(c => new Lookup(c.Call.Syntax, c.Use.Field, c.Key!, c.Use.Lock, TestsOf(c.Call.Syntax)));

        // Of several lookups it is the last that decides.
        events.AddRange(own.Concat(behindCalls).SelectMany(Additions).GroupBy(a => a.Addition).Select(g => g.OrderBy(a => a.Location.SourceSpan.Start).Last()));
    }

    private IEnumerable<Lookup> LookupsAt(SyntaxNode syntax, ISymbol field, FieldNotes use)
    {
        if (FieldUses.KeyOf(syntax) is not { } key || GuardableFields.IsSet(field))
        {
            return [];
        }

        // Whoever holds it upgradeable keeps the others from adding.
        IEnumerable<Node> tests = use.IsTest ? use.Nodes : TestsOf(syntax);
        return use.Guards.Where(g => g.Mode != Mode.Upgradeable).Select(g => new Lookup(syntax, field, key, g.Path, tests));
    }

    private IEnumerable<Node> TestsOf(SyntaxNode call) => _decided.TryGetValue(AwaitedCall.WholeOf(call), out HashSet<Node>? nodes) ? nodes : [];

    /// <summary>
    /// A key is looked for under a lock, which is given up and taken again before the key is added because it was not there. What is looked for again
    /// was not decided before.
    /// </summary>
    private IEnumerable<AddedLate> Additions(Lookup lookup)
    {
        foreach (Node again in _acquiredAt.TryGetValue(lookup.Lock, out HashSet<Node>? acquired) ? acquired.Where(lookup.Decides) : [])
        {
            HashSet<Node> behind = Reachable(again, again);
            List<SyntaxNode> uses = _fields.Where(f => SymbolEqualityComparer.Default.Equals(f.Key.Item2, lookup.Field) && f.Value.IsContents && f.Value.Nodes.Overlaps(behind)).Select(f => f.Key.Item1.Syntax).ToList();
            if (uses.Find(u => FieldUses.AddedKeyOf(u) == lookup.Key) is { } addition && uses.TrueForAll(u => u == lookup.Syntax || FieldUses.KeyOf(u) is null))
            {
                yield return Late(lookup, addition);
            }
        }

        foreach (KeyedCall call in _keyedCalls.Where(c => c.Use.Adds && c.Key == lookup.Key && c.Use.Lock.Equals(lookup.Lock) && SymbolEqualityComparer.Default.Equals(c.Use.Field, lookup.Field) && lookup.Decides(c.Node)))
        {
            yield return Late(lookup, call.Call.Syntax);
        }
    }

    private static AddedLate Late(Lookup lookup, SyntaxNode addition) =>
        new(lookup.Syntax.GetLocation(), lookup.Field, InferredContract.TextOf(lookup.Lock, null), addition.GetLocation());

    /// <summary>A key is looked for, and what is found decides at some branches.</summary>
    private sealed record Lookup(SyntaxNode Syntax, ISymbol Field, string Key, LockPath Lock, IEnumerable<Node> Tests)
    {
        public bool Decides(Node node) =>
            Tests.Any(t => t is { WhenTrue: { } one, WhenFalse: { } other } && Reachable(one, t).Contains(node) != Reachable(other, t).Contains(node));
    }

    private sealed record KeyedCall(CallStep Call, Node Node, KeyedUse Use)
    {
        /// <summary>What the callee gets for a key, as it is written.</summary>
        public string? Key { get; } =
            Call.Syntax is InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } && arguments.All(a => a.NameColon is null) && Use.Parameter < arguments.Count ? arguments[Use.Parameter].ToString() : null;
    }
}
