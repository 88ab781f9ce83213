using Barnabas.Connect.File;
using Barnabas.Connect.Jdbc;
using Barnabas.Connect.Plugins;

namespace Barnabas.Connect.Tests;

public sealed class PluginCatalogTests
{
    [Fact]
    public void Connectors_of_an_assembly_are_asked_for_when_none_before_it_has_the_one_that_is_named()
    {
        var asked = 0;
        var catalog = new PluginCatalog(() => FilePlugins.All, () =>
        {
            asked++;
            return JdbcPlugins.All;
        });

        Assert.Equal("org.apache.kafka.connect.file.FileStreamSinkConnector", catalog.FindConnector("FileStreamSink")?.ClassName);
        Assert.Equal(0, asked);
        Assert.Equal("io.confluent.connect.jdbc.JdbcSinkConnector", catalog.FindConnector("JdbcSink")?.ClassName);
        Assert.Null(catalog.FindConnector("NoSuchConnector"));
        Assert.Equal(4, catalog.Connectors.Count);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void A_built_in_connector_stays_beside_one_of_a_plugin_with_its_name_and_connectors_are_in_the_order_of_their_names()
    {
        var plugins = new PluginSet();
        plugins.Connectors.Add(FilePlugins.All[0] with { Version = "of a plug-in" });
        plugins.Connectors.Add(FilePlugins.All[0] with { ClassName = "a.First", Aliases = [] });
        var catalog = new PluginCatalog(() => FilePlugins.All).With(plugins);

        Assert.Equal(["a.First", FilePlugins.All[1].ClassName, FilePlugins.All[0].ClassName], catalog.Connectors.Select(plugin => plugin.ClassName));
        Assert.NotEqual("of a plug-in", catalog.FindConnector(FilePlugins.All[0].ClassName)!.Version);
        Assert.DoesNotContain(catalog.Connectors, plugin => plugin.Version == "of a plug-in");
    }
}
