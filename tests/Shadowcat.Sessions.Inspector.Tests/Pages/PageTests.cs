using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Inspector.Tests.Pages;

/// <summary>The page and its files, as they are served.</summary>
public sealed partial class PageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_Served_MayRunItsOwnScriptsAlone()
    {
        await using var application = await InspectedApplication.StartAsync(new InMemorySessionStore());

        using var response = await application.SendAsync(HttpMethod.Get, "");
        var page = await response.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", $"{response.Content.Headers.ContentType}");
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            Header(response, "Content-Security-Policy"));
        Assert.Equal(("nosniff", "no-referrer", "no-cache"), (Header(response, "X-Content-Type-Options"), Header(response, "Referrer-Policy"), Header(response, "Cache-Control")));
        Assert.DoesNotMatch(@"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page);
        Assert.DoesNotMatch("(?:src|href)=\"(?:https?:)?//", page);
    }

    [Fact]
    public async Task Page_WithoutASlash_IsFoundWithOne()
    {
        await using var application = await InspectedApplication.StartAsync(new InMemorySessionStore());

        using var response = await application.SendAsync(HttpMethod.Get, "/sessions?x=1");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/sessions/?x=1", $"{response.Headers.Location}");
    }

    [Fact]
    public async Task Assets_OfThePage_AreCompressedAndKeptForEver()
    {
        await using var application = await InspectedApplication.StartAsync(new InMemorySessionStore());
        var page = await application.Client.GetStringAsync(new Uri("", UriKind.Relative), Ct);
        var files = Asset().Matches(page).Select(static match => match.Value).ToList();

        Assert.Equal(2, files.Count);
        foreach (var file in files)
        {
            using var plain = await application.SendAsync(HttpMethod.Get, file);
            using var brotli = await application.SendAsync(HttpMethod.Get, file, headers: ("Accept-Encoding", "gzip, deflate, br"));
            using var gzip = await application.SendAsync(HttpMethod.Get, file, headers: ("Accept-Encoding", "gzip"));
            var content = await plain.Content.ReadAsByteArrayAsync(Ct);

            Assert.Empty(plain.Content.Headers.ContentEncoding);
            Assert.Equal("public, max-age=31536000, immutable", Header(brotli, "Cache-Control"));
            Assert.Equal("Accept-Encoding", Header(brotli, "Vary"));
            Assert.Equal(content, await ReadAsync(new BrotliStream(await brotli.Content.ReadAsStreamAsync(Ct), CompressionMode.Decompress)));
            Assert.Equal(content, await ReadAsync(new GZipStream(await gzip.Content.ReadAsStreamAsync(Ct), CompressionMode.Decompress)));
        }
    }

    [Theory]
    [InlineData("assets/0000000000000000/main.js")]
    [InlineData("assets/{hash}/index.html")]
    [InlineData("assets/{hash}/none.js")]
    [InlineData("assets/{hash}/..%2f..%2fsecret")]
    [InlineData("assets/{hash}/")]
    public async Task Asset_OfAnotherVersionOrName_IsNotThereAndNotKept(string path)
    {
        await using var application = await InspectedApplication.StartAsync(new InMemorySessionStore());

        using var response = await application.SendAsync(HttpMethod.Get, path.Replace("{hash}", PageAssets.Embedded.Hash, StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.NotFound, "no-store"), (response.StatusCode, Header(response, "Cache-Control")));
    }

    /// <summary>What a browser loads, before anything of a recording.</summary>
    [Fact]
    public void Assets_Compressed_AreSmall()
    {
        const int MaxBytes = 150 * 1024;

        var compressed = PageAssets.Embedded.Files.Values.Append(PageAssets.Embedded.Page).Sum(static asset => asset.For("br").Body.Length);

        TestContext.Current.TestOutputHelper?.WriteLine($"{compressed} bytes");
        Assert.InRange(compressed, 1, MaxBytes);
    }

    [Fact]
    public void Scripts_Bundled_AreClassicCodeWithoutImports()
    {
        foreach (var (name, asset) in PageAssets.Embedded.Files.Where(static file => file.Key.EndsWith(".js", StringComparison.Ordinal)))
        {
            var text = System.Text.Encoding.UTF8.GetString(asset.Content);
            Assert.False(ImportOrExport().IsMatch(text), name);
            Assert.DoesNotContain("import(", text, StringComparison.Ordinal);
            Assert.DoesNotContain("eval(", text, StringComparison.Ordinal);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
            Assert.DoesNotContain("insertAdjacentHTML", text, StringComparison.Ordinal);
            Assert.DoesNotContain("document.write", text, StringComparison.Ordinal);
            var names = TopLevelName().Matches(text).Select(static match => match.Groups["name"].Value).ToList();
            Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        }
    }

    [Fact]
    public void Bundle_OfModules_HasEachOnceBehindWhatItImports()
    {
        var modules = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["main.js"] = "import { a, b } from \"./a.js\";\nimport { c } from \"./c.js\";\nexport const main = () => a(b, c);\n",
            ["a.js"] = "import { c } from \"./c.js\";\nexport function a() { return c; }\r\nexport class b {}\n",
            ["c.js"] = "/** import { x } from \"./x.js\"; */\nexport async function c() {}\nconst text = \"export const y\";\n",
        };

        var bundle = ModuleBundle.Of("main.js", name => modules[name]);

        Assert.Equal(
            "/** import { x } from \"./x.js\"; */\nasync function c() {}\nconst text = \"export const y\";\n\nfunction a() { return c; }\nclass b {}\n\nconst main = () => a(b, c);\n\n",
            bundle);
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.NonValidated[name]);

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        await using (stream)
        {
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, Ct);
            return content.ToArray();
        }
    }

    [GeneratedRegex("assets/[0-9a-f]{16}/[a-z.]+", RegexOptions.None, 1000)]
    private static partial Regex Asset();

    [GeneratedRegex(@"^(?:import|export)\b", RegexOptions.Multiline, 1000)]
    private static partial Regex ImportOrExport();

    [GeneratedRegex(@"^(?:async )?(?:function\*?|class|const|let|var) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TopLevelName();
}
