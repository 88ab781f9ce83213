namespace Barnabas.Client.Tests.Contracts;

public sealed class Consumer_on_Barnabas(BarnabasNode node) : ConsumerContract(node);

public sealed class Groups_on_Barnabas(BarnabasNode node) : GroupContract(node);

public sealed class Members_on_Barnabas(BarnabasNode node) : MembershipContract(node);

public sealed class Admin_on_Barnabas(BarnabasNode node) : AdminContract(node);

public sealed class Sharing_on_Barnabas(BarnabasNode node) : ShareContract(node);
