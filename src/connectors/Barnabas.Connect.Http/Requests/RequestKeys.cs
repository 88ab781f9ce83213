using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;

namespace Barnabas.Connect.Http.Requests;

/// <summary>The keys that source and sink share: who asks, how long, and how often.</summary>
internal static class RequestKeys
{
    public const string AuthType = "auth.type";
    public const string User = "connection.user";
    public const string Password = "connection.password";
    public const string Token = "bearer.token";
    public const string CaLocation = "ssl.ca.location";
    public const string ConnectTimeout = "connect.timeout.ms";
    public const string RequestTimeout = "request.timeout.ms";
    public const string MaxRetries = "max.retries";
    public const string Backoff = "retry.backoff.ms";
    public const string BackoffMax = "retry.backoff.max.ms";
    public const string RetryOn = "retry.on.status.codes";
    public const string MaxResponseBytes = "http.response.max.bytes";

    private const string Connection = "Connection";
    private const string Retries = "Retries";

    /// <summary>The shared keys, with a source's or sink's own number of tries.</summary>
    public static ConfigDef Define(string maxRetries) => new ConfigDef()
        .Define(new(AuthType, ConfigType.String) { Default = "NONE", Validator = ConfigValidators.OneOfIgnoringCase("NONE", "BASIC", "BEARER"), Importance = ConfigImportance.High, Group = Connection, Order = 1, DisplayName = "Authentication", Documentation = "How requests are authenticated: NONE, BASIC with user and password, or BEARER with a token." })
        .Define(new(User, ConfigType.String) { Default = null, Group = Connection, Order = 2, DisplayName = "User", Documentation = "The user, for BASIC." })
        .Define(new(Password, ConfigType.Password) { Default = null, Group = Connection, Order = 3, DisplayName = "Password", Documentation = "The user's password, for BASIC." })
        .Define(new(Token, ConfigType.Password) { Default = null, Group = Connection, Order = 4, DisplayName = "Token", Documentation = "The token, for BEARER." })
        .Define(new(CaLocation, ConfigType.String) { Default = null, Importance = ConfigImportance.Low, Group = Connection, Order = 5, DisplayName = "CA certificates", Documentation = "A PEM file of the authorities whose servers are trusted over https; the system's where it is not given." })
        .Define(new(ConnectTimeout, ConfigType.Int) { Default = "30000", Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.Low, Group = Connection, Order = 6, DisplayName = "Connect time-out", Documentation = "How long a connection may take, in milliseconds." })
        .Define(new(RequestTimeout, ConfigType.Int) { Default = "30000", Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.Low, Group = Connection, Order = 7, DisplayName = "Request time-out", Documentation = "How long a request may take until the end of its answer, in milliseconds." })
        .Define(new(MaxResponseBytes, ConfigType.Int) { Default = "10485760", Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.Low, Group = Connection, Order = 8, DisplayName = "Largest answer", Documentation = "The largest body of an answer, in bytes after decompression; a larger one is an error." })
        .Define(new(MaxRetries, ConfigType.Int) { Default = maxRetries, Validator = ConfigValidators.AtLeast("0"), Group = Retries, Order = 1, DisplayName = "Retries", Documentation = "How often a failed request is made again: one that had no answer, or one of retry.on.status.codes." })
        .Define(new(Backoff, ConfigType.Int) { Default = "3000", Validator = ConfigValidators.AtLeast("0"), Group = Retries, Order = 2, DisplayName = "Back-off", Documentation = "The wait before the first retry, in milliseconds; it doubles with each further one, and a Retry-After of the server is kept to." })
        .Define(new(BackoffMax, ConfigType.Int) { Default = "60000", Validator = ConfigValidators.AtLeast("0"), Importance = ConfigImportance.Low, Group = Retries, Order = 3, DisplayName = "Longest back-off", Documentation = "The longest wait before a retry, in milliseconds." })
        .Define(new(RetryOn, ConfigType.List) { Default = "408,429,500-599", Validator = StatusRanges.Validator, Group = Retries, Order = 4, DisplayName = "Retried status codes", Documentation = "The status codes, and ranges of them, that are worth another try." });

    /// <summary>What is wrong with the values together; by key.</summary>
    public static Dictionary<string, string> ValidateTogether(IReadOnlyDictionary<string, string> configs)
    {
        var errors = new Dictionary<string, string>();
        var type = configs.GetValueOrDefault(AuthType, "").Trim().ToUpperInvariant();
        if (type == "BASIC" && configs.GetValueOrDefault(User, "").Length == 0) errors[User] = $"{User} must be given for {AuthType}=BASIC";
        if (type == "BEARER" && configs.GetValueOrDefault(Token, "").Length == 0) errors[Token] = $"{Token} must be given for {AuthType}=BEARER";
        return errors;
    }
}
