// The public surface, listed in Runtime/PublicApi.txt.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Catalog;

/// <summary>A change of the public surface is a change of a file that a reviewer sees.</summary>
public sealed class PublicApiTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void PublicApi_IsWhatTheFileLists() => Repository.AssertFile("Runtime/PublicApi.txt", Listing());

    private static string Listing()
    {
        var text = new StringBuilder();
        foreach (Type type in typeof(Lockdep).Assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Declaration(type)).Append('\n');
            foreach (string member in type.GetMembers(Declared).Where(IsListed).Select(Signature).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Declaration(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? (type.IsByRefLike ? "ref struct" : "struct") : "class";
        string shape = type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsInterface || type.IsValueType ? "" : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        IEnumerable<string> bases = (type.BaseType is { } b && b != typeof(object) && !type.IsValueType ? [b] : Type.EmptyTypes)
            .Concat(type.IsEnum ? [] : type.GetInterfaces()).Select(Name).Where(n => !n.StartsWith("IEquatable", StringComparison.Ordinal));
        string inherits = string.Join(", ", bases);
        return $"{shape}{kind} {type.Namespace}.{Name(type)}" + (inherits == "" ? "" : " : " + inherits);
    }

    private static bool IsListed(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: true } method => method.Name.StartsWith("op_", StringComparison.Ordinal) && method.IsPublic,
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        PropertyInfo property => property.GetAccessors(true).Any(a => a.IsPublic || a.IsFamily),
        EventInfo => true,
        _ => false,
    };

    private static string Signature(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $".ctor({Parameters(constructor)})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
        FieldInfo { IsLiteral: true } constant => $"const {Name(constant.FieldType)} {constant.Name} = {constant.GetRawConstantValue()}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        PropertyInfo property => $"{(property.GetAccessors(true)[0].IsStatic ? "static " : "")}{Name(property.PropertyType)} {property.Name} {{ {Accessors(property)} }}",
        _ => member.Name,
    };

    private static string Accessors(PropertyInfo property) => string.Join(
        ' ',
        property.GetAccessors().Select(a => a.ReturnType != typeof(void)
            ? "get;"
            : a.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? "init;" : "set;"));

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? "<" + string.Join(", ", method.GetGenericArguments().Select(a => a.Name)) + ">" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        (p.IsOut ? "out " : p.ParameterType.IsByRef ? "ref " : "") + Name(p.ParameterType) + " " + p.Name + (p.IsOptional ? " = " + Default(p) : "")));

    private static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => "default",
        string text => "\"" + text + "\"",
        var value => value.ToString()!,
    };

    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsArray)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        }

        string name = type.Name.Split('`')[0];
        string arguments = type.IsGenericType && !type.Name.StartsWith('<') ? "<" + string.Join(", ", type.GetGenericArguments().Select(Name)) + ">" : "";
        return (type.IsNested && !type.IsGenericParameter ? Name(type.DeclaringType!) + "." : "") + name + arguments;
    }
}
