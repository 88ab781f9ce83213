namespace Barnabas.Connect.Tasks;

/// <summary>What a source task that writes in transactions has to do before its first poll (KIP-618).</summary>
/// <param name="FenceAsync">Fences tasks of the past.</param>
/// <param name="VerifyAsync">Throws where the task is not meant to run any more, after it has taken its transactional id.</param>
public sealed record TaskPreflight(Func<CancellationToken, Task> FenceAsync, Func<CancellationToken, Task> VerifyAsync);
