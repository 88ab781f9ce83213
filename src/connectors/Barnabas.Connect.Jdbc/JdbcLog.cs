using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Jdbc;

internal static partial class JdbcLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Attempt {Attempt} of {Attempts} to reach the database failed: {Reason}. The next is made in {Delay}.")]
    public static partial void ConnectionFailed(ILogger logger, int attempt, int attempts, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "The tables to read have changed: {Tables}. The tasks are made anew.")]
    public static partial void TablesChanged(ILogger logger, string tables);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The list of tables could not be read: {Reason}. It is tried again in {Delay}.")]
    public static partial void TablesNotRead(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No tables match the configuration; they are looked for again in {Delay}.")]
    public static partial void NoTables(ILogger logger, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the table {Table}: {Statement}")]
    public static partial void TableCreated(ILogger logger, string table, string statement);

    [LoggerMessage(Level = LogLevel.Information, Message = "Extended the table {Table}: {Statement}")]
    public static partial void TableExtended(ILogger logger, string table, string statement);
}
