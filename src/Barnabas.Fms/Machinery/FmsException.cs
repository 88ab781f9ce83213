namespace Barnabas.Fms.Machinery;

/// <summary>A part of the pipeline could not be started, or did not come back; the message is for a person.</summary>
public sealed class FmsException(string message, Exception? inner = null) : Exception(message, inner);
