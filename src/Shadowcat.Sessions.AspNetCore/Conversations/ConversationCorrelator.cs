using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Brings the messages of a conversation together by the id that its client was given, and others as a <see cref="DefaultSessionCorrelator"/> does.</summary>
internal sealed class ConversationCorrelator(IHttpContextAccessor http) : ISessionCorrelator
{
    private readonly DefaultSessionCorrelator _others = new();

    public SessionCorrelation Correlate(CorrelationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TransportSessionId is null
            && http.HttpContext?.Features.Get<ConversationId>() is { } id
            && (id.IsGiven || context.Message is JsonRpcRequest { Method: RequestMethods.Initialize })
                ? SessionCorrelation.ByKey(Key(id, context.Owner))
                : _others.Correlate(context);
    }

    /// <summary>Who names the id of somebody else does not get into his conversation. The id itself is not stored.</summary>
    private static string Key(ConversationId id, SessionOwner? owner) => $"conversation={StorableText.HashOf(owner is null
        ? id.Value
        : $"{id.Value}\n{owner.ClaimType}\n{owner.Issuer}\n{owner.Value}")}";
}
