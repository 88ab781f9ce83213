namespace Barnabas.Client.Consumer.Membership;

/// <summary>Who the member is in its group, and since when.</summary>
internal sealed record Generation(int Id, string MemberId, string? Protocol)
{
    public static Generation None { get; } = new(-1, "", null);

    public bool IsMember => Id >= 0;
}
