namespace Barnabas.Protocol.Records;

/// <summary>What <see cref="RecordBatches"/> enumerates: <c>foreach</c> over it allocates nothing.</summary>
public readonly struct RecordBatchEnumerable
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _maxBatchBytes;
    private readonly bool _allowsPartialTail;

    internal RecordBatchEnumerable(ReadOnlyMemory<byte> bytes, int maxBatchBytes, bool allowsPartialTail)
    {
        _bytes = bytes;
        _maxBatchBytes = maxBatchBytes;
        _allowsPartialTail = allowsPartialTail;
    }

    /// <summary>The same with a limit on the length field of a batch, in bytes.</summary>
    public RecordBatchEnumerable WithMaxBatchBytes(int maxBatchBytes) => new(_bytes, maxBatchBytes, _allowsPartialTail);

    /// <summary>Starts at the first batch.</summary>
    public Enumerator GetEnumerator() => new(_bytes, _maxBatchBytes, _allowsPartialTail);

    /// <summary>Steps through the batches.</summary>
    public struct Enumerator
    {
        private readonly ReadOnlyMemory<byte> _bytes;
        private readonly int _maxBatchBytes;
        private readonly bool _allowsPartialTail;

        internal Enumerator(ReadOnlyMemory<byte> bytes, int maxBatchBytes, bool allowsPartialTail)
        {
            _bytes = bytes;
            _maxBatchBytes = maxBatchBytes;
            _allowsPartialTail = allowsPartialTail;
        }

        /// <summary>The batch that <see cref="MoveNext"/> found.</summary>
        public RecordBatch Current { get; private set; }

        /// <summary>Where <see cref="Current"/> starts in the enumerated bytes.</summary>
        public int CurrentPosition { get; private set; }

        /// <summary>Where <see cref="Current"/> ends: all bytes before are whole batches.</summary>
        public int ConsumedBytes { get; private set; }

        /// <summary>Finds the next batch.</summary>
        /// <exception cref="CorruptRecordException">A size or magic cannot be, or the last batch is cut short.</exception>
        /// <exception cref="UnsupportedForMessageFormatException">A message of magic 0 or 1.</exception>
        public bool MoveNext()
        {
            var rest = _bytes[ConsumedBytes..];
            if (rest.IsEmpty)
                return false;
            if (!RecordBatches.TryReadSize(rest.Span, _maxBatchBytes, out var sizeBytes) || sizeBytes > rest.Length)
            {
                if (_allowsPartialTail)
                    return false;
                throw new CorruptRecordException(sizeBytes == 0
                    ? $"Record batch is corrupt (only {rest.Length} bytes are left, too few for a batch)"
                    : $"Record batch is corrupt (it says {sizeBytes} bytes, but only {rest.Length} are left)");
            }
            RecordBatches.RequireCurrentMagic(rest.Span);
            Current = RecordBatch.Checked(rest[..sizeBytes]);
            CurrentPosition = ConsumedBytes;
            ConsumedBytes += sizeBytes;
            return true;
        }
    }
}
