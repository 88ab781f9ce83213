using System.Text.RegularExpressions;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Transport.Http;

namespace Barnabas.Connect.Rest;

/// <summary>
/// Which web pages may use the REST API from a browser: CORS, with <c>access.control.allow.origin</c> and
/// <c>access.control.allow.methods</c>. It keeps nobody out; browsers do, by what it tells them. Immutable.
/// </summary>
internal sealed class CrossOrigin
{
    /// <summary>The key with the origins: <c>*</c>, or regular expressions.</summary>
    public const string OriginsKey = "access.control.allow.origin";

    /// <summary>The key with the methods.</summary>
    public const string MethodsKey = "access.control.allow.methods";

    private const string UsualMethods = "GET,POST,HEAD";
    private const string Headers = "Content-Type";
    private const string PreflightSeconds = "60";
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(100);

    private readonly List<Regex> _origins = [];
    private readonly bool _allowsAny;
    private readonly string _methods;

    private CrossOrigin(IReadOnlyList<string> origins, string methods)
    {
        _allowsAny = origins.Contains("*");
        _methods = methods;
        foreach (var origin in _allowsAny ? [] : origins)
        {
            try
            {
                _origins.Add(new Regex($"^(?:{origin})$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, MatchTimeout));
            }
            catch (ArgumentException error)
            {
                throw new ConfigException(OriginsKey, origin, $"It is neither * nor a regular expression: {error.Message}");
            }
        }
    }

    /// <summary>By the values of both keys; null where no origin is allowed.</summary>
    /// <exception cref="ConfigException">An origin is no regular expression.</exception>
    public static CrossOrigin? Of(string origins, string methods)
    {
        var allowed = ConfigValue.SplitList(origins);
        var named = ConfigValue.SplitList(methods);
        return allowed.Count == 0 ? null : new CrossOrigin(allowed, named.Count == 0 ? UsualMethods : string.Join(",", named));
    }

    /// <summary>Tells the browser what it may do with the answer, or, where it asks before, with the request.</summary>
    public void Apply(HttpRequest request, HttpAnswer answer)
    {
        answer.AddHeader("Vary", "Origin");
        if (request.Header("Origin") is not { } origin || !Allows(origin)) return;
        answer.AddHeader("Access-Control-Allow-Origin", origin);
        if (request.Method != "OPTIONS" || request.Header("Access-Control-Request-Method") is null) return;
        answer.AddHeader("Access-Control-Allow-Methods", _methods);
        answer.AddHeader("Access-Control-Allow-Headers", Headers);
        answer.AddHeader("Access-Control-Max-Age", PreflightSeconds);
    }

    private bool Allows(string origins)
    {
        if (_allowsAny) return true;
        try
        {
            return origins.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(origin => _origins.Exists(allowed => allowed.IsMatch(origin)));
        }
        catch (RegexMatchTimeoutException)
        {
            // Made to take long: it is none of ours.
            return false;
        }
    }
}
