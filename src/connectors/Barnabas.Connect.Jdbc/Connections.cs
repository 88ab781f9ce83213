using System.Data.Common;
using Barnabas.Connect.Config;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Jdbc.Dialects;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Jdbc;

/// <summary>Opens connections, several times where the database is not there yet.</summary>
internal sealed class Connections(IDatabaseDialect dialect, ConfigValues values, TimeProvider time, ILogger logger)
{
    /// <exception cref="ConnectException">The last try failed too.</exception>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var attempts = values.GetInt("connection.attempts");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await dialect.OpenAsync(cancellationToken);
            }
            catch (DbException error)
            {
                if (attempt >= attempts) throw new ConnectException($"The database cannot be reached after {attempts} attempt(s): {error.Message}", error);
                JdbcLog.ConnectionFailed(logger, attempt, attempts, error.Message, values.GetMilliseconds("connection.backoff.ms"));
                await Task.Delay(values.GetMilliseconds("connection.backoff.ms"), time, cancellationToken);
            }
        }
    }
}
