using System.Text.RegularExpressions;
using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class VerifiableToolsTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Both_tools_print_the_events_of_the_originals()
    {
        var written = await broker.RunAsync("kafka-verifiable-producer", "--topic", "verified", "--max-messages", "3", "--value-prefix", "7", "--repeating-keys", "2");
        Assert.Equal(
            "{'timestamp':T,'name':'startup_complete'}\n"
            + "{'timestamp':T,'name':'producer_send_success','key':'0','value':'7.0','offset':0,'topic':'verified','partition':0}\n"
            + "{'timestamp':T,'name':'producer_send_success','key':'1','value':'7.1','offset':1,'topic':'verified','partition':0}\n"
            + "{'timestamp':T,'name':'producer_send_success','key':'0','value':'7.2','offset':2,'topic':'verified','partition':0}\n"
            + "{'timestamp':T,'name':'shutdown_complete'}\n"
            + "{'timestamp':T,'name':'tool_data','sent':3,'acked':3,'target_throughput':-1,'avg_throughput':A}\n",
            Neutral(written.Out));
        var read = await broker.RunAsync("kafka-verifiable-consumer", "--topic", "verified", "--group-id", "verifying", "--max-messages", "3", "--verbose");
        Assert.Equal(
            "{'timestamp':T,'name':'startup_complete'}\n"
            + "{'timestamp':T,'name':'partitions_assigned','partitions':[{'topic':'verified','partition':0}]}\n"
            + "{'timestamp':T,'name':'record_data','key':'0','value':'7.0','topic':'verified','partition':0,'offset':0}\n"
            + "{'timestamp':T,'name':'record_data','key':'1','value':'7.1','topic':'verified','partition':0,'offset':1}\n"
            + "{'timestamp':T,'name':'record_data','key':'0','value':'7.2','topic':'verified','partition':0,'offset':2}\n"
            + "{'timestamp':T,'name':'records_consumed','count':3,'partitions':[{'topic':'verified','partition':0,'count':3,'minOffset':0,'maxOffset':2}]}\n"
            + "{'timestamp':T,'name':'offsets_committed','offsets':[{'topic':'verified','partition':0,'offset':3}],'success':true}\n"
            + "{'timestamp':T,'name':'partitions_revoked','partitions':[{'topic':'verified','partition':0}]}\n"
            + "{'timestamp':T,'name':'shutdown_complete'}\n"
            + "{'timestamp':T,'name':'shutdown_requested'}\n",
            Neutral(read.Out));
    }

    [Fact]
    public async Task A_record_that_is_not_stored_is_an_event()
    {
        var written = await broker.RunAsync("kafka-verifiable-producer", "--topic", "bad topic", "--max-messages", "1");
        Assert.Contains(
            "{'timestamp':T,'name':'producer_send_error','topic':'bad topic','key':null,'value':'0','exception':'class org.apache.kafka.common.errors.InvalidTopicException','message':'Invalid topics: [bad topic]'}\n",
            Neutral(written.Out), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("argument --acks: invalid choice: '5' (choose from {0,1,-1})", "--topic", "t", "--acks", "5")]
    [InlineData("argument --topic is required", "--acks", "1")]
    public async Task The_producers_arguments_are_checked(string expected, params string[] arguments)
    {
        var run = await broker.RunAsync("kafka-verifiable-producer", arguments);
        Assert.StartsWith("usage: verifiable-producer", run.Error, StringComparison.Ordinal);
        // Lines are broken and justified: blanks say nothing.
        Assert.EndsWith($":error:{expected.Replace(" ", "", StringComparison.Ordinal)}", Regex.Replace(run.Error, "\\s", ""), StringComparison.Ordinal);
        Assert.Equal(1, run.Status);
    }

    private static string Neutral(string text) =>
        Regex.Replace(Regex.Replace(text.Replace('"', '\''), "'timestamp':[0-9]+", "'timestamp':T"), "'avg_throughput':[0-9.E-]+", "'avg_throughput':A");
}
