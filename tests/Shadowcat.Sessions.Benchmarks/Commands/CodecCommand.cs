using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Shadowcat.Sessions.Benchmarks.Codec;

namespace Shadowcat.Sessions.Benchmarks.Commands;

/// <summary><c>codec</c>: the codec by BenchmarkDotNet.</summary>
internal static class CodecCommand
{
    public static Command Create()
    {
        var command = new Command("codec", "Measures the codec with BenchmarkDotNet.");

        // In this process: a project that BenchmarkDotNet generates elsewhere would not see what is internal here.
        command.SetAction(_ => BenchmarkRunner.Run<FrameFormatBenchmarks>(
            DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "shadowcat-codec"))));
        return command;
    }
}
