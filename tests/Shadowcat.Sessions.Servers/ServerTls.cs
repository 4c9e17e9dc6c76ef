using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Shadowcat.Sessions.Servers;

/// <summary>What a server needs to speak TLS and nothing else, to clients, replicas, the nodes of its cluster and sentinels. Each is the path of a file in PEM.</summary>
/// <param name="Certificate">The certificate it shows, to clients and as a client of other servers.</param>
/// <param name="Key">The key of the certificate.</param>
/// <param name="Authority">Whose certificates it trusts.</param>
/// <param name="AsksClients">Whether a client has to show a certificate, too.</param>
/// <seealso href="https://redis.io/docs/latest/operate/oss_and_stack/management/security/encryption/"/>
public sealed record ServerTls(string Certificate, string Key, string Authority, bool AsksClients = false)
{
    /// <summary>For the command line of the server.</summary>
    internal string[] ServerArguments(string port) =>
    [
        "--port", "0", "--tls-port", port, "--tls-replication", "yes", "--tls-cluster", "yes",
        "--tls-cert-file", Certificate, "--tls-key-file", Key, "--tls-ca-cert-file", Authority,
        "--tls-auth-clients", AsksClients ? "yes" : "no",
    ];

    /// <summary>For the command line of <c>redis-cli</c>.</summary>
    internal string[] ClientArguments => ["--tls", "--cacert", Authority, "--cert", Certificate, "--key", Key];

    /// <summary>Makes a connection to the server a secure one, whatever host its certificate is for.</summary>
    internal async Task<SslStream> ConnectAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var own = X509Certificate2.CreateFromPemFile(Certificate, Key);
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                ClientCertificates = [own],
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == own.GetCertHashString(),
            },
            cancellationToken);
        return secure;
    }
}
