using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Answers with what the page has to know before it shows anything.</summary>
internal sealed class InfoAnswer(SessionAccess access, SessionInspectorOptions options, DeletePermission permission, TimeProvider time)
{
    private const string PathOfInfo = "/api/info";

    private static readonly string Version = typeof(InfoAnswer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public async Task AnswerAsync(HttpContext context)
    {
        var canDelete = await permission.IsGrantedAsync(context).ConfigureAwait(false);
        var token = canDelete ? Antiforgery.Issue(context, BaseOf(context)) : null;
        await JsonAnswer.WriteAsync(context, json => Write(json, token)).ConfigureAwait(false);
    }

    private void Write(Utf8JsonWriter json, string? token)
    {
        json.WriteStartObject();
        json.WriteString("version", Version);
        json.WriteString("store", options.StoreDescription ?? access.Store.GetType().Name);
        json.WriteStartArray("stores");
        json.WriteStringValue(options.StoreName ?? "");
        json.WriteEndArray();
        json.WriteBoolean("canDelete", token is not null);
        json.WriteBoolean("canExport", options.AllowExport);
        json.WriteStartArray("exports");
        foreach (var format in options.AllowExport ? ExportAnswer.FormatsOf(options) : [])
        {
            json.WriteStringValue(format);
        }

        json.WriteEndArray();
        json.WriteBoolean("ownerOnly", options.OwnerOnly);
        json.WriteBoolean("changes", access.Store.GetService<ISessionChanges>() is not null);
        json.WriteString("replayCommand", options.ReplayCommand);
        json.WriteString("now", time.GetUtcNow().UtcDateTime);
        if (token is null)
        {
            json.WriteNull("antiforgery");
        }
        else
        {
            json.WriteStartObject("antiforgery");
            json.WriteString("header", Antiforgery.Header);
            json.WriteString("token", token);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Where the inspector is, as the browser sees it.</summary>
    private static string BaseOf(HttpContext context)
    {
        var path = $"{context.Request.PathBase}{context.Request.Path}";
        return path.EndsWith(PathOfInfo, StringComparison.OrdinalIgnoreCase) ? path[..^(PathOfInfo.Length - 1)] : "/";
    }
}
