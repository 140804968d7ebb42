// Silent: .globalconfig turns LOCK7001 off in the whole project.
namespace NoDependency
{
    public sealed class ByGlobalConfig
    {
        private int _value;

        public void Set()
        {
            lock (this)
            {
                _value++;
            }
        }
    }
}
