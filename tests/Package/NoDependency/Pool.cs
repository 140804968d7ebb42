// Its contract stands in Contracts.locking.txt, which the package makes visible without a line in the project.
namespace NoDependency
{
    public sealed class Pool
    {
        public readonly object Gate = new object();

        public void Rent()
        {
        }

        public void RentLocked()
        {
            lock (Gate)
            {
                Rent(); // LOCK1006
            }
        }
    }
}
