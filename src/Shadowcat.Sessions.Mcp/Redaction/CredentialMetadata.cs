namespace Shadowcat.Sessions.Mcp;

/// <summary>Removes credentials from the metadata of a frame.</summary>
internal static class CredentialMetadata
{
    /// <summary>Metadata without credentials; the same object where there are none.</summary>
    public static FrameMetadata Redact(FrameMetadata metadata)
    {
        Dictionary<string, string>? redacted = null;
        foreach (var (key, value) in metadata)
        {
            // A member of such a name may hold a word; a header does not.
            var replaced = CredentialNames.Of(key) != CredentialKind.None ? CredentialRedactor.Replacement : CredentialText.Redact(value);
            if (replaced is not null)
            {
                // What stands for many short credentials may be longer than a value may be.
                (redacted ??= new Dictionary<string, string>(metadata, StringComparer.Ordinal))[key] =
                    replaced.Length <= FrameMetadata.MaxValueLength ? replaced : CredentialRedactor.Replacement;
            }
        }

        return redacted is null ? metadata : FrameMetadata.Create(redacted);
    }
}
