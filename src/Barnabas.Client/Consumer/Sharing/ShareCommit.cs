using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Sharing;

/// <summary>Acknowledgements on their way by themselves.</summary>
/// <param name="Acknowledgements">What they say.</param>
/// <param name="Answer">The node's answer; faulted when there is none, or when what was before them failed.</param>
internal sealed record ShareCommit(Acknowledgements Acknowledgements, Task<ShareAcknowledgeResponse> Answer);
