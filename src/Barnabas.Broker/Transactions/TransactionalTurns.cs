using System.Runtime.CompilerServices;
using Barnabas.Transport.Server;

namespace Barnabas.Broker.Transactions;

/// <summary>
/// Lets the transactional requests of a connection wait for each other, in the order in which they came. Entered from the connection's
/// read loop; a connection that sends none costs nothing.
/// </summary>
internal sealed class TransactionalTurns
{
    private readonly ConditionalWeakTable<ServerConnection, Turn> _last = [];

    /// <summary>The turn after the connection's last one. Dispose it when the next may go on.</summary>
    public Turn Enter(ServerConnection connection)
    {
        var turn = new Turn(_last.TryGetValue(connection, out var last) ? last.Done : Task.CompletedTask);
        _last.AddOrUpdate(connection, turn);
        return turn;
    }

    /// <summary>One request's turn.</summary>
    internal sealed class Turn(Task previous) : IDisposable
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the request before is through.</summary>
        public Task Previous { get; private set; } = previous;

        public Task Done => _done.Task;

        public void Dispose()
        {
            // The chain of turns is not to be kept alive by its last.
            Previous = Task.CompletedTask;
            _done.TrySetResult();
        }
    }
}
