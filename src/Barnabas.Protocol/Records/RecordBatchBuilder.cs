using System.Text;
using Barnabas.Protocol.Compression;
using static Barnabas.Protocol.Records.RecordBatchLayout;

namespace Barnabas.Protocol.Records;

/// <summary>
/// Writes one record batch v2 into pooled memory: append records, <see cref="Build"/>, use the bytes, dispose.
/// Has one owner and is not for two threads at once. Appending allocates nothing while the memory suffices.
/// </summary>
public sealed class RecordBatchBuilder : IDisposable
{
    private readonly RecordBatchOptions _options;
    private readonly BufferPool _pool;
    private PooledBuffer _buffer;
    private long _producerId;
    private short _producerEpoch;
    private int _baseSequence;
    private bool _isTransactional;
    private long _baseTimestamp;
    private long _maxTimestamp = NoTimestamp;
    private long _lastOffset;
    private bool _isSealed;
    private bool _isBuilt;

    /// <summary>Starts an empty batch.</summary>
    /// <param name="options">The header's fields and the codec.</param>
    /// <param name="initialBytes">How much memory to begin with; it grows as needed.</param>
    /// <param name="pool">Where memory comes from; <see cref="BufferPool.Shared"/> when null.</param>
    public RecordBatchBuilder(RecordBatchOptions options, int initialBytes = 1024, BufferPool? pool = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _pool = pool ?? BufferPool.Shared;
        _buffer = NewBuffer(initialBytes, options.MaxUncompressedBytes);
        _producerId = options.ProducerId;
        _producerEpoch = options.ProducerEpoch;
        _baseSequence = options.BaseSequence;
        _isTransactional = options.IsTransactional;
        _lastOffset = options.BaseOffset - 1;
        _baseTimestamp = options.DeleteHorizonMs;
    }

    /// <summary>How many records were appended.</summary>
    public int RecordCount { get; private set; }

    /// <summary>The offset of the last appended record; one before the base offset while there is none.</summary>
    public long LastOffset => _lastOffset;

    /// <summary>The largest timestamp of a record so far, in milliseconds since 1970, or -1.</summary>
    public long MaxTimestamp => _maxTimestamp;

    /// <summary>The size of header and records before compression.</summary>
    public int UncompressedSizeInBytes { get; private set; } = HeaderBytes;

    /// <summary>Whether <see cref="Build"/> has been called.</summary>
    public bool IsBuilt => _isBuilt;

    /// <summary>
    /// The exact size of the batch with one more record, before compression. Lengths are -1 for null.
    /// </summary>
    public int SizeInBytesWith(long timestamp, int keyBytes, int valueBytes, IReadOnlyList<RecordHeader>? headers = null) =>
        checked(UncompressedSizeInBytes + RecordSizes.RecordSize(
            NextOffsetDelta(_lastOffset + 1), TimestampDelta(timestamp), keyBytes, valueBytes, headers));

    /// <summary>
    /// What the batch will about take when built, given what the codec made of earlier data of the same topic.
    /// </summary>
    public int EstimatedSizeInBytes(double compressionRatio) => _options.Codec.Type == CompressionType.None
        ? UncompressedSizeInBytes
        : HeaderBytes + (int)((UncompressedSizeInBytes - HeaderBytes) * compressionRatio);

    /// <summary>Appends a record at the next offset; null is not the same as empty.</summary>
    /// <exception cref="DecompressedSizeExceededException">The batch would exceed <see cref="RecordBatchOptions.MaxUncompressedBytes"/>.</exception>
    public void Append(
        long timestamp, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader>? headers = null) =>
        AppendWithOffset(_lastOffset + 1, timestamp, key, value, headers);

    /// <summary>Appends a record at an offset beyond the last one, as compaction does.</summary>
    /// <exception cref="DecompressedSizeExceededException">The batch would exceed <see cref="RecordBatchOptions.MaxUncompressedBytes"/>.</exception>
    public void AppendWithOffset(
        long offset, long timestamp, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader>? headers = null)
    {
        var output = BeginRecord(offset, timestamp, key?.Length ?? -1, value?.Length ?? -1, headers, out var written, out var total);
        written += WriteField(output[written..], key is null, key.GetValueOrDefault().Span);
        written += WriteField(output[written..], value is null, value.GetValueOrDefault().Span);
        EndRecord(output, written, total, offset, timestamp, headers);
    }

