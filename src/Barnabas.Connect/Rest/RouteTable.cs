using System.Text;
using Barnabas.Connect.Herding;

namespace Barnabas.Connect.Rest;

/// <summary>Which method of which path is answered by what. Filled at the start, then read only.</summary>
internal sealed class RouteTable
{
    private readonly List<Route> _routes = [];

    public void Get(string path, Func<RestContext, Task> handler) => Add("GET", path, handler);

    /// <param name="path">The path.</param>
    /// <param name="handler">What answers.</param>
    /// <param name="isBetweenWorkers">Whether workers ask for it: they are known by a signature, not as users.</param>
    public void Post(string path, Func<RestContext, Task> handler, bool isBetweenWorkers = false) => Add("POST", path, handler, isBetweenWorkers);

    /// <param name="path">The path.</param>
    /// <param name="handler">What answers.</param>
    /// <param name="isBetweenWorkers">Whether workers ask for it: they are known by a signature, not as users.</param>
    public void Put(string path, Func<RestContext, Task> handler, bool isBetweenWorkers = false) => Add("PUT", path, handler, isBetweenWorkers);

    public void Patch(string path, Func<RestContext, Task> handler) => Add("PATCH", path, handler);

    public void Delete(string path, Func<RestContext, Task> handler) => Add("DELETE", path, handler);

    /// <summary>Whether a request is one of those that workers send each other.</summary>
    public bool IsBetweenWorkers(RestContext context) =>
        _routes.Exists(route => route.IsBetweenWorkers && route.Method == context.Request.Method && route.Fits(context.Path));

    /// <summary>Has a request answered.</summary>
    /// <exception cref="RestException">There is nothing at the path (404), or not by that method (405).</exception>
    public Task AnswerAsync(RestContext context)
    {
        var method = context.Request.Method == "HEAD" ? "GET" : context.Request.Method;
        List<string> methods = [];
        foreach (var route in _routes)
        {
            if (!route.Fits(context.Path)) continue;
            if (route.Method == method)
            {
                route.Take(context);
                return route.Handler(context);
            }

            methods.Add(route.Method);
        }

        if (methods.Count == 0) throw new RestException(404, "HTTP 404 Not Found");
        if (methods.Contains("GET")) methods.Add("HEAD");
        context.Answer.Allow = string.Join(",", methods.Append("OPTIONS"));
        if (method != "OPTIONS") throw new RestException(405, "HTTP 405 Method Not Allowed");
        context.Answer.ContentType = "text/plain";
        context.Answer.Body = Encoding.ASCII.GetBytes(string.Join(", ", methods.Append("OPTIONS")));
        return Task.CompletedTask;
    }

    // A segment in braces is a parameter.
    private void Add(string method, string path, Func<RestContext, Task> handler, bool isBetweenWorkers = false) =>
        _routes.Add(new Route(method, path.Split('/', StringSplitOptions.RemoveEmptyEntries), handler, isBetweenWorkers));

    private sealed record Route(string Method, string[] Segments, Func<RestContext, Task> Handler, bool IsBetweenWorkers)
    {
        public bool Fits(IReadOnlyList<string> path)
        {
            if (path.Count != Segments.Length) return false;
            for (var i = 0; i < Segments.Length; i++)
                if (!IsParameter(Segments[i]) && Segments[i] != path[i]) return false;
            return true;
        }

        public void Take(RestContext context)
        {
            for (var i = 0; i < Segments.Length; i++)
                if (IsParameter(Segments[i])) context.Set(Segments[i][1..^1], context.Path[i]);
        }

        private static bool IsParameter(string segment) => segment[0] == '{';
    }
}
