// A tree whose nodes lock themselves and call the same method of the children that they find: everybody goes from the root to the leaves.
using System.Collections.Generic;

namespace Locking.Samples.Valid.Trees;

public sealed class Node
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Node> _named = new();
    private readonly Stack<Node> _open = new();
    private int _commands;

    public void Add(string path)
    {
        lock (_gate)
        {
            int slash = path.IndexOf('/');
            if (slash < 0)
            {
                _commands++;
                return;
            }

            string name = path.Substring(0, slash);
            if (!_named.TryGetValue(name, out Node? next))
            {
                _named[name] = next = new Node();
            }

            next.Add(path.Substring(slash + 1));
        }
    }

    public int Count()
    {
        lock (_gate)
        {
            int all = _commands;
            foreach (Node node in _named.Values)
            {
                all += node.Count();
            }

            return all;
        }
    }

    public void Open(string name)
    {
        lock (_gate)
        {
            _open.Push(_named[name]);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            while (_open.Count > 0)
            {
                _open.Pop().Close();
            }
        }
    }
}
