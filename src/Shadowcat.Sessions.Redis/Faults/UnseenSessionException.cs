namespace Shadowcat.Sessions.Redis;

/// <summary>Some sessions of a batch were not there when frames were pushed, and it is not known which. No caller gets it as it is.</summary>
internal sealed class UnseenSessionException() : Exception("A session of the batch has ended while frames were on their way.");
