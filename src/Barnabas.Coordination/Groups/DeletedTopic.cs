using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups;

/// <summary>A topic that was deleted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id.</param>
public sealed record DeletedTopic(string Name, Uuid Id);
