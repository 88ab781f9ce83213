namespace Barnabas.Client.Producer;

/// <summary>What appending a record did.</summary>
/// <param name="IsNewBatch">A batch was begun.</param>
/// <param name="CompletedBatch">A batch has become full.</param>
internal readonly record struct AppendResult(bool IsNewBatch, bool CompletedBatch);
