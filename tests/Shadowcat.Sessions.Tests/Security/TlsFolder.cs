using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shadowcat.Sessions.Tests.Security;

/// <summary>A certificate authority that nobody trusts yet, and what it vouched for, in a folder that goes with it.</summary>
internal sealed class TlsFolder : IDisposable
{
    /// <summary>The name that the certificate of the server is for.</summary>
    public const string Host = "redis.example";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shadowcat-tls-");
    private readonly X509Certificate2 _authority;
    private int _serial;

    public TlsFolder()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=throw-away authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(AuthorityPath, _authority.ExportCertificatePem());
    }

    /// <summary>The certificate of the authority, in PEM.</summary>
    public string AuthorityPath => Path.Combine(_folder.FullName, "authority.pem");

    /// <summary>Makes a certificate and its key, in PEM.</summary>
    /// <param name="name">For whom.</param>
    /// <param name="expired">Whether it ended yesterday.</param>
    public (string Certificate, string Key) Issue(string name, bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(_authority, DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(expired ? -1 : 1), [(byte)++_serial]);
        var paths = (Certificate: Path.Combine(_folder.FullName, $"{_serial}.pem"), Key: Path.Combine(_folder.FullName, $"{_serial}.key"));
        File.WriteAllText(paths.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(paths.Key, key.ExportPkcs8PrivateKeyPem());
        return paths;
    }

    /// <summary>What a server needs to speak TLS, with a certificate of its own.</summary>
    /// <param name="name">For whom the certificate is.</param>
    /// <param name="expired">Whether it ended yesterday.</param>
    /// <param name="asksClients">Whether clients have to show a certificate, too.</param>
    public ServerTls Server(string name, bool expired = false, bool asksClients = false)
    {
        var (certificate, key) = Issue(name, expired);
        return new ServerTls(certificate, key, AuthorityPath, asksClients);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
