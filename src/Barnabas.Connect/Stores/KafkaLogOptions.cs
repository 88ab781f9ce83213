using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;

namespace Barnabas.Connect.Stores;

/// <summary>Which topic a <see cref="KafkaLog"/> keeps, and by which clients.</summary>
/// <param name="Topic">The topic, as it is created where it is missing.</param>
/// <param name="Producer">The producer's options.</param>
/// <param name="Consumer">The consumer's options; it belongs to no group.</param>
/// <param name="Admin">The admin client's options.</param>
public sealed record KafkaLogOptions(NewTopic Topic, ProducerOptions Producer, ConsumerOptions Consumer, AdminClientOptions Admin);
