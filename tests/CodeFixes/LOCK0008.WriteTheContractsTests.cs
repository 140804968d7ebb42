// What other projects have to know is written.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class WriteTheContractsTests() : FixTests("LOCK0008", new WriteTheContracts())
{
    [Fact]
    public void Everywhere_EachMemberSaysWhatItKeeps() => VerifyFixAll(
        """
        public class Store
        {
            private readonly object _items = new();
            private int _count;

            // How many there are.
            public int Count { [|get|] { lock (_items) { return _count; } } }

            public int [|Twice|] => 2 * Count;

            /// <summary>Waits.</summary>
            public void [|Add|]()
            {
                Thread.Sleep(1);
                lock (_items)
                {
                    _count++;
                }
            }
        }
        """,
        """
        public class Store
        {
            private readonly object _items = new();
            private int _count;

            // How many there are.
            public int Count { [AcquiresInside("class:Store._items")] get { lock (_items) { return _count; } } }

            [AcquiresInside("class:Store._items")]
            public int Twice => 2 * Count;

            /// <summary>Waits.</summary>
            [AcquiresInside("class:Store._items")]
            [MayBlock]
            public void Add()
            {
                Thread.Sleep(1);
                lock (_items)
                {
                    _count++;
                }
            }
        }
        """);
}
