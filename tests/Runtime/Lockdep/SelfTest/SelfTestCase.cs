// One case of the self-test.
using System;

namespace Locking.Tests.SelfTest;

/// <summary>One case: a sequence of acquisitions, and whether the validator must object or must not.</summary>
/// <param name="Family">The family, as the table has it.</param>
/// <param name="Name">Unique among all cases.</param>
/// <param name="IsReported">Whether a report is expected; silence otherwise.</param>
/// <param name="Body">The sequence. May leave locks held.</param>
/// <param name="IsKernel">Whether the kernel's suite has this case; false for columns of our own.</param>
internal sealed record SelfTestCase(string Family, string Name, bool IsReported, Action Body, bool IsKernel = true);
