// Silent: .editorconfig turns LOCK1001 off in this file.
using Locking;

namespace NoDependency
{
    public sealed class ByEditorConfig
    {
        private readonly object _gate = new object();

        [GuardedBy(nameof(_gate))]
        public int Value;

        public void Set()
        {
            Value = 1;
        }
    }
}
