using Barnabas.Protocol;

namespace Barnabas.Broker.Configuration;

/// <summary>What is answered for one resource of a change, where the controller is not asked.</summary>
/// <param name="Type">The resource's type.</param>
/// <param name="Name">Its name.</param>
/// <param name="Error">NONE, or why it is not changed.</param>
/// <param name="Message">Why, in words.</param>
internal readonly record struct ConfigRefusal(sbyte Type, string Name, ErrorCode Error, string? Message)
{
    /// <summary>Takes out of a request the resources that are refused.</summary>
    /// <param name="resources">The request's resources.</param>
    /// <param name="idOf">Type and name of one.</param>
    /// <param name="judge">Throws a <see cref="KafkaException"/> for one that is refused.</param>
    public static List<ConfigRefusal> Take<T>(List<T> resources, Func<T, (sbyte Type, string Name)> idOf, Action<T> judge)
    {
        var refused = new List<ConfigRefusal>();
        resources.RemoveAll(resource =>
        {
            try
            {
                judge(resource);
                return false;
            }
            catch (KafkaException e)
            {
                var (type, name) = idOf(resource);
                refused.Add(new(type, name, e.ErrorCode, e.Message));
                return true;
            }
        });
        return refused;
    }
}
