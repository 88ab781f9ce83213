namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>How numbers with a fixed number of digits are read (<c>numeric.mapping</c>).</summary>
public enum NumericMapping
{
    /// <summary>As Connect's Decimal.</summary>
    None,

    /// <summary>Whole numbers as the integer they fit; others as Decimal.</summary>
    PrecisionOnly,

    /// <summary>Whole numbers as the integer they fit, fractions as double where they fit; others as Decimal.</summary>
    BestFit,

    /// <summary>As <see cref="BestFit"/>, and numbers without a fixed scale as double.</summary>
    BestFitEagerDouble,
}
