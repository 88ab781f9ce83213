using Barnabas.Storage.Disks;

namespace Barnabas.Storage.Tests.Disks;

/// <summary>What every disk promises.</summary>
public abstract class DiskContract
{
    internal abstract IDisk Disk { get; }

    internal abstract string Root { get; }

    [Fact]
    public void What_was_written_is_read_and_gaps_are_zeros()
    {
        using var file = Create("a");
        file.Write("hello"u8, 40_000);
        file.Write([(ReadOnlyMemory<byte>)"wo"u8.ToArray(), "rld"u8.ToArray()], 40_005);
        var bytes = new byte[40_020];
        Assert.Equal(40_010, file.Read(bytes, 0));
        Assert.Equal(40_010, file.Length);
        Assert.True(bytes.AsSpan(0, 40_000).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal("helloworld"u8, bytes.AsSpan(40_000, 10));
        Assert.Equal(0, file.Read(bytes, 50_000));
    }

    [Fact]
    public void What_was_cut_off_does_not_come_back()
    {
        using var file = Create("a");
        file.Write(Enumerable.Repeat((byte)7, 100_000).ToArray(), 0);
        file.SetLength(10);
        file.SetLength(100_000);
        var bytes = new byte[100_000];
        Assert.Equal(bytes.Length, file.Read(bytes, 0));
        Assert.True(bytes.AsSpan(0, 10).IndexOfAnyExcept((byte)7) < 0);
        Assert.True(bytes.AsSpan(10).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void An_open_file_outlives_its_name()
    {
        using var file = Create("a");
        file.Write("x"u8, 0);
        Disk.Rename(At("a"), At("b"));
        Assert.Equal((false, true), (Disk.FileExists(At("a")), Disk.FileExists(At("b"))));
        Assert.True(Disk.DeleteFile(At("b")));
        Assert.False(Disk.DeleteFile(At("b")));
        Assert.Equal(1, file.Length);
    }

    [Fact]
    public void Directories_list_their_entries_by_name_and_move_with_them()
    {
        Disk.CreateDirectory(At("d/e"));
        Create("d/z").Dispose();
        Create("d/b").Dispose();
        Disk.Rename(At("d"), At("f"));
        Assert.Equal([("b", false), ("e", true), ("z", false)], Disk.List(At("f")).Select(e => (e.Name, e.IsDirectory)));
        Assert.Throws<DirectoryNotFoundException>(() => Disk.List(At("d")));
        Disk.FlushDirectory(At("f"));
        Disk.DeleteDirectory(At("f"));
        Assert.False(Disk.DirectoryExists(At("f")));
    }

    [Fact]
    public void A_rename_replaces_what_was_there()
    {
        using (var a = Create("a"))
            a.Write("new"u8, 0);
        Create("b").Dispose();
        Disk.Rename(At("a"), At("b"));
        Assert.Equal("new", Disk.ReadAllText(At("b")));
        Assert.Throws<FileNotFoundException>(() => Disk.Open(At("a"), DiskFileMode.OpenExisting));
    }

    [Fact]
    public void Creating_a_file_anew_empties_it()
    {
        using (var a = Create("a"))
            a.Write("old"u8, 0);
        using var again = Create("a");
        Assert.Equal(0, again.Length);
    }

    private IDiskFile Create(string name) => Disk.Open(At(name), DiskFileMode.CreateOrTruncate);

    private string At(string name) => Path.Combine(Root, name);
}

/// <summary>The machine's file system.</summary>
public sealed class PhysicalDiskTests : DiskContract, IDisposable
{
    internal override IDisk Disk { get; } = new PhysicalDisk();

    internal override string Root { get; } = Directory.CreateTempSubdirectory("barnabas-disk-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>The file system in memory.</summary>
public sealed class MemoryDiskTests : DiskContract
{
    public MemoryDiskTests() => Disk.CreateDirectory(Root);

    internal override IDisk Disk { get; } = new MemoryDisk(TimeProvider.System);

    internal override string Root => "/data";

    [Fact]
    public void A_lock_is_held_once()
    {
        var held = Disk.TryLock("/data/.lock");
        Assert.NotNull(held);
        Assert.Null(Disk.TryLock("/data/.lock"));
        held.Dispose();
        Assert.NotNull(Disk.TryLock("/data/.lock"));
    }
}
