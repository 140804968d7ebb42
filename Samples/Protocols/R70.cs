// No allocation that may wait where nothing may.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R70;

public sealed class Notifier
{
    private readonly int[] _spare = new int[4];

    [MayBlock]
    public static int[] Allocate() => new int[4];

    [MustNotBlock]
    public int[] WrongCallback() => Allocate(); // LOCK4004

    [MustNotBlock]
    public int[] RightCallback() => _spare;
}
