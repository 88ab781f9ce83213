using System.Diagnostics;
using System.Threading.Channels;
using Barnabas.Coordination.Runtime;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Coordination.Tests.Transactions;

/// <summary>What becomes of a decided transaction when writing its markers breaks off in a way nobody foresaw.</summary>
public sealed class MarkerRetryTests : IDisposable
{
    private readonly BreakingMarkers _markers = new();
    private readonly TransactionCoordinatorService _coordinator;

    public MarkerRetryTests()
    {
        _coordinator = new TransactionCoordinatorService(
            TransactionHarness.Config, new CoordinatorRuntimeOptions(-1, 5_000, 1_000, CompressionType.None), new MemoryLogs(), _markers,
            _ => ValueTask.FromResult(1L), () => 0, TimeProvider.System, new Random(1), TaskScheduler.Default, NullLogger.Instance);
        _coordinator.Start(1);
        _coordinator.OnElection(0, 1);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _coordinator.Dispose();

    [Fact]
    public async Task Markers_are_written_anew_ever_later_until_the_transaction_is_complete()
    {
        _markers.FailuresLeft = 3;
        var clock = Stopwatch.StartNew();
        var producer = await CommitAsync();
        for (var call = 0; call < 4; call++)
            Assert.Equal(1, (await _markers.NextAsync()).CoordinatorEpoch);
        Assert.InRange(clock.ElapsedMilliseconds, 100 + 200 + 400 - 10, long.MaxValue);

        // The one before is complete as soon as the next may begin.
        Assert.Equal(ErrorCode.None, await AddAsync(producer));
    }

    [Fact]
    public async Task A_coordinator_that_lost_the_partition_leaves_the_markers_to_the_next()
    {
        _markers.FailuresLeft = 1;
        _markers.OnFailure = () => _coordinator.OnResignation(0, 2);
        await CommitAsync();
        Assert.Equal(1, (await _markers.NextAsync()).CoordinatorEpoch);
        _coordinator.OnElection(0, 3);
        Assert.Equal(3, (await _markers.NextAsync()).CoordinatorEpoch);
    }

    private async Task<ProducerAnswer> CommitAsync()
    {
        ProducerAnswer producer;
        do
            producer = await _coordinator.InitProducerIdAsync(new InitProducerId("x", 60_000, false, false, null));
        while (producer.Error == ErrorCode.CoordinatorLoadInProgress);
        Assert.Equal(ErrorCode.None, await AddAsync(producer));
        Assert.Equal(ErrorCode.None, (await _coordinator.EndTransactionAsync(new EndTransaction("x", TransactionHarness.Of(producer), true, 0))).Error);
        return producer;
    }

    private async Task<ErrorCode> AddAsync(ProducerAnswer producer)
    {
        ErrorCode error;
        do
        {
            Token.ThrowIfCancellationRequested();
            error = await _coordinator.AddPartitionsAsync("x", TransactionHarness.Of(producer), [TransactionHarness.Tp], 0);
        }
        while (error == ErrorCode.ConcurrentTransactions);
        return error;
    }

    private sealed class BreakingMarkers : ITransactionMarkers
    {
        private readonly Channel<PreparedTransaction> _calls = Channel.CreateUnbounded<PreparedTransaction>();

        public int FailuresLeft { get; set; }

        public Action? OnFailure { get; set; }

        public ValueTask<PreparedTransaction> NextAsync() => _calls.Reader.ReadAsync(Token);

        public Task<bool> WriteAsync(PreparedTransaction transaction, CancellationToken cancellationToken)
        {
            Assert.True(_calls.Writer.TryWrite(transaction));
            if (FailuresLeft-- <= 0)
                return Task.FromResult(true);
            OnFailure?.Invoke();
            return Task.FromException<bool>(new InvalidOperationException("nobody foresaw this"));
        }
    }
}
