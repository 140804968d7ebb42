// Uses the library's contracts.
using System;
using Library;

var account = Bank.Open();
account.Deposit(1); // LOCK1005
using (account.Gate.Enter())
{
    account.Deposit(2);
}

Console.WriteLine("done");

internal static class Bank
{
    private static readonly Account s_account = new();

    public static Account Open() => s_account;
}
