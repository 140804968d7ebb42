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

public sealed class UseLazyTests() : FixTests("LOCK6005", new UseLazy())
{
    [Fact]
    public void Everywhere_PlainForms() => VerifyFixAll(
        """
        using System.Collections.Generic;

        public class Cache
        {
            private readonly object _gate = new();
            private List<string>? _names;

            public List<string> Names
            {
                get
                {
                    // Once.
                    if ([|_names|] == null)
                    {
                        lock (_gate)
                        {
                            if (_names == null)
                            {
                                _names = new List<string> { "n" };
                            }
                        }
                    }

                    return _names;
                }
            }
        }
        """,
        """
        using System;
        using System.Collections.Generic;

        public class Cache
        {
            private readonly object _gate = new();
            private readonly Lazy<List<string>> _names = new(() => new List<string> { "n" });

            public List<string> Names
            {
                get
                {
                    // Once.
                    return _names.Value;
                }
            }
        }
        """,
        "Make '_names' a Lazy<T>",
        withUsings: false);

    [Fact]
    public void FieldThatIsUsedElsewhere_IsLeftAlone() => VerifyNoFix("""
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

            public void Clear() { lock (_gate) { _name = null; } }
        }
        """);
}
