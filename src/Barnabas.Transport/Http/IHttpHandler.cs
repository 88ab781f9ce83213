namespace Barnabas.Transport.Http;

/// <summary>What a server's requests are answered by. Called for several connections at a time.</summary>
public interface IHttpHandler
{
    /// <summary>Answers a request.</summary>
    /// <param name="request">The request, read to its end.</param>
    /// <param name="stop">The server does not wait any longer. What else is thrown closes the connection.</param>
    Task<HttpAnswer> AnswerAsync(HttpRequest request, CancellationToken stop);

    /// <summary>Answers what is no request, or more than is taken; the connection is closed after it.</summary>
    HttpAnswer Refuse(HttpException error);
}
