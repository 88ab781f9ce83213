using Barnabas.Configuration;
using Barnabas.Examples.Sensors;
using Barnabas.Protocol;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    return args switch
    {
        ["rows", _, ..] => Rows.Print(args[1..], Console.Out),
        ["produce", var bootstrap, var topic, _, ..] => await SensorProducer.RunAsync(bootstrap, topic, args[3..], stop.Token),
        ["consume", var bootstrap, var topic, var group, var count] when int.TryParse(count, out var rows) => await SensorConsumer.RunAsync(bootstrap, topic, group, rows, stop.Token),
        ["transform", var bootstrap, var source, var target, var name] => await SensorTransformer.RunAsync(bootstrap, source, target, name, stop.Token),
        _ => Usage(),
    };
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("sensors: interrupted");
    return 130;
}
catch (Exception e) when (e is KafkaException or ConfigException or IOException or UnauthorizedAccessException or FormatException)
{
    Console.Error.WriteLine($"sensors: {e.Message}");
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine("""
        sensors rows FILE...                                  print the rows of CSV files as KEY TAB JSON
        sensors produce BOOTSTRAP TOPIC FILE...               send the rows of CSV files, or lines KEY TAB VALUE of other files
        sensors consume BOOTSTRAP TOPIC GROUP COUNT           read that many rows as a member of a group, print and commit them
        sensors transform BOOTSTRAP SOURCE TARGET NAME        read a topic to its end and write it to another, exactly once (transactional id and group NAME)
        A folder stands for all CSV files in it. CODEC=none|gzip|snappy|lz4|zstd sets the compression.
        """);
    return 2;
}
