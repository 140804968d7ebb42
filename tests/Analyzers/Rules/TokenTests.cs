// The type that the tests of tokens share.
using Locking.Tests.Harness;

namespace Locking.Tests.Rules;

/// <param name="id">The rule at hand.</param>
public abstract class TokenTests(string id) : RuleTests(id)
{
    protected void VerifyIn(string body, string? message = null) => Verify(
        $$"""
        public class Faults
        {
            public bool M(Notifier n, Notifier other, bool flag)
            {
                {{body}}
                return true;
            }

            [Requires("n.Update", "n.Valid")]
            private static void Use(Notifier n) => n.Install();

            private static bool EnterAndCheck(Notifier n, ulong s)
            {
                n.Update.Enter();
                if (n.Retry(s))
                {
                    n.Update.Exit();
                    return false;
                }

                return true;
            }
        }
        """,
        message);
}
