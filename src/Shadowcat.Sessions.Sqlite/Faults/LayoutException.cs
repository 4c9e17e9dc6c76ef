namespace Shadowcat.Sessions.Sqlite;

/// <summary>The file is not laid out as this version of the library reads it. The store turns it into a <see cref="SessionStoreConfigurationException"/>.</summary>
/// <param name="message">What is wrong with the file, and what to do: the end of a sentence that begins with its path.</param>
internal sealed class LayoutException(string message) : Exception(message);
