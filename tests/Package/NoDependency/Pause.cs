// Found because the project sets an option.
using System.Threading;

namespace NoDependency
{
    public sealed class Pause
    {
        private readonly object _gate = new object();

        public void Take()
        {
            lock (_gate)
            {
                Monitor.Wait(_gate, 10); // LOCK2009
            }
        }
    }
}
