using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>A request to the endpoint with all that answers it, and the recording it belongs to.</summary>
internal sealed class HttpExchange
{
    /// <summary>Since this revision a client that closes its stream cancels its request.</summary>
    private const string FirstThatCancelsByClosing = "2026-07-28";
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string Initialize = "initialize";

    /// <summary>The first event of a stream of the older HTTP+SSE: where the client sends what it says.</summary>
    private const string AddressEvent = "endpoint";

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly HttpPath _path;
    private readonly Uri _target;
    private readonly HttpConversation _conversation;
    private readonly HttpCaller _caller;
    private readonly bool _isAtAddress;
    private readonly string _method;
    private readonly string? _named;
    private readonly string? _version;
    private readonly RequestId? _asked;
    private readonly bool _begins;
    private HttpResponseMessage? _response;
    private bool _isAnswered;
    private MessageKind? _answer;
    private bool _isOver;
    private bool _hasAddress;

    private HttpExchange(HttpPath path, HttpRequest request, Uri target, byte[] body)
    {
        _path = path;
        _target = target;
        _caller = path.Callers.Of(request);
        _method = request.Method;
        _named = request.Headers[SessionHeader] is [{ Length: > 0 } id] ? id : null;
        var message = HttpMessages.Read(MessageDirection.ClientToServer, body);
        _asked = message.Kind == MessageKind.Request ? message.RequestId : null;
        var conversation = Sessions.AtAddress(target.PathAndQuery);
        _isAtAddress = conversation is not null;
        _begins = !_isAtAddress && _named is null && message is { Kind: MessageKind.Request, Method: Initialize };
        _conversation = conversation ?? (_begins ? Sessions.Begin(_caller) : Sessions.Of(_named, _caller));
        _conversation.Version = request.Headers[VersionHeader] is [{ Length: > 0 } version] ? version : _conversation.Version;
        _version = message.ProtocolVersion ?? _conversation.Version;
        if (body.Length > 0)
        {
            HttpMessages.Record(_conversation, message, _id, NotedHeaders.Of(request.Headers));
        }
    }

    /// <summary>Why it must not go on, for it could not be recorded; null where it can.</summary>
    public string? Refusal { get; private set; }

    private HttpSessions Sessions => _path.Sessions;

    /// <param name="path">The server, and what is recorded of what goes to it.</param>
    /// <param name="request">The request.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="body">Its body.</param>
    public static HttpExchange Begin(HttpPath path, HttpRequest request, Uri target, byte[] body) => new(path, request, target, body);

    /// <summary>Notes what the head of the response says of the session.</summary>
    public void Answered(HttpResponseMessage response)
    {
        _response = response;
        var status = (int)response.StatusCode;
        if (_begins && response.IsSuccessStatusCode)
        {
            Sessions.Accept(_conversation, response.Headers.TryGetValues(SessionHeader, out var ids) && ids.FirstOrDefault() is { Length: > 0 } id ? id : null, _caller);
        }

        Sessions.Note(
            _conversation, status == (int)HttpStatusCode.NotFound ? "the server no longer has the session" : null, status == (int)HttpStatusCode.Unauthorized);
    }

    /// <summary>Records an event of the stream that answers.</summary>
    public void Observe(SseMessage message, bool isUndelivered)
    {
        Sessions.Touch(_conversation);
        if (message.Type == AddressEvent && HttpMethods.IsGet(_method) && _conversation.Name is null)
        {
            TakeAddress(Encoding.UTF8.GetString(message.Data.Span));
        }

        var isCut = message.Data.Length < message.Length;
        Record(
            HttpMessages.Read(MessageDirection.ServerToClient, message.Data),
            HttpMessages.Metadata(message),
            (isCut ? MessageFlags.Truncated : 0) | (isUndelivered ? MessageFlags.Undelivered : 0));
    }

    /// <summary>Records a whole body that answers, or that there is none.</summary>
    /// <param name="body">The body, or the beginning of it.</param>
    /// <param name="length">How many bytes it had.</param>
    public void ObserveAnswer(ReadOnlyMemory<byte> body, long length)
    {
        var message = HttpMessages.Read(MessageDirection.ServerToClient, body);
        var isEnd = message.Kind == MessageKind.Unparsed;
        _isAnswered = true;
        if (isEnd && _isAtAddress && _response!.IsSuccessStatusCode)
        {
            // A receipt: what answers comes on the stream.
            End();
            return;
        }

        Record(
            message,
            [
                .. isEnd ? Ended(ExchangeEnd.Answered, ExchangeEnd.Server) : _response!.IsSuccessStatusCode ? [] : [Status()],
                .. NotedHeaders.Of(_response!),
                .. HttpMessages.Length(body.Length, length),
            ],
            body.Length < length ? MessageFlags.Truncated : MessageFlags.None);
        End();
    }

