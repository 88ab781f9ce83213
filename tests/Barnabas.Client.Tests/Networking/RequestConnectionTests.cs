using Barnabas.Client.Admin;
using Barnabas.Client.Networking;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;
using Barnabas.Transport.Memory;
using Barnabas.Transport.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Client.Tests.Networking;

public sealed class RequestConnectionTests
{
    [Fact]
    public async Task Requests_sent_together_are_answered_each_with_its_own_response()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.On<FindCoordinatorRequest>((request, _) => new FindCoordinatorResponse { Coordinators = [new FindCoordinatorResponse.Coordinator { Key = request.CoordinatorKeys[0] }] });
        await using var connection = await ConnectAsync(mock, TimeProvider.System);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number =>
            connection.SendAsync(new FindCoordinatorRequest { CoordinatorKeys = [$"group-{number}"] }, 4, Until.TooLate)));
        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"group-{number}"), answers.Select(answer => answer.Coordinators[0].Key));
    }

    [Fact]
    public async Task Responses_that_arrive_byte_by_byte_are_read_whole()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.Transport.Faults.MaxBytesPerReceive = 1;
        await using var connection = await ConnectAsync(mock, TimeProvider.System);
        var response = await connection.SendAsync(new ApiVersionsRequest(), 3, Until.TooLate);
        Assert.Equal(ApiCatalog.All.Count, response.ApiKeys.Count);
    }

    [Fact]
    public async Task A_response_that_does_not_come_in_time_ends_the_connection_and_all_that_waits_for_it()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        await using var mock = await MockBroker.StartAsync();
        mock.On<HeartbeatRequest>((_, _) => null);
        await using var connection = await ConnectAsync(mock, clock);
        var first = connection.SendAsync(new HeartbeatRequest(), 0, TimeSpan.FromSeconds(5), CancellationToken.None);
        var second = connection.SendAsync(new HeartbeatRequest(), 0, TimeSpan.FromMinutes(5), CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(first.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        var error = await Assert.ThrowsAsync<DisconnectedException>(() => first);
        Assert.True(error.IsRetriable);
        await Assert.ThrowsAsync<DisconnectedException>(() => second);
        Assert.False(connection.IsOpen);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_connection_to_the_others()
    {
        await using var mock = await MockBroker.StartAsync();
        using var gate = new SemaphoreSlim(0);
        mock.On<HeartbeatRequest>((_, _) =>
        {
            gate.Wait(TimeSpan.FromSeconds(10));
            return new HeartbeatResponse();
        });
        await using var connection = await ConnectAsync(mock, TimeProvider.System);
        using var giveUp = new CancellationTokenSource();
        var given = connection.SendAsync(new HeartbeatRequest(), 0, giveUp.Token);
        var kept = connection.SendAsync(new ApiVersionsRequest(), 3, Until.TooLate);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        gate.Release();
        Assert.NotEmpty((await kept).ApiKeys);
    }

    [Fact]
    public async Task A_cut_connection_fails_what_is_in_flight()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.On<HeartbeatRequest>((_, _) => null);
        await using var connection = await ConnectAsync(mock, TimeProvider.System);
        var pending = connection.SendAsync(new HeartbeatRequest(), 0, Until.TooLate);
        mock.Transport.Faults.CutAll();
        await Assert.ThrowsAsync<DisconnectedException>(() => pending);
        await Assert.ThrowsAsync<DisconnectedException>(() => connection.SendAsync(new HeartbeatRequest(), 0, Until.TooLate));
    }

    [Fact]
    public async Task A_response_larger_than_allowed_ends_the_connection_before_it_is_read()
    {
        await using var mock = await MockBroker.StartAsync();
        var transport = await mock.Transport.ConnectAsync("localhost", mock.Port, Until.TooLate);
        var options = new RequestConnectionOptions { ClientId = "test", RequestTimeout = TimeSpan.FromSeconds(10), MaxResponseBytes = 64 };
        await using var connection = new RequestConnection(transport, "mock", options, TimeProvider.System, NullLogger.Instance);
        var error = await Assert.ThrowsAsync<DisconnectedException>(() => connection.SendAsync(new ApiVersionsRequest(), 3, Until.TooLate));
        Assert.Contains("allowed are 64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_knows_only_the_first_version_of_ApiVersions_is_asked_again_in_that()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.On<ApiVersionsRequest>((_, version) => version == 0
            ? MockBroker.AllVersions()
            : new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion, ApiKeys = [new ApiVersionsResponse.ApiVersion { ApiKey = (short)ApiKey.ApiVersions, MinVersion = 0, MaxVersion = 0 }] });
        await using var admin = new AdminClient(new AdminClientOptions { BootstrapServers = [mock.BootstrapServer] }, mock.Environment);
        Assert.Empty(await admin.ListTopicsAsync(cancellationToken: Until.TooLate));
    }

    private static async Task<RequestConnection> ConnectAsync(MockBroker mock, TimeProvider time)
    {
        var transport = await mock.Transport.ConnectAsync("localhost", mock.Port, Until.TooLate);
        return new RequestConnection(transport, "mock", new RequestConnectionOptions { ClientId = "test", RequestTimeout = TimeSpan.FromSeconds(10) }, time, NullLogger.Instance);
    }
}
