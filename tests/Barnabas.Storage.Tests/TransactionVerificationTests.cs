using Barnabas.Protocol;
using Barnabas.Storage.Producers;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

/// <summary>Guards against transactions that their coordinator does not know (KIP-890).</summary>
public sealed class TransactionVerificationTests : IDisposable
{
    private const long Producer = 5;
    private readonly StorageFixture _fixture = new();
    private readonly UnifiedLog _log;

    public TransactionVerificationTests()
    {
        _fixture.Services.Producers = new ProducerStateOptions(VerifiesTransactions: true);
        _log = _fixture.Open();
    }

    public void Dispose()
    {
        _log.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public void The_first_batch_of_a_transaction_needs_a_guard_and_the_next_does_not()
    {
        Assert.Equal(ErrorCode.InvalidTxnState, Refused(epoch: 0, sequence: 0, guard: null));
        Append(epoch: 0, sequence: 0, Verify(epoch: 0));
        Append(epoch: 0, sequence: 1, guard: null);
    }

    [Fact]
    public void The_marker_of_a_transaction_leaves_the_verification_of_the_next_alone_where_each_has_an_epoch()
    {
        Append(epoch: 0, sequence: 0, Verify(epoch: 0));
        var next = Verify(epoch: 1);
        End(epoch: 1, transactionVersion: 2);
        Append(epoch: 1, sequence: 0, next);
    }

    [Fact]
    public void The_marker_of_a_transaction_ends_its_own_verification()
    {
        var late = Verify(epoch: 0);
        End(epoch: 1, transactionVersion: 2);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Refused(epoch: 0, sequence: 0, Verify(epoch: 0)));
        Assert.Equal(ErrorCode.InvalidTxnState, Refused(epoch: 0, sequence: 0, late));
    }

    [Fact]
    public void The_marker_ends_every_verification_where_transactions_share_an_epoch()
    {
        Append(epoch: 0, sequence: 0, Verify(epoch: 0, supportsEpochBump: false));
        End(epoch: 0, transactionVersion: 0);
        var late = Verify(epoch: 0, supportsEpochBump: false);
        End(epoch: 0, transactionVersion: 0);
        Assert.Equal(ErrorCode.InvalidTxnState, Refused(epoch: 0, sequence: 1, late));
    }

    private VerificationGuard? Verify(short epoch, bool supportsEpochBump = true) => _log.MaybeStartTransactionVerification(Producer, 0, epoch, supportsEpochBump);

    private void Append(short epoch, int sequence, VerificationGuard? guard) =>
        _log.AppendAsLeader(Batches.Idempotent(Producer, epoch, sequence, true, _fixture.Time.NowMs, "v"), 0, AppendOrigin.Client, new TransactionAppend(guard));

    private ErrorCode Refused(short epoch, int sequence, VerificationGuard? guard) => Assert.ThrowsAny<KafkaException>(() => Append(epoch, sequence, guard)).ErrorCode;

    private void End(short epoch, short transactionVersion) =>
        _log.AppendAsLeader(Batches.Marker(true, Producer, epoch, _fixture.Time.NowMs), 0, AppendOrigin.Coordinator, new TransactionAppend(null, transactionVersion));
}
