// A field that is tested without its lock becomes volatile.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class MakeTheFieldVolatileTests() : FixTests("LOCK6005", new MakeTheFieldVolatile())
{
    [Fact]
    public void Everywhere_FieldsThatAnnounceSomething() => VerifyFixAll(
        """
        public class Cache
        {
            private readonly object _gate = new();
            private string? _name;

            public string Name
            {
                get
                {
                    if ([|_name|] == null)
                    {
                        lock (_gate)
                        {
                            if (_name == null)
                            {
                                _name = "n";
                            }
                        }
                    }

                    return _name;
                }
            }
        }
        """,
        """
        public class Cache
        {
            private readonly object _gate = new();
            private volatile string? _name;

            public string Name
            {
                get
                {
                    if (_name == null)
                    {
                        lock (_gate)
                        {
                            if (_name == null)
                            {
                                _name = "n";
                            }
                        }
                    }

                    return _name;
                }
            }
        }
        """,
        "Make '_name' volatile");

    [Fact]
    public void TypeThatCannotBe_IsLeftAlone() => VerifyNoFix("""
        public class Cache
        {
            private readonly object _gate = new();
            private long _size;

            public void Fill()
            {
                if ([|_size|] == 0)
                {
                    lock (_gate)
                    {
                        if (_size == 0)
                        {
                            _size = 1;
                        }
                    }
                }
            }
        }
        """);
}
