// Contracts for code that cannot be edited: the text of a .locking.txt file, read line by line.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Analyzers.Contracts;

/// <summary>One line: the member it speaks about, and its contracts; or why it could not be read.</summary>
internal sealed record ContractLine(string MemberId, ImmutableArray<RawClause> Clauses, FileSource Source)
{
    public string? Problem { get; init; }
}

/// <summary>
/// The grammar: <c>id ' : ' contract (',' contract)*</c>, a contract being <c>[parameter ':'] Name ['(' arguments ')']</c>, an argument a string,
/// a number, <c>true</c>, <c>false</c>, <c>Type.Member</c>, or <c>Name = argument</c>. Lines that are empty or start with '#' say nothing.
/// </summary>
internal static class ContractFile
{
    public const string Suffix = ".locking.txt";

    public static bool Is(AdditionalText file) => file.Path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    public static ImmutableArray<ContractLine> Read(string path, SourceText text)
    {
        var lines = ImmutableArray.CreateBuilder<ContractLine>();
        foreach (TextLine line in text.Lines)
        {
            string content = line.ToString();
            string trimmed = content.Trim();
            if (trimmed.Length > 0 && trimmed[0] != '#')
            {
                int start = line.Start + content.IndexOf(trimmed, StringComparison.Ordinal);
                lines.Add(ReadLine(trimmed.Replace('\t', ' '), new FileSource(path, text, new TextSpan(start, trimmed.Length))));
            }
        }

        return lines.ToImmutable();
    }

    private static ContractLine ReadLine(string line, FileSource source)
    {
        int separator = line.IndexOf(" : ", StringComparison.Ordinal);
        if (separator < 0)
        {
            return new ContractLine(line, ImmutableArray<RawClause>.Empty, source) { Problem = "' : ' between the member and its contracts is missing" };
        }

        string id = line.Substring(0, separator).Trim();
        if (id.Length < 3 || id[1] != ':' || "TMPFE".IndexOf(id[0]) < 0)
        {
            return new ContractLine(id, ImmutableArray<RawClause>.Empty, source) { Problem = $"'{id}' is no documentation-comment id" };
        }

        try
        {
            return new ContractLine(id, new Parser(line, separator + 3, source).Clauses(), source);
        }
        catch (FormatException problem)
        {
            return new ContractLine(id, ImmutableArray<RawClause>.Empty, source) { Problem = problem.Message };
        }
    }

    /// <summary>Reads the part behind the separator; what it cannot read is a <see cref="FormatException"/> whose message says why.</summary>
    private sealed class Parser(string text, int position, FileSource source)
    {
        private int _position = position;

        public ImmutableArray<RawClause> Clauses()
        {
            var clauses = ImmutableArray.CreateBuilder<RawClause>();
            do
            {
                clauses.Add(Clause());
            }
            while (Take(','));

            if (_position < text.Length)
            {
                throw new FormatException($"'{text.Substring(_position)}' was not expected");
            }

            return clauses.ToImmutable();
        }

        private RawClause Clause()
        {
            string name = Identifier("a contract");
            string? target = null;
            if (Take(':'))
            {
                target = name;
                name = Identifier("a contract");
            }

            var arguments = ImmutableArray.CreateBuilder<RawArgument>();
            ImmutableDictionary<string, RawArgument> named = ImmutableDictionary<string, RawArgument>.Empty;
            if (Take('(') && !Take(')'))
            {
                do
                {
                    (string? key, RawArgument value) = Argument();
                    if (key is null)
                    {
                        arguments.Add(value);
                    }
                    else
                    {
                        named = named.SetItem(key, value);
                    }
                }
                while (Take(','));

                Expect(')');
            }

            return new RawClause(name, arguments.ToImmutable(), source) { Target = target, Named = named };
        }

        private (string? Key, RawArgument Value) Argument()
        {
            Skip();
            if (_position < text.Length && text[_position] == '"')
            {
                return (null, new RawArgument(String()));
            }

            if (_position < text.Length && (char.IsDigit(text[_position]) || text[_position] == '-'))
            {
                return (null, new RawArgument(Number()));
            }

            string word = Identifier("an argument");
            if (Take('='))
            {
                return (word, Argument().Value);
            }

            return (null, word switch
            {
                "true" => new RawArgument(true),
                "false" => new RawArgument(false),
                _ => Take('.') ? new RawArgument(Identifier("a member"), word) : new RawArgument(word, ""),
            });
        }

        private string String()
        {
            int end = text.IndexOf('"', _position + 1);
            if (end < 0)
            {
                throw new FormatException("a string is not closed");
            }

            string value = text.Substring(_position + 1, end - _position - 1);
            _position = end + 1;
            return value;
        }

        private object Number()
        {
            int start = _position++;
            while (_position < text.Length && char.IsDigit(text[_position]))
            {
                _position++;
            }

            string digits = text.Substring(start, _position - start);
            return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
                ? value
                : throw new FormatException($"'{digits}' is no number");
        }

        private string Identifier(string what)
        {
            Skip();
            int start = _position;
            while (_position < text.Length && (char.IsLetterOrDigit(text[_position]) || text[_position] == '_'))
            {
                _position++;
            }

            return _position > start
                ? text.Substring(start, _position - start)
                : throw new FormatException($"{what} was expected at '{text.Substring(start)}'");
        }

        private bool Take(char expected)
        {
            Skip();
            if (_position >= text.Length || text[_position] != expected)
            {
                return false;
            }

            _position++;
            return true;
        }

        private void Expect(char expected)
        {
            if (!Take(expected))
            {
                throw new FormatException($"'{expected}' is missing");
            }
        }

        private void Skip()
        {
            while (_position < text.Length && text[_position] == ' ')
            {
                _position++;
            }
        }
    }
}
