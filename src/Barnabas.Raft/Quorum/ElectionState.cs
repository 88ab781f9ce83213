using System.Globalization;
using System.Text;
using System.Text.Json;
using Barnabas.Protocol;

namespace Barnabas.Raft.Quorum;

/// <summary>
/// What a replica must not forget about elections: the content of the file <c>quorum-state</c>, in Kafka's JSON of
/// version 0 (static quorum) or 1 (kraft.version 1 and later).
/// </summary>
/// <param name="Epoch">The latest epoch the replica knows.</param>
/// <param name="LeaderId">The leader of that epoch, or null.</param>
/// <param name="VotedFor">The candidate that the replica voted for in that epoch, or null.</param>
public sealed record ElectionState(int Epoch, int? LeaderId, ReplicaKey? VotedFor)
{
    /// <summary>The name of the file, inside the directory of the metadata log.</summary>
    public const string FileName = "quorum-state";

    /// <summary>The state before the first election.</summary>
    public static ElectionState Initial { get; } = new(0, null, null);

    /// <summary>The file's content.</summary>
    public byte[] ToJson(short kraftVersion, VoterSet voters)
    {
        // By hand: a start needs no JSON library for five numbers.
        var head = string.Create(
            CultureInfo.InvariantCulture, $"\"leaderId\":{LeaderId ?? -1},\"leaderEpoch\":{Epoch},\"votedId\":{VotedFor?.Id ?? -1}");
        var text = kraftVersion == 0
            ? $"{{\"clusterId\":\"\",{head},\"appliedOffset\":0,\"currentVoters\":[{string.Join(',', voters.Voters.Keys.Select(VoterJson))}],\"data_version\":0}}"
            : $"{{{head},\"votedDirectoryId\":\"{VotedFor?.DirectoryId ?? Uuid.Zero}\",\"data_version\":1}}";
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Reads the file's content.</summary>
    /// <exception cref="InvalidDataException">The content is not what Kafka writes.</exception>
    public static ElectionState FromJson(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            var version = root.TryGetProperty("data_version", out var v) ? v.GetInt16() : (short)0;
            if (version is not (0 or 1)) throw new InvalidDataException($"The quorum-state file has the unknown version {version}.");
            var leader = root.GetProperty("leaderId").GetInt32();
            var voted = root.GetProperty("votedId").GetInt32();
            var directory = version == 1 ? Uuid.Parse(root.GetProperty("votedDirectoryId").GetString()!) : Uuid.Zero;
            return new ElectionState(
                root.GetProperty("leaderEpoch").GetInt32(),
                leader < 0 ? null : leader,
                voted < 0 ? null : new ReplicaKey(voted, directory));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The quorum-state file cannot be read: {e.Message}", e);
        }
    }

    private static string VoterJson(int id) => string.Create(CultureInfo.InvariantCulture, $"{{\"voterId\":{id}}}");
}
