using Barnabas.Cli.Framework;

namespace Barnabas.Cli;

/// <summary>A verb in the catalog.</summary>
/// <param name="Name">What follows <c>barnabas</c>.</param>
/// <param name="Script">The launcher in <c>bin</c>, null where there is none.</param>
/// <param name="Summary">Half a sentence on what it does.</param>
/// <param name="Create">Makes the verb.</param>
/// <param name="Subject">The option that a second plain word stands for (<c>barnabas topics describe orders</c>); empty for none; null where plain words mean nothing.</param>
/// <param name="Commands">The words that may follow the verb, each with options of its own; null where there are none.</param>
internal sealed record VerbEntry(string Name, string? Script, string Summary, Func<Verb> Create, string? Subject = null, IReadOnlyList<string>? Commands = null);