    /// <summary>Appends a record at the next offset from spans, which cannot be null: the flags say so.</summary>
    /// <exception cref="DecompressedSizeExceededException">The batch would exceed <see cref="RecordBatchOptions.MaxUncompressedBytes"/>.</exception>
    public void Append(
        long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, IReadOnlyList<RecordHeader>? headers)
    {
        var offset = _lastOffset + 1;
        var output = BeginRecord(offset, timestamp, hasKey ? key.Length : -1, hasValue ? value.Length : -1, headers, out var written, out var total);
        written += WriteField(output[written..], !hasKey, key);
        written += WriteField(output[written..], !hasValue, value);
        EndRecord(output, written, total, offset, timestamp, headers);
    }

    /// <summary>Sets what an idempotent producer knows only when it sends; before <see cref="Build"/>.</summary>
    public void SetProducerState(long producerId, short producerEpoch, int baseSequence, bool isTransactional)
    {
        RequireNotBuilt();
        _producerId = producerId;
        _producerEpoch = producerEpoch;
        _baseSequence = baseSequence;
        _isTransactional = isTransactional;
    }

    /// <summary>Lets the batch end at a later offset than its last record, as compaction does.</summary>
    public void OverrideLastOffset(long lastOffset)
    {
        RequireNotBuilt();
        ArgumentOutOfRangeException.ThrowIfLessThan(lastOffset, _lastOffset);
        _lastOffset = lastOffset;
    }

    /// <summary>
    /// Compresses, writes the header and returns the batch, which is good until the builder is disposed. Further
    /// calls return the same bytes.
    /// </summary>
    /// <exception cref="InvalidOperationException">No record was appended.</exception>
    /// <exception cref="CompressionUnavailableException">The codec's native library is not installed.</exception>
    public Memory<byte> Build()
    {
        if (_isBuilt)
            return _buffer.WrittenMemory;
        if (RecordCount == 0)
            throw new InvalidOperationException("A batch needs a record.");
        RequireProducerState();
        Seal();
        var isLogAppendTime = _options.TimestampType == TimestampType.LogAppendTime;
        new RecordBatchHeader
        {
            BaseOffset = _options.BaseOffset,
            PartitionLeaderEpoch = _options.PartitionLeaderEpoch,
            Compression = _options.Codec.Type,
            TimestampType = _options.TimestampType,
            IsTransactional = _isTransactional,
            IsControl = _options.IsControl,
            HasDeleteHorizon = _options.DeleteHorizonMs >= 0,
            LastOffsetDelta = (int)(_lastOffset - _options.BaseOffset),
            BaseTimestamp = _baseTimestamp,
            MaxTimestamp = isLogAppendTime ? _options.LogAppendTime : _maxTimestamp,
            ProducerId = _producerId,
            ProducerEpoch = _producerEpoch,
            BaseSequence = _baseSequence,
            RecordCount = RecordCount,
        }.Write(_buffer.WrittenSpan);
        _isBuilt = true;
        return _buffer.WrittenMemory;
    }

    /// <summary>
    /// Compresses now what <see cref="Build"/> would otherwise compress; nothing can be appended from then on.
    /// Further calls do nothing.
    /// </summary>
    /// <exception cref="CompressionUnavailableException">The codec's native library is not installed.</exception>
    public void Seal()
    {
        if (_isSealed || RecordCount == 0)
            return;
        if (_options.Codec.Type != CompressionType.None)
            Compress();
        _isSealed = true;
    }

    /// <summary>The size of the batch as it stands: compressed once it is sealed.</summary>
    public int SizeInBytes => _buffer.WrittenBytes;

    /// <summary>
    /// Ends the use of the builder without giving its memory back: for bytes that somebody may still be reading,
    /// such as a send that was not seen to end.
    /// </summary>
    public void Abandon() => _buffer.Detach();

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private PooledBuffer NewBuffer(int initialBytes, int limitBytes)
    {
        var buffer = new PooledBuffer(_pool, Math.Max(initialBytes, HeaderBytes), Math.Max(limitBytes, HeaderBytes));
        buffer.EnsureFree(HeaderBytes);
        buffer.Advance(HeaderBytes);
        return buffer;
    }

