using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Tests;

public sealed class ClientQuotaTests
{
    [Fact]
    public void Quotas_are_set_changed_and_removed_and_nothing_is_written_for_what_stays()
    {
        var harness = new ControllerHarness();
        Assert.Equal(ErrorCode.None, Alter(harness, [("user", "anna"), ("client-id", null)], ("producer_byte_rate", 10, false), ("request_percentage", 2.5, false)).ErrorCode);
        var entity = new ClientQuotaEntity([new("user", "anna"), new("client-id", null)]);
        Assert.Equal(2.5, harness.Image.ClientQuotas.Entities[entity]["request_percentage"]);
        var before = harness.Raft.Log.Count;
        Assert.Equal(ErrorCode.None, Alter(harness, [("client-id", null), ("user", "anna")], ("producer_byte_rate", 10, false), ("consumer_byte_rate", 0, true)).ErrorCode);
        Assert.Equal(before, harness.Raft.Log.Count);
        Alter(harness, [("user", "anna"), ("client-id", null)], ("producer_byte_rate", 0, true), ("request_percentage", 0, true));
        Assert.Empty(harness.Image.ClientQuotas.Entities);
    }

    [Theory]
    [InlineData("user", "", "producer_byte_rate", 1, "Empty user not supported")]
    [InlineData("group", "g", "producer_byte_rate", 1, "Unhandled client quota entity type: group")]
    [InlineData("user", "u", "nope", 1, "Invalid configuration key nope")]
    [InlineData("user", "u", "connection_creation_rate", 1, "Invalid configuration key connection_creation_rate")]
    [InlineData("ip", "127.0.0.1", "producer_byte_rate", 1, "Invalid configuration key producer_byte_rate")]
    [InlineData("user", "u", "producer_byte_rate", 0, "Quota producer_byte_rate must be greater than 0")]
    [InlineData("user", "u", "producer_byte_rate", 1.5, "producer_byte_rate cannot be a fractional value.")]
    [InlineData("ip", "127.0.0.1", "connection_creation_rate", 5e10, "Proposed value for connection_creation_rate is too large for an INT.")]
    [InlineData("ip", "not a host", "connection_creation_rate", 5, "not a host is not a valid IP or resolvable host.")]
    public void What_is_wrong_is_refused_in_Kafkas_words(string type, string name, string key, double value, string message)
    {
        var result = Alter(new ControllerHarness(), [(type, name)], (key, value, false));
        Assert.Equal((ErrorCode.InvalidRequest, message), (result.ErrorCode, result.ErrorMessage));
    }

    [Fact]
    public void An_address_goes_with_nothing_else_and_an_entity_needs_a_name()
    {
        var harness = new ControllerHarness();
        Assert.Contains("IP entity should", Alter(harness, [("ip", "127.0.0.1"), ("user", "u")], ("connection_creation_rate", 1, false)).ErrorMessage);
        Assert.Equal("Invalid empty client quota entity", Alter(harness, [], ("producer_byte_rate", 1, false)).ErrorMessage);
    }

    [Fact]
    public void Only_checking_writes_nothing()
    {
        var harness = new ControllerHarness();
        Assert.Equal(ErrorCode.None, Alter(harness, [("user", "anna")], validateOnly: true, ("producer_byte_rate", 10, false)).ErrorCode);
        Assert.Empty(harness.Image.ClientQuotas.Entities);
    }

    private static AlterClientQuotasResponse.EntryData Alter(ControllerHarness harness, (string Type, string? Name)[] entity, params (string Key, double Value, bool Remove)[] ops) =>
        Alter(harness, entity, validateOnly: false, ops);

    private static AlterClientQuotasResponse.EntryData Alter(
        ControllerHarness harness, (string Type, string? Name)[] entity, bool validateOnly, params (string Key, double Value, bool Remove)[] ops)
    {
        var request = new AlterClientQuotasRequest { ValidateOnly = validateOnly };
        request.Entries.Add(new()
        {
            Entity = [.. entity.Select(e => new AlterClientQuotasRequest.EntityData { EntityType = e.Type, EntityName = e.Name })],
            Ops = [.. ops.Select(o => new AlterClientQuotasRequest.OpData { Key = o.Key, Value = o.Value, Remove = o.Remove })],
        });
        return harness.Run(harness.Controller.AlterClientQuotasAsync(ControllerHarness.Context, request)).Entries.Single();
    }
}
