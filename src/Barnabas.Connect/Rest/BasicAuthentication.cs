using System.Security.Cryptography;
using System.Text;
using Barnabas.Configuration;
using Barnabas.Configuration.Security;
using Barnabas.Connect.Worker;
using Barnabas.Transport.Http;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

/// <summary>
/// Users of the REST API by name and password (RFC 7617), as Kafka Connect's <c>BasicAuthSecurityRestExtension</c> has them: a
/// login file's entry <c>KafkaConnect</c> names a file with a line <c>name=password</c> for each. Immutable.
/// </summary>
public sealed class BasicAuthentication
{
    /// <summary>The key that turns it on.</summary>
    public const string ExtensionsKey = "rest.extension.classes";

    /// <summary>The key with the login, as <c>sasl.jaas.config</c> has one; the command line takes it from the login file.</summary>
    public const string LoginKey = "barnabas.rest.jaas.config";

    /// <summary>The entry of a login file that is meant.</summary>
    public const string LoginContext = "KafkaConnect";

    private const string Extension = "org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension";
    private const string LoginModule = "org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule";
    private const string Scheme = "Basic ";

    private readonly Dictionary<string, string> _users;

    private BasicAuthentication(Dictionary<string, string> users) => _users = users;

    /// <summary>As a worker is configured; null where everybody may use the REST API.</summary>
    /// <exception cref="ConfigException">Another extension is named, or the users cannot be read.</exception>
    internal static BasicAuthentication? Of(WorkerConfig config, ILogger logger)
    {
        var extensions = config.Values.GetList(ExtensionsKey);
        if (extensions.Count == 0) return null;
        if (extensions.FirstOrDefault(name => name != Extension) is { } other)
            throw new ConfigException(ExtensionsKey, other, $"Java classes cannot run here; {Extension} is there");
        var login = config.Values.FindString(LoginKey)
            ?? throw new ConfigException($"{Extension} needs an entry {LoginContext} in the login file that KAFKA_OPTS names by {LoginModules.FileProperty}FILE");
        var entry = JaasConfig.ParseSingle(LoginKey, login);
        if (entry.Module != LoginModule) throw new ConfigException(LoginKey, entry.Module, $"Java classes cannot run here; {LoginModule} is there");
        var file = entry["file"] ?? throw new ConfigException("Property Credentials file must be specified");
        try
        {
            var users = PropertiesFile.Load(file);
            // As with Apache Kafka's: nobody can be refused by an empty list.
            if (users.Count == 0) RestLog.NoUsers(logger, file);
            return new BasicAuthentication(users);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"Error loading Property Credentials file {file}: {error.Message}");
        }
    }

    /// <summary>Whether a request is of a user that is known; all are where no user is.</summary>
    public bool Admits(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_users.Count == 0) return true;
        if (request.Header("Authorization") is not { } given || !given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var bytes = new byte[given.Length];
        if (!Convert.TryFromBase64String(given[Scheme.Length..].Trim(), bytes, out var length)) return false;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && _users.TryGetValue(text[..colon], out var password)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(text[(colon + 1)..]));
    }
}
