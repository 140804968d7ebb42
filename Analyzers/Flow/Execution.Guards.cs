// Guard objects: bound to locks when they are made, acting on them through their own methods; and acquires that wait for an await.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>Whether a path is <c>this</c> of a guard: what the guard is bound to, not the guard.</summary>
    private bool IsGuardItself(LockPath path, CallSite site) =>
        path is { Root: PathRoot.This, Members.IsEmpty: true } && !site.Call.Method.IsStatic && _reader.IsScoped(site.Call.Method.ContainingType);

    /// <summary>Whether a call makes a guard, or a task that yields one: of a type that says so, or something to dispose of that comes with an acquire.</summary>
    private bool MakesGuard(CallSite site)
    {
        ITypeSymbol? made = site.Call.IsCreation ? site.Call.Method.ContainingType : Yielded(site.Call.ResultType);
        return _reader.IsScoped(made)
            || (made is not null && site.Call.Contract.Clauses.Any(c => c is { Kind: ClauseKind.Acquires, Parameter: < 0 } && c.Paths.All(p => p.Kind.Capability == CapabilityKind.Lock)) && IsDisposable(made));
    }

    /// <summary>A constructor or factory of a guard: acquires, adopts, defers or gives up, as its contract says.</summary>
    private void BindGuard(CallSite site)
    {
        if (MakesGuard(site))
        {
            if (!site.Call.Contract.Clauses.Any(c => c is { Kind: ClauseKind.TryAcquires, Parameter: < 0 }))
            {
                // A guard that a call returned is there: what acquired a lock does not return null.
                _state.SetFact(site.Result, ValueSet.NonZero);
            }

            BindGuard(site, site.Result);
        }

        for (int i = 0; i < site.Call.Written.Length; i++)
        {
            if (site.Call.Written[i] >= 0 && site.Call.Method.Parameters[i] is { RefKind: RefKind.Out } handed && _reader.IsScoped(handed.Type))
            {
                BindGuard(site, WrittenValue(site, i));
            }
        }
    }

    private void BindGuard(CallSite site, Value guard)
    {
        var locks = ImmutableArray.CreateBuilder<BoundLock>();
        bool isHolding = false;
        bool isReverse = false;
        foreach (Clause clause in site.Call.Contract.Clauses.Where(c => c.Parameter < 0))
        {
            foreach (BoundLock bound in clause.Paths.Where(p => !IsGuardItself(p, site)).Select(p => Locked(p, site, clause.Mode)).Where(b => b is not null)!)
            {
                if (clause.Kind == ClauseKind.Requires && _state.Find(bound.Lock) is null)
                {
                    // Adopted without being held: said once, and then meant.
                    _state.Set(Hold.Of(bound.Lock, bound.Kind, HoldOrigin.Acquired, clause.Mode));
                }

                if (clause.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires or ClauseKind.Requires or ClauseKind.Excludes or ClauseKind.Releases)
                {
                    // Where a try has failed, there is no guard.
                    locks.Add(bound);
                    isHolding |= clause.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires or ClauseKind.Requires;
                    isReverse |= clause.Kind == ClauseKind.Releases;
                }
            }
        }

        if (locks.Count > 0)
        {
            _state.Set(new Binding(guard, locks.ToImmutable(), isHolding, isReverse));
        }
    }

    private void ReleaseGuard(CallSite site, Mode mode)
    {
        if (site.Receiver is null || _state.Guard(site.Receiver) is not { } guard)
        {
            return;
        }

        if (!guard.IsHolding)
        {
            if (!MemberCode.IsDisposal(site.Call.Method))
            {
                Recorder?.Release(site.Call, guard.Locks[0], ReleaseOutcome.NotHeld, null, _state);
            }

            return;
        }

        foreach (BoundLock bound in guard.Locks)
        {
            // Whoever released it by hand meant it.
            if (!MemberCode.IsDisposal(site.Call.Method) || _state.Find(bound.Lock) is { Origin: not HoldOrigin.Owed })
            {
                Release(site.Call, bound with { Mode = mode }, null);
            }
        }

        _state.Set(guard with { IsHolding = false });
    }

    private void AcquireGuard(CallSite site, Mode mode, bool isTry)
    {
        if (site.Receiver is null || _state.Guard(site.Receiver) is not { } guard)
        {
            return;
        }

        foreach (BoundLock bound in guard.Locks)
        {
            Acquire(site.Call, bound with { Mode = mode }, null, isTry, isGuard: !guard.IsReverse);
        }

        _state.Set(guard with { IsHolding = !guard.IsReverse });
    }

    /// <summary>A contract on a parameter that takes a guard: what the guard holds before the call and after it.</summary>
    private void ReleaseByGuard(CallSite site, Clause clause, LockPath path)
    {
        if (GuardAt(site, clause) is { } guard && CheckGuard(site, guard, path, clause.Mode))
        {
            foreach (BoundLock bound in guard.Locks)
            {
                Release(site.Call, bound with { Mode = clause.Mode }, null);
            }

            _state.Set(guard with { IsHolding = false });
        }
    }

    private void AcquireByGuard(CallSite site, Clause clause, LockPath path)
    {
        if (GuardAt(site, clause) is { } guard && Find(path, site) is { } value && guard.Locks.Any(l => l.Lock == Identify(path, value)))
        {
            foreach (BoundLock bound in guard.Locks)
            {
                Acquire(site.Call, bound with { Mode = clause.Mode }, null, isTry: false, isGuard: true);
            }

            _state.Set(guard with { IsHolding = true });
        }
    }

    private Binding? GuardAt(CallSite site, Clause clause) =>
        clause.Parameter < site.Arguments.Length ? _state.Guard(site.Arguments[clause.Parameter]) : null;

    private void CheckGuard(CallSite site, Clause clause, LockPath path)
    {
        if (GuardAt(site, clause) is not { } guard)
        {
            return;
        }

        if (clause.Kind == ClauseKind.Requires)
        {
            CheckGuard(site, guard, path, clause.Mode);
        }
        else if (clause.Kind == ClauseKind.Excludes && guard.IsHolding && Find(path, site) is { } value && guard.Locks.Any(l => l.Lock == Identify(path, value)))
        {
            Recorder?.Exclude(site.Call, NameOf(value) ?? path.Text, _state.Find(Identify(path, value)));
        }
    }

    /// <summary>Whether a guard that is passed on holds what the parameter asks for.</summary>
    private bool CheckGuard(CallSite site, Binding guard, LockPath path, Mode mode)
    {
        if (Find(path, site) is not { } value)
        {
            return false;
        }

        bool holds = guard.IsHolding && guard.Locks.Any(l => l.Lock == Identify(path, value));
        if (!holds)
        {
            Recorder?.Require(site.Call, new Requirement(path, NameOf(value) ?? path.Text, mode, Lack.Hold, false, false, null, IsCheck: false));
        }

        return holds;
    }

    /// <summary>Nobody can release a lock that is gone: a semaphore that is acquired to be the last, and disposed.</summary>
    private void EndDisposed(CallSite site)
    {
        if (MemberCode.IsDisposal(site.Call.Method) && site.Receiver is { } receiver)
        {
            foreach (Hold hold in _state.Holds.Where(h => h.CanTravel && ReferenceEquals(h.Lock.Value, receiver)))
            {
                _state.Remove(hold.Lock);
            }
        }
    }

    /// <summary>What a function's own contract says about its entry.</summary>
    private void EnterClause(FunctionBody function, Clause clause)
    {
        foreach (LockPath path in clause.Paths)
        {
            if (clause.Parameter >= 0 && _reader.IsScoped(function.Method!.Parameters[clause.Parameter].Type))
            {
                EnterGuard(function, clause, path);
            }
            else if (IsHeldAtEntry(clause) && FindOwn(path, function) is { } value)
            {
                Mode mode = EntryMode(function, clause, path);
                _state.Set(Hold.Of(Identify(path, value), KindOf(path, value), HoldOrigin.Required, mode) with { IsInAnyMode = mode == Mode.Any });
            }
        }
    }

    /// <summary>What is given up in whichever mode it is held may be held in any, unless the contract asks for it besides.</summary>
    private static Mode EntryMode(FunctionBody function, Clause clause, LockPath path)
    {
        Clause? asked = function.Contract.Clauses.FirstOrDefault(c => c.Kind == ClauseKind.Requires && c.Parameter < 0 && c.Paths.Contains(path));
        return clause.Mode != Mode.Any ? clause.Mode : asked?.Mode ?? Mode.Any;
    }

    private static bool IsHeldAtEntry(Clause clause) =>
        !clause.IsAboutHandedOut && (clause.Kind == ClauseKind.ReleasesWhen || (clause.Parameter < 0 && clause.Kind is ClauseKind.Requires or ClauseKind.Releases));

    private void EnterGuard(FunctionBody function, Clause clause, LockPath path)
    {
        if (FindOwn(path, function) is not { } value || clause.Kind is not (ClauseKind.Requires or ClauseKind.Releases or ClauseKind.Acquires or ClauseKind.Excludes))
        {
            return;
        }

        bool isHolding = clause.Kind is ClauseKind.Requires or ClauseKind.Releases;
        Mode mode = clause.Mode == Mode.Any ? Mode.Exclusive : clause.Mode;
        var bound = new BoundLock(Identify(path, value), KindOf(path, value), mode, NameOf(value));
        Value guard = _state.Slots[function.ParameterSlots[clause.Parameter]]!;
        _state.Set(new Binding(guard, ImmutableArray.Create(bound), isHolding, IsReverse: false));
        _state.SetFact(guard, ValueSet.NonZero);
        if (isHolding)
        {
            _state.Set(Hold.Of(bound.Lock, bound.Kind, HoldOrigin.Required, mode));
        }
    }
}
