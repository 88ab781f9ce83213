namespace Barnabas.Client.Tests.Contracts;

public sealed class Consumer_on_Apache_Kafka(Producer.ApacheKafka kafka) : ConsumerContract(new ApacheKafkaCluster(kafka));

public sealed class Groups_on_Apache_Kafka(Producer.ApacheKafka kafka) : GroupContract(new ApacheKafkaCluster(kafka));

public sealed class Members_on_Apache_Kafka(Producer.ApacheKafka kafka) : MembershipContract(new ApacheKafkaCluster(kafka));

public sealed class Admin_on_Apache_Kafka(Producer.ApacheKafka kafka) : AdminContract(new ApacheKafkaCluster(kafka));

public sealed class Sharing_on_Apache_Kafka(Producer.ApacheKafka kafka) : ShareContract(new ApacheKafkaCluster(kafka));
