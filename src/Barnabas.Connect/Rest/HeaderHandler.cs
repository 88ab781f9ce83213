using Barnabas.Transport.Http;

namespace Barnabas.Connect.Rest;

/// <summary>Adds to the answers of another handler what the worker's configuration wants in all of them.</summary>
internal sealed class HeaderHandler(IHttpHandler inner, ResponseHeaders headers, CrossOrigin? origins, TimeProvider time) : IHttpHandler
{
    public HttpAnswer Refuse(HttpException error) => inner.Refuse(error);

    public async Task<HttpAnswer> AnswerAsync(HttpRequest request, CancellationToken stop)
    {
        var answer = await inner.AnswerAsync(request, stop);
        headers.Apply(answer, time.GetUtcNow());
        origins?.Apply(request, answer);
        return answer;
    }
}
