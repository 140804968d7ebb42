// Something to run.
using System;
using Locking.Samples.ContinuousIntegration;

var orders = new Orders();
orders.Add("one");
Console.WriteLine(orders.TryAdd("two"));
orders.Print();
