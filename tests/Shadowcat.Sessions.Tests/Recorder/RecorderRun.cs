namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What a finished recorder left behind.</summary>
internal sealed record RecorderRun(int ExitCode, byte[] Output, string Errors)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output);
}
