using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Aot;

/// <summary>What must hold. The first thing that does not ends the program with an error.</summary>
internal static class Check
{
    /// <summary>How much was checked.</summary>
    public static int Count { get; private set; }

    public static void That([DoesNotReturnIf(false)] bool holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        Count++;
        if (!holds)
        {
            throw new CheckFailedException($"This does not hold: {what}");
        }
    }

    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        Count++;
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new CheckFailedException($"{what} is {actual} and not {expected}");
        }
    }

    /// <summary>Whether two lists have equal items in the same order.</summary>
    public static void Same<T>(IEnumerable<T> expected, IEnumerable<T> actual, [CallerArgumentExpression(nameof(actual))] string what = "") =>
        Equal(string.Join(", ", expected), string.Join(", ", actual), what);

    public static async Task<TException> ThrowsAsync<TException>(Func<Task> call, [CallerArgumentExpression(nameof(call))] string what = "")
        where TException : Exception
    {
        Count++;
        try
        {
            await call();
        }
        catch (TException exception)
        {
            return exception;
        }

        throw new CheckFailedException($"No {typeof(TException).Name} came of: {what}");
    }

    public static Task<TException> ThrowsAsync<TException>(Action call, [CallerArgumentExpression(nameof(call))] string what = "")
        where TException : Exception => ThrowsAsync<TException>(
        () =>
        {
            call();
            return Task.CompletedTask;
        },
        what);
}
