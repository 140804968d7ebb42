// Generated code of any size, with locks as dense as in real code.
using System;
using System.Globalization;
using System.IO;
using System.Text;

namespace Locking.Benchmarks.Builds;

/// <summary>
/// Files of a hundred lines and two types each; one type in eight locks, one body in about twelve. Types call those of the file before, so that
/// call graph and lock order grow with the code.
/// </summary>
internal static class SyntheticCode
{
    private const int LinesPerFile = 100;

    public static void Write(string folder, int kloc)
    {
        for (int file = 0; file < kloc * 1000 / LinesPerFile; file++)
        {
            File.WriteAllText(Path.Combine(folder, $"Part{file}.cs"), FileText(file));
        }

        File.WriteAllText(Path.Combine(folder, $"Synthetic{kloc}.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>disable</ImplicitUsings>
              </PropertyGroup>
            </Project>
            """);
    }

    private static string FileText(int file)
    {
        var text = new StringBuilder("using System.Collections.Generic;\nusing System.Linq;\n\nnamespace Synthetic;\n\n");
        text.Append(CultureInfo.InvariantCulture, $"public sealed class Plain{file}\n{{\n    private readonly List<int> _values = new List<int>();\n    private int _sum;\n\n");
        for (int method = 0; method < 4; method++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                    public int Compute{{method}}(int[] input, string name)
                    {
                        int total = {{method}};
                        for (int i = 0; i < input.Length; i++)
                        {
                            total += input[i] > {{method}} ? input[i] * name.Length : total % 7;
                        }

                        _values.AddRange(input.Where(v => v > total));
                        _sum += total;
                        return {{(file > 0 && method == 0 ? $"new Plain{file - 1}().Compute1(input, name)" : "_values.Count")}} + total;
                    }


                """);
        }

        text.Append("}\n\n");
        text.Append(file % 4 == 0 ? Locking(file) : Plain(file));
        return text.ToString();
    }

    private static string Locking(int file) => string.Create(CultureInfo.InvariantCulture, $$"""
        public sealed class Store{{file}}
        {
            private readonly object _gate = new object();
            private readonly Dictionary<string, int> _entries = new Dictionary<string, int>();
            private {{(file >= 4 ? $"readonly Store{file - 4} _next = new Store{file - 4}()" : "int _unused")}};
            private int _count;

            public void Add(string key, int value)
            {
                lock (_gate)
                {
                    if (!_entries.ContainsKey(key))
                    {
                        _entries.Add(key, value);
                        _count++;
                    }
                }
            }

            public int Remove(string key)
            {
                lock (_gate)
                {
                    _count -= _entries.Remove(key) ? 1 : 0;
                    {{(file >= 4 ? "_next.Add(key, _count);" : "_unused++;")}}
                    return Size();
                }
            }

            public string Name(int depth) => depth > 0 ? Name(depth - 1) + depth : string.Empty;

            private int Size() => _count;
        }

        """);

    private static string Plain(int file) => string.Create(CultureInfo.InvariantCulture, $$"""
        public sealed record Item{{file}}(string Name, int Size)
        {
            public IEnumerable<string> Words() => Name.Split(' ').Where(w => w.Length > Size).OrderBy(w => w).Select(w => w.Trim());

            public int Weight(IReadOnlyList<Item{{file}}> others)
            {
                int weight = 0;
                foreach (Item{{file}} other in others)
                {
                    switch (other.Size)
                    {
                        case 0:
                            weight++;
                            break;
                        case 1 when other.Name.Length > 3:
                            weight += other.Name.Length;
                            break;
                        default:
                            weight += other.Size * 2;
                            break;
                    }
                }

                return weight;
            }

            public override string ToString() => $"{Name} of {Size}";
        }

        """);
}
