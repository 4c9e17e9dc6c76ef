using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser.Figures;

/// <summary>Says when something was painted: once the picture that first holds it was handed on, by the clock of the page.</summary>
internal static class PaintClock
{
    /// <summary>Milliseconds from the beginning of the navigation until a row that holds a text was painted.</summary>
    public static async Task<double> UntilRowAsync(IPage page, string address, string text)
    {
        await page.AddInitScriptAsync($$"""
            window.painted = new Promise((resolve) => {
              const look = () => {
                const isThere = [...document.querySelectorAll(".list-row:not([hidden])")].some((row) => row.textContent.includes({{System.Text.Json.JsonSerializer.Serialize(text)}}));
                if (isThere) {
                  const channel = new MessageChannel();
                  channel.port1.onmessage = () => resolve(performance.now());
                  channel.port2.postMessage(0);
                } else {
                  requestAnimationFrame(look);
                }
              };
              requestAnimationFrame(look);
            });
            """);
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit });
        return await page.EvaluateAsync<double>("window.painted");
    }

    /// <summary>Notes for each row that comes, by the number behind a mark in its text, when it was painted: milliseconds since 1970.</summary>
    public static Task NoteRowsAsync(IPage page, string mark) => page.EvaluateAsync($$"""
        () => {
          const times = window.paintedAt = {};
          const look = () => {
            for (const row of document.querySelectorAll(".list-row:not([hidden])")) {
              const number = /{{mark}}(\d+)/.exec(row.textContent)?.[1];
              if (number !== undefined && !(number in times)) {
                times[number] = 0;
                const channel = new MessageChannel();
                channel.port1.onmessage = () => { times[number] = performance.timeOrigin + performance.now(); };
                channel.port2.postMessage(0);
              }
            }
            requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }
        """);
}
