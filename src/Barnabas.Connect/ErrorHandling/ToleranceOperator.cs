using Barnabas.Connect.Errors;

namespace Barnabas.Connect.ErrorHandling;

/// <summary>
/// Runs the steps of a record: again while that may help, then either ends the task or says that the record is to be
/// skipped. For one task, on its thread.
/// </summary>
/// <param name="options">The connector's wishes.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The source of jitter.</param>
public sealed class ToleranceOperator(ErrorOptions options, TimeProvider time, Random random)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(300);

    /// <summary>The failure of the last step; null when it succeeded.</summary>
    public RecordFailure? Failure { get; private set; }

    /// <summary>The result of a step; default, with <see cref="Failure"/> set, where the record is to be skipped.</summary>
    /// <exception cref="ConnectException">Errors are not tolerated.</exception>
    public async ValueTask<T?> ExecuteAsync<TState, T>(ErrorStage stage, string pluginName, TState state, Func<TState, T?> step, CancellationToken cancellationToken)
    {
        Failure = null;
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return step(state);
            }
            catch (RetriableException) when (MayRetry(began))
            {
                await Task.Delay(DelayAfter(attempt, began), time, cancellationToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Failure = new RecordFailure(stage, pluginName, error, attempt);
                if (!options.IsTolerant)
                    throw new ConnectException($"Tolerance exceeded in error handler: {ErrorStages.NameOf(stage)} by {pluginName}: {error.Message}", error);
                return default;
            }
        }
    }

    private bool MayRetry(long began) => options.RetryTimeout < TimeSpan.Zero || time.GetElapsedTime(began) < options.RetryTimeout;

    private TimeSpan DelayAfter(int attempt, long began)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Min(attempt - 1, 30));
        if (delay > options.RetryDelayMax) delay = options.RetryDelayMax * (0.5 + (0.5 * random.NextDouble()));
        var left = options.RetryTimeout < TimeSpan.Zero ? delay : options.RetryTimeout - time.GetElapsedTime(began);
        return delay < left ? delay : left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
