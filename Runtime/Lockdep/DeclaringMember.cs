// From the place where a lock is constructed to the member that holds it, and to the name that the analyzer gives its class.
using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;

namespace Locking;

/// <summary>
/// The analyzer names a lock class after its declaration: <c>Namespace.Type.member</c>, or what <c>[LockClass]</c> says. At run time only the
/// constructor call is known. The compiler tells which member it initialises, and the stack, looked at once per call site, tells the type.
/// </summary>
/// <remarks>
/// Where the constructor of the declaring type was inlined, or the lock is constructed in a method, the declaration may be out of sight; the
/// name is then made of the file and the member or line. An explicit class is always right.
/// </remarks>
internal static class DeclaringMember
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConcurrentDictionary<(string File, int Line, string Member), LockClass> s_sites = new();

    public static LockClass ClassAt(Type lockType, string member, string file, int line)
    {
        if (s_sites.TryGetValue((file, line, member), out LockClass? known))
        {
            return known;
        }

        LockClass found = LockClass.Named(Find(lockType, member) ?? FallbackName(member, file, line));
        return s_sites.GetOrAdd((file, line, member), found);
    }

    /// <summary>The name of a member's class: as its attribute says, else the full name of the member in the definition of its type.</summary>
    public static string ClassName(Type type, string member)
    {
        MemberInfo? declaration = type.GetMember(member, Declared).FirstOrDefault(m => m is FieldInfo or PropertyInfo);
        string? given = declaration?.GetCustomAttribute<LockClassAttribute>()?.Name ?? declaration?.GetCustomAttribute<CapabilityAttribute>()?.Name;
        return given ?? TypeName(type) + "." + member;
    }

    /// <summary>The type as C# writes it, with the names of type parameters: <c>N.Outer&lt;T&gt;.Inner</c>.</summary>
    private static string TypeName(Type type)
    {
        Type definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        string[] arguments = definition.GetGenericArguments().Select(a => a.Name).ToArray();
        var name = new StringBuilder(definition.Namespace);
        int used = 0;
        foreach (string part in (definition.FullName ?? definition.Name)[(definition.Namespace is { } n ? n.Length + 1 : 0)..].Split('+'))
        {
            string[] split = part.Split('`');
            name.Append(name.Length == 0 ? "" : ".").Append(split[0]);
            if (split.Length == 2 && int.TryParse(split[1], out int arity))
            {
                name.Append('<').AppendJoin(", ", arguments.Skip(used).Take(arity)).Append('>');
                used += arity;
            }
        }

        return name.ToString();
    }

    /// <summary>The first caller outside this library that declares the member, or in whose constructor only one member can be meant.</summary>
    private static string? Find(Type lockType, string member)
    {
        foreach (StackFrame frame in new StackTrace(false).GetFrames())
        {
            if (frame.GetMethod() is not { DeclaringType: { } type } method || type.Assembly == typeof(DeclaringMember).Assembly)
            {
                continue;
            }

            if (type.GetMember(member, Declared).Any(m => m is FieldInfo or PropertyInfo))
            {
                return ClassName(type, member);
            }

            return method.IsConstructor && OnlyMemberOfType(type, lockType) is { } only ? ClassName(type, only) : null;
        }

        return null;
    }

    /// <summary>A lock assigned in a constructor: the type's only field of that lock type, by its property's name where it backs one.</summary>
    private static string? OnlyMemberOfType(Type type, Type lockType)
    {
        FieldInfo[] fields = type.GetFields(Declared).Where(f => f.FieldType == lockType).ToArray();
        if (fields.Length != 1)
        {
            return null;
        }

        string name = fields[0].Name;
        return name.StartsWith('<') ? name[1..name.IndexOf('>')] : name;
    }

    private static string FallbackName(string member, string file, int line)
    {
        string place = Path.GetFileNameWithoutExtension(file.Replace('\\', '/'));
        return member.StartsWith('.') || member.Length == 0 ? place + ":" + line : place + "." + member + ":" + line;
    }
}
