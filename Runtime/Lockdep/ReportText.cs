// A report as text, in the layout of lockdep's.
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Locking;

internal static class ReportText
{
    private const int ColumnWidth = 40;
    private static readonly string s_rule = new('=', 70);

    public static string Of(LockdepReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(s_rule).Append("Locking: ").AppendLine(report.Message).AppendLine(s_rule.Replace('=', '-'));
        text.Append("By ").AppendLine(report.Actor);
        Line(text, "Lock:     ", report.Lock);
        Line(text, "Conflict: ", report.Conflict);
        AppendChain(text, report.Chain);
        AppendScenario(text, report.Scenario);
        AppendHeld(text, report.Held);
        if (report.Stack.Length > 0)
        {
            text.AppendLine().AppendLine("Stack:").AppendLine(report.Stack.TrimEnd());
        }

        if (report.Hint.Length > 0)
        {
            text.AppendLine().Append("Hint: ").AppendLine(report.Hint);
        }

        return text.Append(s_rule).ToString();
    }

    private static void Line(StringBuilder text, string label, ReportedLock? reported)
    {
        if (reported is not null)
        {
            text.Append(label).Append(reported).AppendLine();
        }
    }

    private static void AppendChain(StringBuilder text, IReadOnlyList<ReportedDependency> chain)
    {
        if (chain.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine("Dependencies seen before:");
        for (int i = 0; i < chain.Count; i++)
        {
            text.Append(" #").Append(i).Append(' ').Append(chain[i]).AppendLine();
            text.AppendLine(chain[i].Stack.TrimEnd());
        }
    }

    /// <summary>Two columns: the reported thread on the left, everybody else on the right, told apart by a number where they are several.</summary>
    private static void AppendScenario(StringBuilder text, IReadOnlyList<ScenarioStep> scenario)
    {
        if (scenario.Count == 0)
        {
            return;
        }

        int actors = scenario.Max(step => step.Actor) + 1;
        text.AppendLine().AppendLine("Possible deadlock:").AppendLine();
        Row(text, "this thread", actors == 1 ? "" : actors == 2 ? "another thread" : "other threads");
        Row(text, "-----------", actors == 1 ? "" : "--------------");
        foreach (ScenarioStep step in scenario)
        {
            string other = actors > 2 ? step.Actor + ": " + step.Operation : step.Operation;
            Row(text, step.Actor == 0 ? step.Operation : "", step.Actor == 0 ? "" : other);
        }
    }

    private static void Row(StringBuilder text, string left, string right) =>
        text.AppendLine(("  " + (right.Length == 0 ? left : left.PadRight(ColumnWidth) + right)).TrimEnd());

    private static void AppendHeld(StringBuilder text, IReadOnlyList<ReportedLock> held)
    {
        text.AppendLine().AppendLine(held.Count == 0 ? "Nothing is held." : "Held, outermost first:");
        for (int i = 0; i < held.Count; i++)
        {
            text.Append(" #").Append(i).Append(' ').Append(held[i]).AppendLine();
        }
    }
}
