using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Chooses the session of a message by the conversation id that its client was given. For messages without one it does what a <see cref="DefaultSessionCorrelator"/> does.</summary>
internal sealed class ConversationCorrelator(IHttpContextAccessor http) : ISessionCorrelator
{
    private readonly DefaultSessionCorrelator _others = new();

    public SessionCorrelation Correlate(CorrelationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TransportSessionId is null
            && http.HttpContext?.Features.Get<ConversationId>() is { } id
            && (id.IsIssued || context.Message is JsonRpcRequest { Method: RequestMethods.Initialize })
                ? SessionCorrelation.ByKey(Key(id, context.Owner))
                : _others.Correlate(context);
    }

    /// <summary>The key includes the owner, so a client that names the id of another owner does not join that conversation. The id itself is not stored.</summary>
    private static string Key(ConversationId id, SessionOwner? owner) => $"conversation={StorableText.HashOf(owner is null
        ? id.Value
        : $"{id.Value}\n{owner.ClaimType}\n{owner.Issuer}\n{owner.Value}")}";
}
