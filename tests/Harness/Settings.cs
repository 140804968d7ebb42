// What whoever runs the tests may ask for, by environment variables.
using System;
using System.Globalization;

namespace Locking.Tests.Harness;

internal static class Settings
{
    public static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
