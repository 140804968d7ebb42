// Ping-pong over on-demand paging: sends messages of growing sizes back and forth, and checks every byte.
using System;
using System.CommandLine;
using System.Globalization;
using Locking.Samples.PingPong;

CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
ParseResult parsed = Settings.Command(Tournament.Play).Parse(args);

// A fork that is under way when it is interrupted ends first, and so do the two processes, whose memory may be large.
int exit = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
return parsed.Errors.Count > 0 ? Tournament.BadArguments : exit;