    /// <summary>Records that the stream that answers ended.</summary>
    /// <param name="cut">What came of an event that was not whole; null for nothing.</param>
    public void StreamEnded(SseMessage? cut)
    {
        if (cut is not null)
        {
            Finish(ExchangeEnd.Broken, ExchangeEnd.Server, cut.Data, cut.Length);
        }
        else if (_asked is null || !_isAnswered)
        {
            Finish(_asked is null ? ExchangeEnd.Closed : ExchangeEnd.Unanswered, ExchangeEnd.Server);
        }

        End();
    }

    /// <summary>Records that the exchange ended otherwise than by a whole answer.</summary>
    /// <param name="how">How, one of the values of <see cref="ExchangeEnd"/>; null for what a client means that closes the connection.</param>
    /// <param name="by">Who ended it.</param>
    /// <param name="cut">What came of a message that was not whole.</param>
    /// <param name="length">How many bytes of it came.</param>
    /// <param name="status">What the client was answered, where not by the server.</param>
    public void Finish(string? how, string by, ReadOnlyMemory<byte> cut = default, long length = 0, int? status = null)
    {
        if (_isOver)
        {
            return;
        }

        how ??= IsCancellation ? ExchangeEnd.Cancelled : ExchangeEnd.Closed;
        List<KeyValuePair<string, string>> metadata = [.. Ended(how, by, status), .. _response is null ? [] : NotedHeaders.Of(_response), .. HttpMessages.Length(cut.Length, length)];
        _conversation.Record(MessageDirection.Internal, cut, metadata, length > 0 ? MessageFlags.Truncated : MessageFlags.None, _id);
        End();
        if (_hasAddress)
        {
            Sessions.End(_conversation, SessionStatus.Completed, $"the {by} ended the stream");
        }
    }

    /// <summary>Takes the address to which a client of the older HTTP+SSE sends what it says. What comes there is of this conversation.</summary>
    /// <seealso href="https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse"/>
    private void TakeAddress(string address)
    {
        var isAbsolute = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
        if (isAbsolute || !_path.Endpoint.TryFollow(_target, address, out var place))
        {
            Refusal = $"the server speaks the older HTTP+SSE and lets its clients send to {address}, which does not go through the recorder: let it name a path";
            return;
        }

        _hasAddress = true;
        _path.Endpoint.Alias(place);
        Sessions.NameByAddress(_conversation, place);
    }

    private bool IsCancellation =>
        !_isAnswered && _asked is not null && _version is { } version && string.CompareOrdinal(version, FirstThatCancelsByClosing) >= 0;

    private void Record(MessageEnvelope message, IEnumerable<KeyValuePair<string, string>> metadata, MessageFlags flags)
    {
        if (message.Kind is MessageKind.Response or MessageKind.Error && (_asked is null || message.RequestId == _asked || message.RequestId is null))
        {
            _isAnswered = true;
            _answer = message.Kind;
        }

        HttpMessages.Record(_conversation, message, _id, metadata, flags);
    }

    private IEnumerable<KeyValuePair<string, string>> Ended(string how, string by, int? status = null)
    {
        yield return new(ExchangeEnd.Key, how);
        yield return new(ExchangeEnd.ByKey, by);
        yield return new(HttpMessages.MethodKey, _method);
        if (status is { } answered)
        {
            yield return new(HttpMessages.StatusKey, answered.ToString(CultureInfo.InvariantCulture));
        }
        else if (_response is not null)
        {
            yield return Status();
        }
    }

    private KeyValuePair<string, string> Status() => new(HttpMessages.StatusKey, ((int)_response!.StatusCode).ToString(CultureInfo.InvariantCulture));

    /// <summary>Why no session began; null where one did. A server refuses by an error, or by a status that is no success.</summary>
    private string? WhyNotBegun() => _response switch
    {
        null => "initialize was not answered",
        { IsSuccessStatusCode: false } => string.Create(CultureInfo.InvariantCulture, $"initialize was refused (HTTP {(int)_response.StatusCode})"),
        _ => _answer switch
        {
            null => "initialize was not answered",
            MessageKind.Error => "initialize was refused (an error)",
            _ => null,
        },
    };

    private void End()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        Sessions.Leave(_conversation);
        if (_named is not null && HttpMethods.IsDelete(_method) && _response?.IsSuccessStatusCode == true)
        {
            Sessions.End(_conversation, SessionStatus.Completed, "the client ended the session");
        }
        else if (_begins && WhyNotBegun() is { } reason)
        {
            Sessions.End(_conversation, SessionStatus.Failed, reason);
        }
    }
}
