namespace Barnabas.Fms.Analysis;

/// <summary>The mean of the last readings. Not for use by two threads at once.</summary>
internal sealed class MovingAverage(int window)
{
    private readonly double[] _values = new double[window];
    private double _sum;
    private int _next;
    private int _count;

    /// <summary>The mean so far; NaN before the first value.</summary>
    public double Mean => _count == 0 ? double.NaN : _sum / _count;

    /// <summary>Takes a value and gives the mean with it; NaN is passed over.</summary>
    public double Add(double value)
    {
        if (double.IsNaN(value))
            return Mean;
        if (_count == window)
            _sum -= _values[_next];
        else
            _count++;
        _values[_next] = value;
        _sum += value;
        if (++_next == window)
        {
            _next = 0;
            // Adding and taking away leaves rounding behind, which must not grow for ever.
            _sum = 0;
            foreach (var kept in _values)
                _sum += kept;
        }

        return Mean;
    }
}
