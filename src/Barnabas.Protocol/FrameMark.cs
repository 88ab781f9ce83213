namespace Barnabas.Protocol;

/// <summary>Where a frame begins in a <see cref="MessageWriter"/>.</summary>
public readonly struct FrameMark
{
    internal FrameMark(int at, int start)
    {
        At = at;
        Start = start;
    }

    /// <summary>Where the length stands in the writer's own buffer.</summary>
    internal int At { get; }

    /// <summary>How much was written, splices included, when the frame's content began.</summary>
    internal int Start { get; }
}
