namespace Shadowcat.Sessions;

/// <summary>How a payload stands in JSON.</summary>
internal enum PayloadForm
{
    /// <summary>As it is: it is a JSON object or array.</summary>
    Json,

    /// <summary>As a string of it.</summary>
    Text,

    /// <summary>In base64.</summary>
    Base64,
}
