namespace Barnabas.Client.Groups;

/// <summary>Who a member is in its group, and since when.</summary>
/// <param name="Id">The group's generation (or the member's epoch, with KIP-848); -1 outside one.</param>
/// <param name="MemberId">The id that the coordinator gave; empty before.</param>
/// <param name="Protocol">The protocol that all members speak; null outside a generation.</param>
public sealed record Generation(int Id, string MemberId, string? Protocol)
{
    /// <summary>No member at all.</summary>
    public static Generation None { get; } = new(-1, "", null);

    /// <summary>Whether it is part of a generation.</summary>
    public bool IsMember => Id >= 0;
}
