// Asks the last step for prices from many tasks at once, and counts how often they were loaded.
using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Samples.PriceCache.Step4;

int loads = 0;
var cache = new Cache(async article =>
{
    Interlocked.Increment(ref loads);
    await Task.Delay(10);
    return article.Length;
});

string[] articles = ["apple", "pear", "cherry"];
decimal[] prices = await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => Task.Run(() => cache.FindAsync(articles[i % articles.Length]))));
Console.WriteLine($"step 4: {prices.Length} prices found, {loads} times loaded, sum {prices.Sum()}");
