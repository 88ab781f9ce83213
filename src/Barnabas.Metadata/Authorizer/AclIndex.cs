using Barnabas.Protocol.Acls;

namespace Barnabas.Metadata.Authorizer;

/// <summary>
/// The access control entries ordered for questions about one resource: by literal name and by prefix. Immutable; a
/// question looks up the name, <c>*</c>, and one prefix for each length that prefixes have.
/// </summary>
internal sealed class AclIndex
{
    private readonly Dictionary<ResourceType, Section> _sections = [];

    public AclIndex(IEnumerable<AclBinding> bindings)
    {
        foreach (var binding in bindings)
        {
            if (!_sections.TryGetValue(binding.ResourceType, out var section))
                _sections[binding.ResourceType] = section = new Section();
            section.Add(binding);
        }
    }

    public static AclIndex Empty { get; } = new([]);

    /// <summary>Decides over one action: any entry that denies is stronger than all that allow. <paramref name="rule"/> is the entry that decided.</summary>
    /// <returns>Null where no entry is about the resource.</returns>
    public bool? Decide(string principal, string host, AclOperation operation, ResourceType type, string name, out AclBinding? rule)
    {
        rule = null;
        if (!_sections.TryGetValue(type, out var section))
            return null;
        var decision = new Decision(principal, host, operation);
        decision.Look(section.Literal(name));
        if (name != AclBinding.Wildcard)
            decision.Look(section.Literal(AclBinding.Wildcard));
        foreach (var length in section.PrefixLengths)
        {
            if (length > name.Length)
                break;
            decision.Look(section.Prefix(name.AsSpan(0, length)));
        }
        rule = decision.Denying ?? decision.Allowing;
        return decision.Found ? decision.Denying is null && decision.Allowing is not null : null;
    }

    /// <summary>The entries about a kind of resource that say something of an operation itself, without what it is implied by.</summary>
    public IEnumerable<AclBinding> About(string principal, string host, AclOperation operation, ResourceType type) =>
        _sections.TryGetValue(type, out var section)
            ? section.All.Where(entry => IsMeant(entry, principal, host) && (entry.Operation == AclOperation.All || entry.Operation == operation))
            : [];

    private static bool IsMeant(AclBinding entry, string principal, string host) =>
        (entry.Principal == principal || entry.Principal == AclBinding.WildcardPrincipal) && (entry.Host == AclBinding.Wildcard || entry.Host == host);

    private static bool Covers(AclBinding entry, AclOperation operation)
    {
        if (entry.Operation == AclOperation.All || entry.Operation == operation)
            return true;
        // What is implied is implied by a right, not by the lack of one.
        return entry.PermissionType == AclPermissionType.Allow && operation switch
        {
            AclOperation.Describe => entry.Operation is AclOperation.Read or AclOperation.Write or AclOperation.Delete or AclOperation.Alter,
            AclOperation.DescribeConfigs => entry.Operation == AclOperation.AlterConfigs,
            _ => false,
        };
    }

    private struct Decision(string principal, string host, AclOperation operation)
    {
        public bool Found { get; private set; }

        public AclBinding? Denying { get; private set; }

        public AclBinding? Allowing { get; private set; }

        public void Look(List<AclBinding>? entries)
        {
            if (entries is null)
                return;
            Found = true;
            foreach (var entry in entries)
            {
                if (!IsMeant(entry, principal, host) || !Covers(entry, operation))
                    continue;
                if (entry.PermissionType == AclPermissionType.Deny)
                    Denying ??= entry;
                else
                    Allowing ??= entry;
            }
        }
    }

    private sealed class Section
    {
        private readonly Dictionary<string, List<AclBinding>> _literal = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<AclBinding>> _prefixed = new(StringComparer.Ordinal);

        public SortedSet<int> PrefixLengths { get; } = [];

        public IEnumerable<AclBinding> All => _literal.Values.Concat(_prefixed.Values).SelectMany(entries => entries);

        public List<AclBinding>? Literal(string name) => _literal.GetValueOrDefault(name);

        public List<AclBinding>? Prefix(ReadOnlySpan<char> name) =>
            _prefixed.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var entries) ? entries : null;

        public void Add(AclBinding binding)
        {
            var isPrefix = binding.PatternType == PatternType.Prefixed;
            var map = isPrefix ? _prefixed : _literal;
            if (!map.TryGetValue(binding.ResourceName, out var entries))
                map[binding.ResourceName] = entries = [];
            entries.Add(binding);
            if (isPrefix)
                PrefixLengths.Add(binding.ResourceName.Length);
        }
    }
}
