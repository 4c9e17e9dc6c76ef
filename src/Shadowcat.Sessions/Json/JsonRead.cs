using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>Reads the value that a reader stands on, or where it has not begun, the one that comes next.</summary>
internal delegate T JsonRead<out T>(ref Utf8JsonReader reader);
