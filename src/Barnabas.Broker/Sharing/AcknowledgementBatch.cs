using Barnabas.Protocol;

namespace Barnabas.Broker.Sharing;

/// <summary>What a member says of records it got.</summary>
/// <param name="First">The first offset.</param>
/// <param name="Last">The last offset.</param>
/// <param name="Types">One for all, or one for each.</param>
internal readonly record struct AcknowledgementBatch(long First, long Last, IReadOnlyList<sbyte> Types)
{
    public const sbyte Gap = 0;
    public const sbyte Accept = 1;
    public const sbyte ReleaseType = 2;
    public const sbyte Reject = 3;
    public const sbyte Renew = 4;

    private const short FirstVersionWithRenewal = 2;

    public sbyte TypeAt(long offset) => Types.Count == 1 ? Types[0] : Types[(int)(offset - First)];

    /// <summary>Whether the batches of one partition make sense: in order, each with a type or as many as records.</summary>
    /// <returns>NONE or INVALID_REQUEST.</returns>
    public static ErrorCode Check(IReadOnlyList<AcknowledgementBatch> batches, short version, bool isRenewal)
    {
        var highest = version >= FirstVersionWithRenewal ? Renew : Reject;
        var previousLast = -1L;
        foreach (var batch in batches)
        {
            if (batch.First > batch.Last || batch.First < previousLast || batch.Types.Count == 0
                || (batch.Types.Count > 1 && batch.Last - batch.First != batch.Types.Count - 1))
            {
                return ErrorCode.InvalidRequest;
            }

            foreach (var type in batch.Types)
            {
                if (type < Gap || type > highest || (type == Renew && !isRenewal))
                    return ErrorCode.InvalidRequest;
            }

            previousLast = batch.Last;
        }

        return ErrorCode.None;
    }
}
