namespace Barnabas.Client.Consumer.Sharing;

/// <summary><c>share.acknowledgement.mode</c>.</summary>
public enum ShareAcknowledgementMode
{
    /// <summary>A poll or commit accepts what the last poll returned.</summary>
    Implicit,

    /// <summary>Each record is acknowledged by the caller before the next poll.</summary>
    Explicit,
}
