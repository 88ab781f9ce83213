using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Authorizer;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;
using static Barnabas.Protocol.Acls.AclOperation;
using static Barnabas.Protocol.Acls.AclPermissionType;
using static Barnabas.Protocol.Acls.PatternType;

namespace Barnabas.Metadata.Tests.Authorizer;

public sealed class StandardAuthorizerTests
{
    private const string Here = "10.0.0.1";
    private static readonly KafkaPrincipal Alice = KafkaPrincipal.User("alice");

    [Fact]
    public void Without_entries_only_super_users_may_do_anything()
    {
        var authorizer = With([], superUsers: "User:root");
        Assert.True(May(authorizer, KafkaPrincipal.User("root"), Write, "t"));
        Assert.False(May(authorizer, Alice, Write, "t"));
    }

    [Fact]
    public void What_no_entry_is_about_is_allowed_where_that_is_configured()
    {
        var authorizer = With([Topic("t", Literal, "User:bob", Read)], allowsWithoutAcls: true);
        Assert.True(May(authorizer, Alice, Write, "other"));
        Assert.False(May(authorizer, Alice, Read, "t"));
    }

    [Theory]
    [InlineData("orders", true)]
    [InlineData("orders-eu", false)]
    public void A_literal_entry_is_about_its_name_alone(string topic, bool allowed) =>
        Assert.Equal(allowed, May(With([Topic("orders", Literal, "User:alice", Read)]), Alice, Read, topic));

    [Theory]
    [InlineData("orders", true)]
    [InlineData("orders-eu", true)]
    [InlineData("order", false)]
    public void A_prefixed_entry_is_about_every_name_that_begins_so(string topic, bool allowed) =>
        Assert.Equal(allowed, May(With([Topic("orders", Prefixed, "User:alice", Read), Topic("o", Prefixed, "User:bob", Read)]), Alice, Read, topic));

    [Fact]
    public void A_denial_anywhere_is_stronger_than_every_allowance()
    {
        foreach (var denial in (AclBinding[])[Topic("*", Literal, "User:alice", Read, Deny), Topic("or", Prefixed, "User:*", All, Deny), Topic("orders", Literal, "User:alice", Read, Deny)])
        {
            var authorizer = With([denial, Topic("orders", Literal, "User:alice", All), Topic("*", Literal, "User:*", All)]);
            Assert.False(May(authorizer, Alice, Read, "orders"));
        }
    }

    [Fact]
    public void Entries_bind_principals_and_hosts()
    {
        var authorizer = With([Topic("t", Literal, "User:*", Read) with { Host = Here }]);
        Assert.True(May(authorizer, Alice, Read, "t"));
        Assert.False(May(authorizer, Alice, Read, "t", "10.0.0.2"));
        Assert.False(May(With([Topic("t", Literal, "User:bob", Read)]), Alice, Read, "t"));
    }

    [Theory]
    [InlineData(Read, Describe, true)]
    [InlineData(Write, Describe, true)]
    [InlineData(Delete, Describe, true)]
    [InlineData(Alter, Describe, true)]
    [InlineData(AlterConfigs, DescribeConfigs, true)]
    [InlineData(Create, Describe, false)]
    [InlineData(Read, DescribeConfigs, false)]
    [InlineData(Read, Write, false)]
    public void Rights_imply_seeing(AclOperation given, AclOperation asked, bool allowed) =>
        Assert.Equal(allowed, May(With([Topic("t", Literal, "User:alice", given)]), Alice, asked, "t"));

    [Fact]
    public void A_denied_right_does_not_deny_what_it_would_imply()
    {
        var authorizer = With([Topic("t", Literal, "User:alice", Read, Deny), Topic("t", Literal, "User:alice", Write)]);
        Assert.True(May(authorizer, Alice, Describe, "t"));
        Assert.False(May(authorizer, Alice, Read, "t"));
    }

    [Fact]
    public void A_right_to_some_topic_counts_unless_denials_cover_it()
    {
        Assert.True(Some([Topic("t", Literal, "User:alice", Write)]));
        Assert.True(Some([Topic("t", Prefixed, "User:alice", Write), Topic("tt", Prefixed, "User:alice", Write, Deny)]));
        Assert.False(Some([Topic("tt", Literal, "User:alice", Write), Topic("t", Prefixed, "User:alice", Write, Deny)]));
        Assert.False(Some([Topic("t", Literal, "User:alice", Write), Topic("t", Literal, "User:alice", Write, Deny)]));
        Assert.False(Some([Topic("t", Literal, "User:alice", Write), Topic("*", Literal, "User:alice", Write, Deny)]));
        Assert.False(Some([Topic("t", Literal, "User:alice", Read)]));
        static bool Some(AclBinding[] entries) => With(entries).IsAllowedOnSome(Alice, Here, Write, ResourceType.Topic);
    }

