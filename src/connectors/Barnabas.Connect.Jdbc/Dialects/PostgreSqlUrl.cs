using Barnabas.Configuration;
using Npgsql;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>Turns <c>jdbc:postgresql://host:port/database?…</c> into an Npgsql connection string.</summary>
internal static class PostgreSqlUrl
{
    private const string Prefix = "jdbc:postgresql:";
    private const string GssEncryption = "GSS Encryption Mode";

    /// <exception cref="ConfigException">The URL is not valid.</exception>
    public static string ToConnectionString(string url, string? user, string? password)
    {
        try
        {
            var builder = url.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? OfUrl(url[Prefix.Length..]) : new NpgsqlConnectionStringBuilder(url);
            if (user is not null) builder.Username = user;
            if (password is not null) builder.Password = password;
            builder.ApplicationName ??= "barnabas-connect";
            // A worker with many idle connectors holds few connections.
            builder.Pooling = false;
            // ContainsKey would say whether there is such a keyword, not whether it is given.
            // Asking for Kerberos' encryption loads its libraries for a server that hardly ever has it.
            if (!builder.ShouldSerialize(GssEncryption)) builder.GssEncryptionMode = GssEncryptionMode.Disable;
            // A row that ends in the next read costs a system call.
            if (!builder.ShouldSerialize("Read Buffer Size")) builder.ReadBufferSize = 64 * 1024;
            return builder.ConnectionString;
        }
        catch (Exception error) when (error is ArgumentException or UriFormatException or FormatException)
        {
            throw new ConfigException("connection.url", "[hidden]", "it is neither jdbc:postgresql://host:port/database nor an Npgsql connection string: " + error.Message);
        }
    }

    private static NpgsqlConnectionStringBuilder OfUrl(string rest)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = "localhost" };
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? rest : rest[..question];
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = path.IndexOf('/', 2);
            var hosts = slash < 0 ? path[2..] : path[2..slash];
            builder.Host = hosts;
            if (!hosts.Contains(',', StringComparison.Ordinal) && hosts.LastIndexOf(':') is > 0 and var colon)
            {
                builder.Host = hosts[..colon].Trim('[', ']');
                builder.Port = int.Parse(hosts.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
            }

            path = slash < 0 ? "" : path[(slash + 1)..];
        }

        if (path.Length > 0) builder.Database = Uri.UnescapeDataString(path);
        if (question >= 0) Parameters(builder, rest[(question + 1)..]);
        return builder;
    }

    private static void Parameters(NpgsqlConnectionStringBuilder builder, string query)
    {
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (pair, "true") : (pair[..equals], Uri.UnescapeDataString(pair[(equals + 1)..]));
            switch (name)
            {
                case "user": builder.Username = value; break;
                case "password": builder.Password = value; break;
                case "ssl": builder.SslMode = value == "false" ? SslMode.Disable : SslMode.Require; break;
                case "sslmode": builder.SslMode = Enum.Parse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true); break;
                case "gssEncMode": builder.GssEncryptionMode = value is "disable" or "allow" ? GssEncryptionMode.Disable : Enum.Parse<GssEncryptionMode>(value, ignoreCase: true); break;
                case "currentSchema": builder.SearchPath = value; break;
                case "ApplicationName": builder.ApplicationName = value; break;
                case "connectTimeout": builder.Timeout = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture); break;
                default: break; // What only Java's driver knows changes nothing here.
            }
        }
    }
}
