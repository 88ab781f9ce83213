namespace Barnabas.Connect.ErrorHandling;

/// <summary>Where on its way a record failed; the names stand in dead letters' headers.</summary>
public enum ErrorStage
{
    /// <summary>Bytes to key.</summary>
    KeyConverter,

    /// <summary>Bytes to value.</summary>
    ValueConverter,

    /// <summary>Headers.</summary>
    HeaderConverter,

    /// <summary>A transform.</summary>
    Transformation,

    /// <summary>The sink's put, reported by the task.</summary>
    TaskPut,

    /// <summary>The producer's send.</summary>
    KafkaProduce,
}

/// <summary>The names of stages as Kafka Connect writes them.</summary>
internal static class ErrorStages
{
    public static string NameOf(ErrorStage stage) => stage switch
    {
        ErrorStage.KeyConverter => "KEY_CONVERTER",
        ErrorStage.ValueConverter => "VALUE_CONVERTER",
        ErrorStage.HeaderConverter => "HEADER_CONVERTER",
        ErrorStage.Transformation => "TRANSFORMATION",
        ErrorStage.TaskPut => "TASK_PUT",
        _ => "KAFKA_PRODUCE",
    };
}
