using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>The names of the model's values in what is written for programs.</summary>
internal static class JsonWord
{
    /// <summary>A value as a word in camel case, such as <c>streamableHttp</c>.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName($"{value}");
}
