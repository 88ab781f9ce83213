using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Producer;

// What callers ask for, in the order they have to.
internal sealed partial class TransactionManager
{
    private const short LastVersionOfEndTxnWithoutEpochBump = 4;
    private const short FirstVersionOfInitWithEpoch = 3;

    /// <summary>Gets the producer id, fencing who had the transactional id before.</summary>
    public async Task InitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            if (_phase != TransactionPhase.Uninitialized)
                throw new InvalidOperationException("InitTransactionsAsync is called once, before the first transaction.");
        }

        await ObtainAsync(null, cancellationToken);
        lock (_gate)
            _phase = TransactionPhase.Ready;
    }

    /// <summary>Opens a transaction.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            ThrowIfFailed();
            if (_phase != TransactionPhase.Ready)
                throw new InvalidOperationException($"A transaction cannot begin in the state {_phase}.");
            _phase = TransactionPhase.InTransaction;
            _hasStarted = false;
            _error = null;
            _added.Clear();
            _wanted.Clear();
        }
    }

    /// <summary>Delivers everything, and commits.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            if (_phase is not (TransactionPhase.InTransaction or TransactionPhase.Committing))
                throw new InvalidOperationException($"There is no transaction to commit (state {_phase}).");
            _phase = TransactionPhase.Committing;
        }

        await accumulator.FlushAsync(cancellationToken);
        lock (_gate)
            ThrowIfFailed();
        await EndAsync(isCommit: true, cancellationToken);
    }

    /// <summary>Gives up what is not sent, waits for what is, and aborts.</summary>
    public async Task AbortAsync(CancellationToken cancellationToken)
    {
        Task adding;
        lock (_gate)
        {
            if (_phase == TransactionPhase.FatalError)
                ThrowIfFailed();
            if (_phase is not (TransactionPhase.InTransaction or TransactionPhase.AbortableError or TransactionPhase.Committing or TransactionPhase.Aborting))
                throw new InvalidOperationException($"There is no transaction to abort (state {_phase}).");
            _phase = TransactionPhase.Aborting;
            adding = _adding;
        }

        accumulator.Signal.Set();
        await accumulator.FlushAsync(cancellationToken);
        await adding.WaitAsync(cancellationToken);
        await EndAsync(isCommit: false, cancellationToken);
    }

    private async Task EndAsync(bool isCommit, CancellationToken cancellationToken)
    {
        bool hasStarted, usesEpochBump, isInDoubt;
        (long Id, short Epoch) producer;
        lock (_gate)
            (hasStarted, usesEpochBump, isInDoubt, producer) = (_hasStarted, _usesEpochBump, _isSequenceInDoubt, (_producerId, _producerEpoch));
        if (hasStarted)
            await EndAtCoordinatorAsync(isCommit, usesEpochBump, producer, cancellationToken);
        if (isInDoubt && !(usesEpochBump && hasStarted))
            await ObtainAsync(producer, cancellationToken);
        lock (_gate)
        {
            _phase = TransactionPhase.Ready;
            _error = null;
            _hasStarted = false;
            _isSequenceInDoubt = false;
        }
    }

    private async Task EndAtCoordinatorAsync(bool isCommit, bool usesEpochBump, (long Id, short Epoch) producer, CancellationToken cancellationToken)
    {
        var response = await AtCoordinatorAsync(CoordinatorKind.Transaction, _transactionalId, "endTxn", async (connection, token) =>
        {
            var version = usesEpochBump
                ? connection.Versions.Choose(ApiKey.EndTxn, LastVersionOfEndTxnWithoutEpochBump + 1)
                : connection.Versions.Choose(ApiKey.EndTxn, highest: LastVersionOfEndTxnWithoutEpochBump);
            var request = new EndTxnRequest { TransactionalId = _transactionalId, ProducerId = producer.Id, ProducerEpoch = producer.Epoch, Committed = isCommit };
            var answer = await connection.SendAsync(request, version, token);
            return answer.ErrorCode == ErrorCode.None ? answer : throw Named(answer.ErrorCode);
        }, cancellationToken);
        if (usesEpochBump && response.ProducerId != RecordBatchLayout.NoProducerId)
            Take(response.ProducerId, response.ProducerEpoch);
    }

    /// <summary>The next epoch, or the first; for a producer that goes on after an error only if nobody came in between.</summary>
    private async Task ObtainAsync((long Id, short Epoch)? expected, CancellationToken cancellationToken)
    {
        var usesEpochBump = false;
        var response = await AtCoordinatorAsync(CoordinatorKind.Transaction, _transactionalId, "initProducerId", async (connection, token) =>
        {
            usesEpochBump = connection.Versions.Response.FinalizedFeatures.Exists(f => f.Name == TransactionVersionFeature && f.MaxVersionLevel >= FirstVersionWithEpochBump);
            var request = new InitProducerIdRequest { TransactionalId = _transactionalId, TransactionTimeoutMs = (int)options.TransactionTimeout.TotalMilliseconds };
            if (expected is { } producer)
                (request.ProducerId, request.ProducerEpoch) = producer;
            var version = connection.Versions.Choose(ApiKey.InitProducerId, expected is null ? (short)0 : FirstVersionOfInitWithEpoch);
            var answer = await connection.SendAsync(request, version, token);
            return answer.ErrorCode == ErrorCode.None ? answer : throw Named(answer.ErrorCode);
        }, cancellationToken);
        lock (_gate)
            _usesEpochBump = usesEpochBump;
        Take(response.ProducerId, response.ProducerEpoch);
    }

    private void Take(long producerId, short producerEpoch)
    {
        lock (_gate)
            (_producerId, _producerEpoch) = (producerId, producerEpoch);
        ProducerLog.ProducerIdObtained(logger, producerId, producerEpoch);
        accumulator.Signal.Set();
    }

    /// <summary>Coordinators tell older clients of fencing as an old epoch; it is the same.</summary>
    private static KafkaException Named(ErrorCode code) => (code == ErrorCode.InvalidProducerEpoch ? ErrorCode.ProducerFenced : code).ToException();
}