    private void Compress()
    {
        var records = _buffer.WrittenSpan[HeaderBytes..];
        var compressed = NewBuffer(HeaderBytes + records.Length / 2, Array.MaxLength);
        try
        {
            _options.Codec.Compress(records, compressed);
        }
        catch
        {
            compressed.Dispose();
            throw;
        }
        _buffer.Dispose();
        _buffer = compressed;
    }

    private Span<byte> BeginRecord(
        long offset, long timestamp, int keyBytes, int valueBytes, IReadOnlyList<RecordHeader>? headers, out int written, out int total)
    {
        RequireNotSealed();
        if (offset <= _lastOffset)
            throw new ArgumentException($"Illegal offset {offset} following previous offset {_lastOffset} (Offsets must increase monotonically).", nameof(offset));
        if (timestamp is < 0 and not NoTimestamp)
            throw new ArgumentException($"Invalid negative timestamp {timestamp}", nameof(timestamp));
        var offsetDelta = NextOffsetDelta(offset);
        var timestampDelta = TimestampDelta(timestamp);
        var body = RecordSizes.BodySize(offsetDelta, timestampDelta, keyBytes, valueBytes, headers);
        total = checked(Varint.SizeOf(body) + body);
        var output = _buffer.GetSpan(total);
        written = Varint.Write(output, body);
        output[written++] = 0;
        written += Varint.Write(output[written..], timestampDelta);
        written += Varint.Write(output[written..], offsetDelta);
        return output;
    }

    private void EndRecord(
        Span<byte> output, int written, int total, long offset, long timestamp, IReadOnlyList<RecordHeader>? headers)
    {
        var headerCount = headers?.Count ?? 0;
        written += Varint.Write(output[written..], headerCount);
        for (var i = 0; i < headerCount; i++)
        {
            var header = headers![i];
            var keyBytes = Encoding.UTF8.GetByteCount(header.Key);
            written += Varint.Write(output[written..], keyBytes);
            written += Encoding.UTF8.GetBytes(header.Key, output[written..]);
            written += WriteField(output[written..], header.Value is null, header.Value.GetValueOrDefault().Span);
        }
        if (written != total)
            throw new InvalidOperationException($"A record of {total} bytes took {written}: its headers changed while it was appended.");
        _buffer.Advance(total);
        UncompressedSizeInBytes = _buffer.WrittenBytes;
        if (RecordCount == 0 && _options.DeleteHorizonMs < 0)
            _baseTimestamp = timestamp;
        _maxTimestamp = Math.Max(_maxTimestamp, timestamp);
        _lastOffset = offset;
        RecordCount++;
    }

    private static int WriteField(Span<byte> output, bool isNull, ReadOnlySpan<byte> bytes)
    {
        if (isNull)
            return Varint.Write(output, -1);
        var written = Varint.Write(output, bytes.Length);
        bytes.CopyTo(output[written..]);
        return written + bytes.Length;
    }

    private int NextOffsetDelta(long offset) => offset - _options.BaseOffset <= int.MaxValue
        ? (int)(offset - _options.BaseOffset)
        : throw new ArgumentException($"Maximum offset delta exceeded, base offset: {_options.BaseOffset}, last offset: {offset}", nameof(offset));

    private long TimestampDelta(long timestamp) =>
        RecordCount == 0 && _options.DeleteHorizonMs < 0 ? 0 : timestamp - _baseTimestamp;

    private void RequireNotBuilt()
    {
        if (_isBuilt)
            throw new InvalidOperationException("The batch is built; nothing can be added.");
    }

    private void RequireNotSealed()
    {
        if (_isSealed)
            throw new InvalidOperationException("The batch is sealed; nothing can be added.");
    }

    private void RequireProducerState()
    {
        if (_isTransactional && _producerId == NoProducerId)
            throw new InvalidOperationException("Cannot write transactional messages without a valid producer ID");
        if (_producerId == NoProducerId)
            return;
        if (_producerEpoch == NoProducerEpoch)
            throw new InvalidOperationException("Invalid negative producer epoch");
        if (_baseSequence < 0 && !_options.IsControl)
            throw new InvalidOperationException("Invalid negative sequence number used");
    }
}
