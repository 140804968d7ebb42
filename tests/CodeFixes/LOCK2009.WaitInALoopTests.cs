// A wait that is made once is made in a loop.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class WaitInALoopTests() : FixTests("LOCK2009", new WaitInALoop())
{
    [Fact]
    public void Everywhere_IfBecomesWhile() => VerifyFixAll(
        """
        public class Queue
        {
            private readonly object _gate = new();
            private int _count;

            public void Take()
            {
                lock (_gate)
                {
                    // Nothing there yet.
                    if (_count == 0) // so
                    {
                        [|Monitor.Wait(_gate)|];
                    }

                    if (_count == 0)
                        [|Monitor.Wait(_gate)|];

                    _count--;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        """,
        """
        public class Queue
        {
            private readonly object _gate = new();
            private int _count;

            public void Take()
            {
                lock (_gate)
                {
                    // Nothing there yet.
                    while (_count == 0) // so
                    {
                        Monitor.Wait(_gate);
                    }

                    while (_count == 0)
                        Monitor.Wait(_gate);

                    _count--;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        """,
        "Wait in a loop that tests the condition again");

    [Fact]
    public void WaitWithoutCondition_OrWithMore_IsLeftAlone() => VerifyNoFix("""
        public class Queue
        {
            private readonly object _gate = new();
            private int _count;

            public void Take()
            {
                lock (_gate)
                {
                    if (_count == 0)
                    {
                        [|Monitor.Wait(_gate)|];
                        _count++;
                    }

                    [|Monitor.Wait(_gate)|];
                }

                [|Monitor.Wait(_gate)|];
            }
        }
        """);
}
