/// What a program in F# does with the model: it makes values, and changed copies of them.
module Shadowcat.Sessions.FSharp.Changes

open System
open System.Threading
open Shadowcat.Sessions

let describe (id: SessionId) (owner: SessionOwner) =
    Session(id, TransportType.Stdio, Owner = owner, TimeToLive = Nullable(TimeSpan.FromMinutes 5.0))

let activate (session: Session) (tag: string) =
    Session(session, State = SessionState.Active, Tags = SessionTags.Create(ReadOnlySpan [| SessionTag tag |]))

let forget (session: Session) =
    Session(session, ClientInfo = null, CloseReason = null, TimeToLive = Nullable())

let rename (session: Session) (id: SessionId) = Session(session, Nullable id)

let redact (frame: MessageEnvelope) (payload: byte array) =
    MessageEnvelope(frame, Nullable(ReadOnlyMemory payload), Flags = (frame.Flags ||| MessageFlags.Redacted))

let answer (frame: MessageEnvelope) =
    MessageEnvelope(frame, Direction = MessageDirection.ServerToClient, ExchangeId = "exchange-1")

let update (store: ISessionStore) (id: SessionId) (tag: string) (cancellationToken: CancellationToken) =
    store.UpdateSessionAsync(id, (fun session -> activate session tag), cancellationToken)
