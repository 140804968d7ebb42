// Two locks in both orders: a finding with related places.
namespace NoDependency
{
    public sealed class Transfers
    {
        private readonly object _from = new object();
        private readonly object _to = new object();
        private int _count;

        public void Send()
        {
            lock (_from)
            {
                lock (_to) // LOCK3001
                {
                    _count++;
                }
            }
        }

        public void Return()
        {
            lock (_to)
            {
                lock (_from) // LOCK3001
                {
                    _count--;
                }
            }
        }

        public static void Main()
        {
            new Transfers().Send();
        }
    }
}
