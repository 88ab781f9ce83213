using System.Text;
using Barnabas.Transport.Http;

namespace Barnabas.Connect.Rest;

/// <summary>Has requests answered of users that are known. Those between workers pass: they are signed where they must be.</summary>
internal sealed class BasicAuthHandler(IHttpHandler inner, BasicAuthentication users) : IHttpHandler
{
    private static readonly byte[] Refusal = Encoding.ASCII.GetBytes("User cannot access the resource.");

    public HttpAnswer Refuse(HttpException error) => inner.Refuse(error);

    public Task<HttpAnswer> AnswerAsync(HttpRequest request, CancellationToken stop)
    {
        if (users.Admits(request) || IsBetweenWorkers(request)) return inner.AnswerAsync(request, stop);
        var answer = new HttpAnswer { Status = 401, ContentType = "text/plain", Body = Refusal };
        answer.AddHeader("WWW-Authenticate", "Basic");
        return Task.FromResult(answer);
    }

    private static bool IsBetweenWorkers(HttpRequest request)
    {
        if (request.Method is not ("POST" or "PUT")) return false;
        var path = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path is ["connectors", _, var last] && (request.Method, last) is ("POST", "tasks") or ("PUT", "fence");
    }
}
