using Barnabas.Protocol;

namespace Barnabas.Client.Admin;

/// <summary>What became of one key of a call: a value or the error.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    /// <summary>It worked.</summary>
    public Outcome(T value) => _value = value;

    /// <summary>It did not.</summary>
    public Outcome(KafkaException error) => Error = error;

    /// <summary>Why it did not work; null when it did.</summary>
    public KafkaException? Error { get; }

    /// <summary>Whether there is a value.</summary>
    public bool IsSuccess => Error is null;

    /// <summary>The value.</summary>
    /// <exception cref="KafkaException">The error, when there is one.</exception>
    public T Value => Error is null ? _value! : throw Error;
}

/// <summary>For keys where there is nothing to say but that it worked.</summary>
public readonly struct Done;