    [Theory]
    [InlineData("org.apache.kafka.metadata.authorizer.StandardAuthorizer", true)]
    [InlineData("kafka.security.authorizer.AclAuthorizer", true)]
    [InlineData("", false)]
    public void The_authorizer_is_chosen_by_its_class_name(string name, bool exists) => Assert.Equal(exists, AuthorizerOptions.Read(Config(name)) is not null);

    [Fact]
    public void Other_authorizers_are_refused() => Assert.Throws<ConfigException>(() => AuthorizerOptions.Read(Config("com.example.Mine")));

    [Fact]
    public void Super_users_are_read_from_the_configuration()
    {
        var options = AuthorizerOptions.Read(Config("org.apache.kafka.metadata.authorizer.StandardAuthorizer", ("super.users", "User:root; User:CN=a,O=b"), ("allow.everyone.if.no.acl.found", "true")))!;
        Assert.Equal(["User:CN=a,O=b", "User:root"], options.SuperUsers.Order());
        Assert.True(options.AllowsWithoutAcls);
    }

    [Fact]
    public void Random_entries_are_decided_as_by_looking_at_each()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] names = ["a", "ab", "abc", "b", "*"];
        for (var round = 0; round < 300; round++)
        {
            var entries = Enumerable.Range(0, random.Next(6)).Select(_ => Topic(
                names[random.Next(5)], random.Next(2) == 0 ? Literal : Prefixed, random.Next(3) == 0 ? "User:*" : "User:alice",
                (AclOperation)random.Next(2, 9), random.Next(4) == 0 ? Deny : Allow)).Distinct().ToArray();
            var name = names[random.Next(4)];
            var operation = (AclOperation)random.Next(3, 9);
            var about = entries.Where(e => e.PatternType == Prefixed ? name.StartsWith(e.ResourceName, StringComparison.Ordinal) : e.ResourceName == name || e.ResourceName == "*").ToList();
            var denied = about.Exists(e => e.PermissionType == Deny && (e.Operation == operation || e.Operation == All));
            var allowed = about.Exists(e => e.PermissionType == Allow && (e.Operation == operation || e.Operation == All
                || (operation == Describe && e.Operation is Read or Write or Delete or Alter && operation == Describe)));
            Assert.True(May(With(entries), Alice, operation, name) == (allowed && !denied), $"seed {seed}, round {round}: {operation} {name} by {string.Join("; ", entries.AsEnumerable())}");
        }
    }

    private static bool May(StandardAuthorizer authorizer, KafkaPrincipal who, AclOperation operation, string topic, string host = Here) =>
        authorizer.IsAllowed(who, host, operation, ResourceType.Topic, topic, "test", logIfDenied: true);

    private static AclBinding Topic(string name, PatternType pattern, string principal, AclOperation operation, AclPermissionType permission = Allow) =>
        new(ResourceType.Topic, name, pattern, principal, "*", operation, permission);

    private static StandardAuthorizer With(AclBinding[] entries, string superUsers = "User:root", bool allowsWithoutAcls = false)
    {
        var delta = new MetadataDelta(MetadataImage.Empty);
        var random = new Random(1);
        foreach (var entry in entries)
        {
            delta.Replay(new AccessControlEntryRecord
            {
                Id = Uuid.Random(random),
                ResourceType = (sbyte)entry.ResourceType,
                ResourceName = entry.ResourceName,
                PatternType = (sbyte)entry.PatternType,
                Principal = entry.Principal,
                Host = entry.Host,
                Operation = (sbyte)entry.Operation,
                PermissionType = (sbyte)entry.PermissionType,
            }, 0);
        }
        var authorizer = new StandardAuthorizer(new AuthorizerOptions(new HashSet<string> { superUsers }, allowsWithoutAcls), NullLogger.Instance);
        authorizer.Apply(delta.Apply(new MetadataProvenance(0, 0, 0)).Acls);
        return authorizer;
    }

    private static BrokerConfig Config(string authorizer, params (string Key, string Value)[] more)
    {
        var properties = new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = "1",
            ["listeners"] = "PLAINTEXT://localhost:0,CONTROLLER://localhost:0",
            ["controller.listener.names"] = "CONTROLLER",
            ["controller.quorum.voters"] = "1@localhost:9093",
            ["authorizer.class.name"] = authorizer,
        };
        foreach (var (key, value) in more)
            properties[key] = value;
        return BrokerConfig.Create(properties);
    }
}
