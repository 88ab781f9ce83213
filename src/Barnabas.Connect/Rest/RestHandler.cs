using System.Text;
using Barnabas.Configuration;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Herding;
using Barnabas.Transport.Http;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

/// <summary>Answers requests by a table of routes; another worker's are sent on to it, and errors have Kafka Connect's form.</summary>
/// <param name="routes">What there is.</param>
/// <param name="users">Who may ask; null for everybody.</param>
/// <param name="handle">The herder that answers.</param>
/// <param name="logger">Where failures of our own are told.</param>
internal sealed class RestHandler(RouteTable routes, BasicAuthentication? users, HerderHandle handle, ILogger logger) : IHttpHandler
{
    private static readonly byte[] Stranger = Encoding.ASCII.GetBytes("User cannot access the resource.");

    public HttpAnswer Refuse(HttpException error) => RestJson.Error(error.Status, error.Message);

    public async Task<HttpAnswer> AnswerAsync(HttpRequest request, CancellationToken stop)
    {
        RestContext? context = null;
        try
        {
            context = new RestContext(request, UrlText.Path(request.Path), stop);
            if (users?.Admits(request) == false && !routes.IsBetweenWorkers(context)) return Unauthorized();
            try
            {
                await routes.AnswerAsync(context);
            }
            catch (RequestTargetException target) when (handle.Others is { } others)
            {
                await Forwarding.ForwardAsync(context, target, others);
            }

            return context.Answer;
        }
        catch (RestException error)
        {
            var answer = RestJson.Error(error.Status, error.Message);
            answer.Allow = context?.Answer.Allow;
            return answer;
        }
        catch (HttpException error)
        {
            return RestJson.Error(error.Status, error.Message);
        }
        catch (ConfigException error)
        {
            return RestJson.Error(400, error.Message);
        }
        catch (TimeoutException)
        {
            return RestJson.Error(500, "Request timed out");
        }
        catch (Exception error) when (error is ConnectException or Protocol.KafkaException)
        {
            return RestJson.Error(500, error.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            RestLog.Failed(logger, request.Method, request.Path, error);
            return RestJson.Error(500, error.Message);
        }
    }

    private static HttpAnswer Unauthorized()
    {
        var answer = new HttpAnswer { Status = 401, ContentType = "text/plain", Body = Stranger };
        answer.AddHeader("WWW-Authenticate", "Basic");
        return answer;
    }
}
