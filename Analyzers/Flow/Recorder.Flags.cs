// The recorder's part about flags that say whether a lock is held already.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Recorder
{
    private readonly Dictionary<CallStep, HeldByFlags> _callWays = new();

    /// <summary>Whether the body is passed anything that could be such a flag.</summary>
    public bool HasFlags => Parameters.Any(IsFlag);

    private ImmutableArray<IParameterSymbol> Parameters => Facts.Body is IMethodSymbol body ? body.Parameters : ImmutableArray<IParameterSymbol>.Empty;

    private Premises FlagsOf(Premises when) =>
        when.Items.IsEmpty ? Premises.None : new Premises(when.Items.RemoveAll(i => !IsFlag(i.Path)));

    private bool IsFlag(LockPath path) => path is { Root: PathRoot.Parameter, Members.IsEmpty: true } && IsFlag(Parameters.ElementAtOrDefault(path.Ordinal));

    private static bool IsFlag(IParameterSymbol? parameter) => parameter?.Type.SpecialType == SpecialType.System_Boolean;

    /// <summary>
    /// Locks that the body acquires only where a flag says the opposite: <c>if (isLocked) Add(x); else lock (_gate) Add(x);</c>. What such a flag
    /// promises is taken for true; a caller that lies is not found out.
    /// </summary>
    private IEnumerable<(LockPath Path, Mode Mode)> Presumed(Premises flags) => Inside
        .Where(i => i.Path?.Root is PathRoot.This or PathRoot.Static)
        .Where(i => i.When.Items.Any(w => flags.Items.Any(f => f.Path.Equals(w.Path) && f.Values.Intersect(w.Values).IsEmpty)))
        .Select(i => (i.Path!, i.Mode));

    /// <summary>What is held at one place, by what is known there of the body's flags.</summary>
    private sealed class HeldByFlags
    {
        private readonly List<Way> _ways = new();

        public void Add(Premises flags, ImmutableArray<(LockPath Path, Mode Mode)> held)
        {
            if (_ways.Find(w => w.Flags.Equals(flags)) is { } same)
            {
                same.Held = Meet(same.Held, held);
            }
            else
            {
                _ways.Add(new Way(flags) { Held = held });
            }
        }

        /// <summary>Held means held on every path.</summary>
        public ImmutableArray<(LockPath Path, Mode Mode)> Held(Func<Premises, IEnumerable<(LockPath Path, Mode Mode)>>? presumed)
        {
            ImmutableArray<(LockPath Path, Mode Mode)>? all = null;
            foreach (Way way in _ways)
            {
                ImmutableArray<(LockPath Path, Mode Mode)> held = presumed is null || way.Flags.Items.IsEmpty ? way.Held : way.Held.AddRange(presumed(way.Flags));
                all = all is { } before ? Meet(before, held) : held;
            }

            return all ?? ImmutableArray<(LockPath, Mode)>.Empty;
        }

        private static ImmutableArray<(LockPath Path, Mode Mode)> Meet(ImmutableArray<(LockPath Path, Mode Mode)> one, ImmutableArray<(LockPath Path, Mode Mode)> other) => one.IsEmpty || other.IsEmpty
            ? ImmutableArray<(LockPath, Mode)>.Empty
            : one.Where(h => other.Any(o => o.Path.Equals(h.Path)))
                .Select(h => (h.Path, (Mode)Math.Min((int)h.Mode, (int)other.First(o => o.Path.Equals(h.Path)).Mode)))
                .ToImmutableArray();

        private sealed class Way(Premises flags)
        {
            public Premises Flags { get; } = flags;

            public ImmutableArray<(LockPath Path, Mode Mode)> Held { get; set; }
        }
    }
}
