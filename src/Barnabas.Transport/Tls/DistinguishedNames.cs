using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Barnabas.Transport.Tls;

/// <summary>Writes the subject of a certificate as Java does (RFC 2253): <c>CN=alice,OU=users,O=Example</c>, the most specific part first.</summary>
public static class DistinguishedNames
{
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "STREET",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["0.9.2342.19200300.100.1.1"] = "UID",
    };

    /// <summary>The subject of a certificate.</summary>
    public static string SubjectOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var parts = new List<string>();
        var names = new AsnReader(certificate.SubjectName.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            var set = names.ReadSetOf();
            var values = new List<string>();
            while (set.HasData)
                values.Add(Attribute(set.ReadSequence()));
            parts.Add(string.Join('+', values));
        }
        parts.Reverse();
        return string.Join(',', parts);
    }

    private static string Attribute(AsnReader attribute)
    {
        var oid = attribute.ReadObjectIdentifier();
        var encoded = attribute.PeekEncodedValue();
        if (Keywords.TryGetValue(oid, out var keyword) && TryReadText(attribute, out var text))
            return $"{keyword}={Escape(text)}";
        return $"{oid}=#{Convert.ToHexString(encoded.Span).ToLower(CultureInfo.InvariantCulture)}";
    }

    private static bool TryReadText(AsnReader attribute, out string text)
    {
        var tag = attribute.PeekTag();
        text = "";
        if (tag.TagClass != TagClass.Universal)
            return false;
        var type = (UniversalTagNumber)tag.TagValue;
        if (type is not (UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.BMPString or UniversalTagNumber.T61String))
            return false;
        text = attribute.ReadCharacterString(type);
        return true;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var isEdgeSpace = text[i] == ' ' && (i == 0 || i == text.Length - 1);
            if (isEdgeSpace || ",+\"\\<>;".Contains(text[i], StringComparison.Ordinal) || (text[i] == '#' && i == 0))
                escaped.Append('\\');
            escaped.Append(text[i]);
        }
        return escaped.ToString();
    }
}
