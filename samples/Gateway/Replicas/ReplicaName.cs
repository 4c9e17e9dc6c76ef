namespace Gateway.Replicas;

/// <summary>What a replica calls itself.</summary>
internal sealed record ReplicaName(string Value);
