using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Providers;

namespace Barnabas.Configuration.Tests;

/// <summary>Variables in values, replaced by <c>config.providers</c>.</summary>
public sealed class ConfigVariablesTests : IDisposable
{
    private const string Package = "org.apache.kafka.common.config.provider.";

    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-variables-").FullName;
    private readonly string _file;

    public ConfigVariablesTests()
    {
        _file = Write("secrets.properties", "password=s3cret\nuser=alice\n");
        Write("token", "t0ken");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_a_folder_and_the_environment_give_values()
    {
        var resolved = Resolve("${file:" + _file + ":user}:${file:" + _file + ":password}@${dir:" + _folder + ":token}${env:PATH}",
            ("file", "FileConfigProvider"), ("dir", "DirectoryConfigProvider"), ("env", "EnvVarConfigProvider"));
        Assert.Equal("alice:s3cret@t0ken" + Environment.GetEnvironmentVariable("PATH"), resolved);
    }

    [Fact]
    public void What_is_no_variable_of_a_provider_stays_as_it_stands()
    {
        Assert.Equal("${topic} ${other:x:y} $1", Resolve("${topic} ${other:x:y} $1", ("file", "FileConfigProvider")));
        var properties = new Dictionary<string, string> { ["a"] = "${file:x:y}" };
        Assert.Same(properties, ConfigVariables.ResolveIn(properties));
    }

    [Theory]
    [InlineData("${file:/nowhere/at/all:x}", "Could not read properties from file /nowhere/at/all")]
    [InlineData("${file:FILE:missing}", "FILE has no key missing.")]
    [InlineData("${file:missing}", "The variable of missing names no file.")]
    [InlineData("${dir:FOLDER:missing}", "FOLDER has no file missing.")]
    [InlineData("${dir:FOLDER:../token}", "../token is no name of a file in FOLDER.")]
    [InlineData("${env:BARNABAS_IS_NOT_SET}", "The environment variable BARNABAS_IS_NOT_SET is not set.")]
    [InlineData("${env:path:PATH}", "Path is not supported for EnvVarConfigProvider, invalid value 'path'")]
    public void A_variable_without_a_value_is_refused_by_name(string value, string message)
    {
        var error = Assert.Throws<ConfigException>(() => Resolve(Named(value), ("file", "FileConfigProvider"), ("dir", "DirectoryConfigProvider"), ("env", "EnvVarConfigProvider")));
        Assert.StartsWith(Named(message), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_outside_the_allowed_paths_are_not_read()
    {
        var allowed = Directory.CreateDirectory(Path.Combine(_folder, "allowed")).FullName;
        File.WriteAllText(Path.Combine(allowed, "key"), "value");
        (string, string)[] providers = [("dir", "DirectoryConfigProvider"), ("file", "FileConfigProvider"), ("dir.param.allowed.paths", allowed), ("file.param.allowed.paths", allowed)];
        Assert.Equal("value", Resolve("${dir:" + allowed + ":key}", providers));
        foreach (var value in (string[])["${dir:" + _folder + ":token}", "${dir:" + allowed + "/..:token}", "${file:" + _file + ":password}", "${dir:" + allowed + "s:key}"])
        {
            var error = Assert.Throws<ConfigException>(() => Resolve(value, providers));
            Assert.Contains("is not allowed to be accessed", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/nowhere/at/all")]
    public void An_allowed_path_must_be_absolute_and_exist(string path)
    {
        var error = Assert.Throws<ConfigException>(() => Resolve("x", ("file", "FileConfigProvider"), ("file.param.allowed.paths", path)));
        Assert.Equal($"Path {path} is not valid. The path should be absolute and exist", error.Message);
    }

    [Fact]
    public void The_environment_shows_only_what_the_allowlist_fits()
    {
        (string, string)[] providers = [("env", "EnvVarConfigProvider"), ("env.param.allowlist.pattern", "PA.H")];
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), Resolve("${env:PATH}", providers));
        Assert.Contains("is not allowed to be accessed", Assert.Throws<ConfigException>(() => Resolve("${env:HOME}", providers)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_needs_a_class_that_is_known()
    {
        Assert.Equal(
            "Missing required configuration \"config.providers.file.class\" which has no default value.",
            Assert.Throws<ConfigException>(() => ConfigVariables.Of(new Dictionary<string, string> { ["config.providers"] = "file" })).Message);
        Assert.Contains("Class com.acme.Vault could not be found.", Assert.Throws<ConfigException>(() => ConfigVariables.Of(new Dictionary<string, string>
        {
            ["config.providers"] = "vault",
            ["config.providers.vault.class"] = "com.acme.Vault",
        })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_starts_with_values_from_a_file()
    {
        var config = Broker(("ssl.keystore.password", "${file:" + _file + ":password}"), ("config.providers", "file"));
        Assert.Equal("s3cret", config.GetString("ssl.keystore.password"));
    }

    [Fact]
    public void A_value_set_at_run_time_may_name_a_file_and_is_kept_as_it_was_set()
    {
        const string key = "listener.name.external.ssl.keystore.password";
        var variable = "${file:" + _file + ":password}";
        var config = Broker(("config.providers", "file")).WithDynamic(new Dictionary<string, string> { [key] = variable }, new Dictionary<string, string>());
        Assert.True(config.TryGetRaw(key, out var value));
        Assert.Equal("s3cret", value);
        Assert.Equal(variable, config.DynamicBrokerProperties[key]);
    }

    [Fact]
    public void A_provider_set_at_run_time_reads_no_files()
    {
        var set = new Dictionary<string, string> { ["ssl.keystore.location"] = "${file:" + _file + ":password}", ["config.providers"] = "file", ["config.providers.file.class"] = Package + "FileConfigProvider" };
        var config = Broker().WithDynamic(set, set);
        Assert.Equal(set["ssl.keystore.location"], config.GetString("ssl.keystore.location"));
    }

    private static BrokerConfig Broker(params (string Key, string Value)[] settings)
    {
        var properties = new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = "1",
            ["controller.quorum.bootstrap.servers"] = "localhost:9093",
            ["listeners"] = "PLAINTEXT://:9092,CONTROLLER://:9093",
            ["controller.listener.names"] = "CONTROLLER",
            ["config.providers.file.class"] = Package + "FileConfigProvider",
        };
        foreach (var (key, value) in settings)
            properties[key] = value;
        return BrokerConfig.Create(properties);
    }

    private static string Resolve(string value, params (string Name, string Class)[] providers)
    {
        var properties = new Dictionary<string, string> { ["value"] = value, ["config.providers"] = string.Join(",", providers.Select(provider => provider.Name).Where(name => !name.Contains('.', StringComparison.Ordinal))) };
        foreach (var (name, setting) in providers)
        {
            if (name.Contains('.', StringComparison.Ordinal)) properties["config.providers." + name] = setting;
            else properties[$"config.providers.{name}.class"] = Package + setting;
        }

        return ConfigVariables.ResolveIn(properties)["value"];
    }

    private string Named(string text) => text.Replace("FILE", _file, StringComparison.Ordinal).Replace("FOLDER", _folder, StringComparison.Ordinal);

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
