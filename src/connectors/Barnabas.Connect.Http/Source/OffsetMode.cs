namespace Barnabas.Connect.Http.Source;

/// <summary>How it is known what is new (<c>http.offset.mode</c>).</summary>
internal enum OffsetMode
{
    /// <summary>Each answer is new.</summary>
    None,

    /// <summary>What the server's entity tag says has changed.</summary>
    ETag,

    /// <summary>Records whose offset field is above the highest so far.</summary>
    Increasing,

    /// <summary>The server is told the last record's offset field, and answers with what follows.</summary>
    Chaining,

    /// <summary>The server is told how many records there were.</summary>
    SimpleIncrementing,
}
